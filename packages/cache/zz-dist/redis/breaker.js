/** A closed breaker. */
export function createBreaker(options) {
    const { clock, random = Math.random } = options;
    let state = 'closed';
    let failures = 0;
    let pauses = 0;
    let opened = 0;
    let pause = 0;
    let tickets = 0;
    let probe;
    const change = (next) => {
        if (state === next)
            return;
        state = next;
        options.onState?.(next);
    };
    const open = () => {
        opened = clock.now();
        // Half of the pause is random, so that processes do not all probe in the same moment.
        pause = Math.min(options.longestDelay, options.delay * 2 ** pauses) * (0.5 + random() / 2);
        pauses = Math.min(pauses + 1, 20);
        probe = undefined;
        change('open');
    };
    /** Milliseconds of the pause that are left; none when the clock was turned back. */
    const left = () => {
        const passed = clock.now() - opened;
        return passed < 0 ? 0 : Math.max(0, pause - passed);
    };
    return {
        get state() {
            return state;
        },
        enter() {
            tickets += 1;
            if (state === 'closed')
                return tickets;
            if (state === 'half-open' || left() > 0)
                return undefined;
            probe = tickets;
            change('half-open');
            return tickets;
        },
        settle(ticket, healthy) {
            if (healthy === true) {
                failures = 0;
                pauses = 0;
                probe = undefined;
                change('closed');
            }
            else if (ticket === probe) {
                // A probe that tells nothing is followed by another one.
                if (healthy === undefined)
                    pauses = 0;
                open();
            }
            else if (healthy === false && state === 'closed') {
                failures += 1;
                if (failures >= options.failures)
                    open();
            }
        },
        retryAfter: () => (state === 'open' ? Math.ceil(left()) : state === 'half-open' ? options.delay : 0),
    };
}
//# sourceMappingURL=breaker.js.map