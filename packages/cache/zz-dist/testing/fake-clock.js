/** A fake clock at an instant, 2026-01-01T00:00:00Z unless told. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)) {
    let now = start;
    let order = 0;
    const timers = new Set();
    // Real I/O of a tier under test needs turns of the event loop, not only promise jobs.
    const settle = async () => {
        for (let turn = 0; turn < 10; turn += 1)
            await new Promise((resolve) => setImmediate(resolve));
    };
    const next = (until) => {
        let first;
        for (const timer of timers) {
            if (timer.at > until)
                continue;
            if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
                first = timer;
        }
        return first;
    };
    return {
        now: () => now,
        setTimeout(callback, delay) {
            const timer = { at: now + Math.max(0, delay), order: (order += 1), callback };
            timers.add(timer);
            return { cancel: () => void timers.delete(timer) };
        },
        async advance(milliseconds) {
            const until = now + milliseconds;
            await settle();
            for (let timer = next(until); timer !== undefined; timer = next(until)) {
                timers.delete(timer);
                now = Math.max(now, timer.at);
                timer.callback();
                await settle();
            }
            now = until;
        },
        settle,
        get pending() {
            return timers.size;
        },
    };
}
//# sourceMappingURL=fake-clock.js.map