import { RepriseError } from './errors.js';
/** A collector for one tier. Its promises reject with E_TIER_READ when the tier fails or is too slow. */
export function createCollector(tier, clock) {
    let waiting = new Map();
    function send() {
        const batch = waiting;
        waiting = new Map();
        const fail = (why, cause) => {
            const error = new RepriseError('E_TIER_READ', `tier "${tier.name}" ${why}`, { cause });
            for (const one of batch.values())
                one.reject(error);
        };
        const deadline = clock.setTimeout(() => fail(`did not answer a read of ${batch.size} keys within ${tier.readDeadline} ms`), tier.readDeadline);
        const read = async () => tier.read([...batch.keys()]);
        read().then((records) => {
            deadline.cancel();
            let index = 0;
            for (const one of batch.values())
                one.resolve(records[index++]);
        }, (cause) => {
            deadline.cancel();
            fail('could not be read', cause);
        });
    }
    return (key) => {
        const already = waiting.get(key);
        if (already !== undefined)
            return already.promise;
        // After the promise jobs of this tick, so that callers that are a few awaits apart still share one command.
        if (waiting.size === 0)
            void Promise.resolve().then(() => process.nextTick(send));
        let resolve;
        let reject;
        const promise = new Promise((yes, no) => {
            resolve = yes;
            reject = no;
        });
        waiting.set(key, { promise, resolve, reject });
        return promise;
    };
}
//# sourceMappingURL=collector.js.map