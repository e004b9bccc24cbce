/** A random number generator that a seed repeats (mulberry32). */
export function createRandom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
}
/** Lets promises and ticks settle: one turn of the event loop. */
const turn = async () => new Promise((resolve) => setImmediate(resolve));
/** An idle scheduler at 0. */
export function createScheduler() {
    const epoch = Date.UTC(2026, 0, 1);
    let now = 0;
    let order = 0;
    let steps = 0;
    let due = [];
    const after = (delay, run) => {
        const item = { at: now + Math.max(0, delay), order: (order += 1), run };
        // Kept sorted; lists are short.
        let place = due.length;
        while (place > 0 && due[place - 1].at > item.at)
            place -= 1;
        due.splice(place, 0, item);
        return () => {
            const at = due.indexOf(item);
            if (at >= 0)
                due.splice(at, 1);
        };
    };
    return {
        now: () => now,
        after,
        async runUntil(instant) {
            await turn();
            for (let first = due[0]; first !== undefined && first.at <= instant; first = due[0]) {
                due = due.slice(1);
                now = Math.max(now, first.at);
                steps += 1;
                first.run();
                await turn();
            }
            now = Math.max(now, instant);
        },
        clock: (skew, alive) => ({
            now: () => epoch + now + skew,
            monotonic: () => now,
            setTimeout(callback, delay) {
                const cancel = after(delay, () => {
                    if (alive())
                        callback();
                });
                return { cancel };
            },
        }),
        get steps() {
            return steps;
        },
    };
}
//# sourceMappingURL=scheduler.js.map