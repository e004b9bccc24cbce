/** The outcome of work, or the error of its deadline, whichever is first; the work itself goes on. Infinity waits for ever. */
export async function within(clock, work, options) {
    const { deadline, late } = options;
    if (deadline === Infinity)
        return work;
    return new Promise((resolve, reject) => {
        const timer = clock.setTimeout(() => reject(late()), deadline);
        work.then(resolve, reject).finally(() => timer.cancel());
    });
}
//# sourceMappingURL=deadline.js.map