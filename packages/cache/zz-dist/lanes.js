/** Lanes with nothing under way. */
export function createLanes() {
    const tails = new Map();
    return {
        run(keys, work) {
            const before = keys.flatMap((key) => tails.get(key) ?? []);
            const result = before.length === 0 ? work() : Promise.all(before).then(work);
            const tail = result.then(() => { }, () => { });
            for (const key of keys)
                tails.set(key, tail);
            void tail.then(() => {
                for (const key of keys)
                    if (tails.get(key) === tail)
                        tails.delete(key);
            });
            return result;
        },
        async idle() {
            while (tails.size > 0)
                await Promise.all(tails.values());
        },
    };
}
//# sourceMappingURL=lanes.js.map