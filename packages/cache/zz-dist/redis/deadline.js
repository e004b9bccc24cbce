/**
 * Deadlines of one length behind a single timer: tens of thousands begin and are called off each second, and a
 * timer for each would cost as much as the command it guards.
 */
export function makeDeadlines(clock, length) {
    /** Those that wait, the oldest first. */
    const waiting = new Set();
    let armed = false;
    class Waiting {
        due = clock.now() + length;
        expire;
        constructor(expire) {
            this.expire = expire;
        }
        cancel() {
            waiting.delete(this);
        }
    }
    // A clock that was turned back must not make anything wait longer than its length.
    const over = ({ due }, now) => due <= now || due > now + length;
    const sweep = (now) => {
        for (const one of waiting) {
            if (!over(one, now))
                break;
            waiting.delete(one);
            one.expire();
        }
        const [first] = waiting;
        armed = first !== undefined;
        if (first !== undefined)
            arm(Math.max(1, first.due - clock.now()));
    };
    // After a pause of this process timers run before the answers that came meanwhile are read: those go first.
    const arm = (delay) => {
        clock.setTimeout(() => setImmediate(sweep, clock.now()), delay, { background: true });
    };
    return (expire) => {
        const own = new Waiting(expire);
        waiting.add(own);
        if (!armed) {
            armed = true;
            arm(length);
        }
        return own;
    };
}
//# sourceMappingURL=deadline.js.map