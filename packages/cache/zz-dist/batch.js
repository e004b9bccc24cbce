import { RepriseError } from './errors.js';
import { getOrLoad } from './get-or-load.js';
/**
 * One call of a batch loader for many flights: each key is still a flight of its own, and the loader runs once,
 * when every flight of the batch has either asked for its value or turned out not to need one.
 */
function createBatchCall(size, loader) {
    const members = [];
    let waitingFor = size;
    async function call() {
        const controller = new AbortController();
        let left = members.length;
        for (const { context } of members) {
            const leave = () => {
                left -= 1;
                if (left === 0)
                    controller.abort(context.signal.reason);
            };
            if (context.signal.aborted)
                leave();
            else
                context.signal.addEventListener('abort', leave, { once: true });
        }
        const loaded = await loader(members.map(({ params }) => params), { signal: controller.signal, items: members.map(({ context }) => context) });
        if (!Array.isArray(loaded) || loaded.length !== members.length) {
            const got = Array.isArray(loaded) ? `${loaded.length} items` : typeof loaded;
            throw new RepriseError('E_BATCH_SHAPE', `the batch loader was asked for ${members.length} items and returned ${got}; return one item for each, in their order`);
        }
        for (const [index, member] of members.entries()) {
            const item = loaded[index];
            if (item instanceof Error)
                member.reject(item);
            else
                member.resolve(item);
        }
    }
    function arrived() {
        waitingFor -= 1;
        if (waitingFor > 0 || members.length === 0)
            return;
        call().catch((error) => {
            for (const member of members)
                member.reject(error);
        });
    }
    return {
        ask: ({ params, context }) => new Promise((resolve, reject) => {
            members.push({ params, context, resolve, reject });
            arrived();
        }),
        over: arrived,
    };
}
async function started(engine, read, options) {
    return getOrLoad(engine, read, options);
}
/** The values of many keys; the loader is called once with those that are missing. */
export function getOrLoadMany(engine, targets, loader, options) {
    // A key that is given twice is read once.
    const unique = new Map(targets.map((target) => [target.key, target]));
    const batch = createBatchCall(unique.size, loader);
    const answers = new Map([...unique.values()].map((target) => {
        let asked = false;
        const run = (context) => {
            // A read that is driven again after its batch has gone makes a batch of one.
            const call = asked ? createBatchCall(1, loader) : batch;
            asked = true;
            return call.ask({ params: target.params, context });
        };
        const onOver = () => {
            if (asked)
                return;
            asked = true;
            batch.over();
        };
        // Whatever ends a read before its load must not keep the others waiting.
        return [target.key, started(engine, { ...target, run, onOver }, options).finally(onOver)];
    }));
    return Promise.all(targets.map(async ({ key }) => answers.get(key)));
}
//# sourceMappingURL=batch.js.map