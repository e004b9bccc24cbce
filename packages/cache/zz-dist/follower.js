/** Waits this long for the first record; a head is read at least so often. */
const blockFor = 1_000;
const retryAfter = 250;
/** Time that has passed by whichever clock saw more of it: one may stand still while a machine sleeps. */
function createElapsed(clock) {
    const steady = () => clock.monotonic?.() ?? clock.now();
    return {
        mark: () => ({ wall: clock.now(), steady: steady() }),
        since: (mark) => Math.max(clock.now() - mark.wall, steady() - mark.steady),
    };
}
/** Starts to follow from where the order stands. */
export function startFollower(options) {
    const { shared, order, clock, effects } = options;
    const elapsed = createElapsed(clock);
    const own = new Set();
    let confirmed = elapsed.mark();
    let behind = 0;
    let stopped = false;
    let pause;
    let joining;
    function take(records, era) {
        for (const record of records) {
            const cursor = order.position();
            if (era !== cursor.era)
                return false;
            if (record.n <= cursor.n)
                continue;
            if (record.n !== cursor.n + 1)
                return false;
            if (!own.delete(record.n))
                effects.apply(record, era);
            order.mark(record.n, record.marks);
            order.advance({ era, n: record.n });
        }
        return true;
    }
    /** Starts anew from what the log says now; everything from before is distrusted. One at a time. */
    function rejoin() {
        joining ??= (async () => {
            try {
                const head = await shared.join();
                own.clear();
                order.reset(head);
                effects.distrust();
            }
            finally {
                joining = undefined;
            }
        })();
        return joining;
    }
    async function fetch(wait) {
        const sentAt = elapsed.mark();
        const { head, records, gap } = await shared.next(order.position(), wait);
        if (gap || !take(records, head.era) || head.era !== order.position().era)
            await rejoin();
        behind = Math.max(0, head.n - order.position().n);
        order.raiseFloor(head.floor);
        if (behind === 0)
            confirmed = sentAt;
    }
    async function follow() {
        while (!stopped) {
            try {
                await fetch(blockFor);
            }
            catch (error) {
                if (stopped)
                    return;
                effects.failed(error);
                await new Promise((resolve) => {
                    pause = { timer: clock.setTimeout(resolve, retryAfter, { background: true }), end: resolve };
                });
            }
        }
    }
    const following = follow();
    return {
        async reach(head) {
            const cursor = order.position();
            if (head.era !== cursor.era || head.n < cursor.n) {
                // A head may be older than what was applied meanwhile; in one era that says nothing.
                if (head.era !== cursor.era)
                    await rejoin();
                return;
            }
            order.raiseFloor(head.floor);
            if (head.n > cursor.n)
                await fetch(0);
            if (order.position().era === head.era && order.position().n < head.n)
                await rejoin();
        },
        async own({ era, n }) {
            if (era !== order.position().era)
                await rejoin();
            else if (n > order.position().n)
                own.add(n);
        },
        confirmedFor: () => (confirmed === undefined ? Infinity : elapsed.since(confirmed)),
        lag: () => behind,
        async stop() {
            stopped = true;
            pause?.timer.cancel();
            pause?.end();
            await following;
        },
    };
}
//# sourceMappingURL=follower.js.map