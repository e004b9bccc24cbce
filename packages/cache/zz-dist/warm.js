import { RepriseError, quote } from './errors.js';
/** Runs jobs a few at a time, and reports each. */
export async function warm(jobs, options) {
    const { concurrency = 4, onProgress, now } = options;
    if (!Number.isInteger(concurrency) || concurrency < 1) {
        throw new RepriseError('E_OPTION_INVALID', `concurrency is ${quote(concurrency)}: give a whole number from 1`);
    }
    const startedAt = now();
    const failed = [];
    const waiting = jobs.values();
    let done = 0;
    const worker = async () => {
        for (const { name, run } of waiting) {
            let failure;
            try {
                await run();
            }
            catch (error) {
                failure = { error };
                failed.push({ name, error });
            }
            done += 1;
            onProgress?.({ done, total: jobs.length, name, ...failure });
        }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, jobs.length) }, worker));
    return { done: done - failed.length, failed, milliseconds: now() - startedAt };
}
//# sourceMappingURL=warm.js.map