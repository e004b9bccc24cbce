import { escapeCharacter } from './template.js';
/** Text that every store can hold: NUL and lone surrogates, which some cannot, are escaped, and so is the escape sign. */
const storable = (text) => text.replace(/[\p{Cc}\p{Cs}%]/gu, escapeCharacter);
/** The mark of a tag. */
export const tagMark = (tag) => `t:${storable(tag)}`;
/** The mark of a space. */
export const spaceMark = (space) => `s:${space}`;
/** The mark of a tenant. */
export const tenantMark = (tenant) => `n:${storable(tenant)}`;
/** The order of a process that has joined its log. */
export function createOrder(head) {
    const marks = new Map();
    let floor = 0;
    let revision = 0;
    let current = head;
    let confirmed = head;
    const reset = (to) => {
        marks.clear();
        for (const [name, n] of to.marks)
            marks.set(name, n);
        floor = to.floor;
        current = Object.freeze({ era: to.era, n: to.n });
        revision += 1;
    };
    reset(head);
    return {
        position: () => current,
        latest: () => (confirmed.era === current.era && confirmed.n > current.n ? confirmed : current),
        confirm(position) {
            if (position.era !== confirmed.era || position.n > confirmed.n)
                confirmed = Object.freeze({ era: position.era, n: position.n });
        },
        mark(n, names) {
            for (const name of names) {
                if ((marks.get(name) ?? -1) >= n)
                    continue;
                marks.set(name, n);
                revision += 1;
            }
        },
        advance(position) {
            if (position.era === current.era && position.n > current.n)
                current = Object.freeze({ era: position.era, n: position.n });
        },
        raiseFloor(to) {
            if (to <= floor)
                return;
            floor = to;
            revision += 1;
        },
        reset,
        deadBy(asOf, names) {
            if (asOf.era !== current.era)
                return { mark: 'era', n: current.n };
            if (asOf.n < floor)
                return { mark: 'floor', n: floor };
            for (const name of names) {
                const n = marks.get(name);
                if (n !== undefined && n > asOf.n)
                    return { mark: name, n };
            }
            return undefined;
        },
        prune(keep) {
            if (marks.size <= keep)
                return undefined;
            const numbers = [...marks.values()].toSorted((a, b) => a - b);
            floor = numbers[numbers.length - keep - 1] ?? current.n;
            for (const [name, n] of marks)
                if (n <= floor)
                    marks.delete(name);
            revision += 1;
            return floor;
        },
        get revision() {
            return revision;
        },
        get marks() {
            return marks.size;
        },
    };
}
//# sourceMappingURL=order.js.map