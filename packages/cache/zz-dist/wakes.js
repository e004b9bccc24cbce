/** Nobody waiting. */
export function createWakes(clock) {
    const waiting = new Map();
    return {
        wait: (key, wait, signal) => new Promise((resolve) => {
            const own = waiting.get(key) ?? new Set();
            waiting.set(key, own);
            const end = () => {
                timer.cancel();
                signal.removeEventListener('abort', end);
                own.delete(end);
                if (own.size === 0 && waiting.get(key) === own)
                    waiting.delete(key);
                resolve();
            };
            const timer = clock.setTimeout(end, wait);
            own.add(end);
            if (signal.aborted)
                end();
            else
                signal.addEventListener('abort', end, { once: true });
        }),
        wake(key) {
            for (const end of waiting.get(key) ?? [])
                end();
        },
    };
}
//# sourceMappingURL=wakes.js.map