/** Longest delay that a platform timer can take; longer ones are waited for in steps. */
const longestDelay = 2 ** 31 - 1;
/** The clock of the machine. */
export const systemClock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimeout(callback, delay, { background = false } = {}) {
        let handle;
        const wait = (left) => {
            const step = Math.min(left, longestDelay);
            handle = setTimeout(() => (left > step ? wait(left - step) : callback()), step);
            if (background)
                handle.unref();
        };
        wait(Math.max(0, delay));
        return { cancel: () => clearTimeout(handle) };
    },
};
//# sourceMappingURL=clock.js.map