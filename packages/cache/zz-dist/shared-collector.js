/** A collector for the shared store, which keeps its own deadlines. */
export function createSharedCollector(shared) {
    let waiting = new Map();
    function send() {
        const batch = [...waiting.values()];
        waiting = new Map();
        shared.read(batch.map(({ key }) => key)).then(({ records, head }) => {
            for (const [index, one] of batch.entries())
                one.resolve({ record: records[index], head });
        }, (error) => {
            for (const one of batch)
                one.reject(error);
        });
    }
    return (key) => {
        const already = waiting.get(key.key);
        if (already !== undefined)
            return already.promise;
        if (waiting.size === 0)
            void Promise.resolve().then(() => process.nextTick(send));
        let resolve;
        let reject;
        const promise = new Promise((yes, no) => {
            resolve = yes;
            reject = no;
        });
        waiting.set(key.key, { key, promise, resolve, reject });
        return promise;
    };
}
//# sourceMappingURL=shared-collector.js.map