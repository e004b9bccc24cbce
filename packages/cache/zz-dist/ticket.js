/** An empty set of tickets. */
export function createTickets() {
    const byKey = new Map();
    let held = 0;
    let taken = 0;
    const breakOne = (ticket) => {
        if (ticket.broken)
            return;
        ticket.broken = true;
        ticket.onBreak?.();
    };
    return {
        take(key, kind = 'read') {
            const ticket = { key, kind, order: (taken += 1), broken: false, put: false };
            const own = byKey.get(key);
            if (own === undefined)
                byKey.set(key, new Set([ticket]));
            else
                own.add(ticket);
            held += 1;
            return ticket;
        },
        release(ticket) {
            const own = byKey.get(ticket.key);
            if (own?.delete(ticket) !== true)
                return;
            held -= 1;
            if (own.size === 0)
                byKey.delete(ticket.key);
        },
        breakAll(key) {
            for (const ticket of byKey.get(key) ?? [])
                breakOne(ticket);
        },
        overrule(winner) {
            for (const ticket of byKey.get(winner.key) ?? []) {
                if (ticket !== winner && (ticket.kind === 'read' || ticket.order < winner.order))
                    breakOne(ticket);
            }
            winner.put = true;
        },
        breakOlder(key, { era, n }) {
            for (const ticket of byKey.get(key) ?? []) {
                const newer = ticket.asOf !== undefined && ticket.asOf.era === era && ticket.asOf.n >= n;
                if (ticket.kind === 'read' && !newer)
                    breakOne(ticket);
            }
        },
        breakEverything() {
            for (const tickets of byKey.values())
                for (const ticket of tickets)
                    if (ticket.kind === 'read')
                        breakOne(ticket);
        },
        busy(key) {
            for (const ticket of byKey.get(key) ?? [])
                if (ticket.put && !ticket.broken)
                    return true;
            return false;
        },
        breakReads(key, except) {
            let writing = false;
            for (const ticket of byKey.get(key) ?? []) {
                if (ticket === except)
                    continue;
                if (ticket.kind === 'read')
                    breakOne(ticket);
                else if (!ticket.broken && ticket.put)
                    writing = true;
            }
            return !writing;
        },
        get held() {
            return held;
        },
    };
}
//# sourceMappingURL=ticket.js.map