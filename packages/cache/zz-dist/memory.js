import { keepUntil } from './entry.js';
import { RepriseError, quote } from './errors.js';
/** Heap of a record beside its key and value: the objects, the map slot, the positions. */
const overhead = 240;
function bound(value, name) {
    if (Number.isFinite(value) && value >= 0)
        return value;
    throw new RepriseError('E_OPTION_INVALID', `memory.${name} is ${quote(value)}: give a number of 0 or more`);
}
/** A memory tier that removes what was not used for longest. @throws E_OPTION_INVALID */
export function createMemory(options, onEvict) {
    const maxEntries = bound(options.maxEntries ?? 100_000, 'maxEntries');
    const maxBytes = bound(options.maxBytes ?? 256 * 1_048_576, 'maxBytes');
    const records = new Map();
    const spaces = new Map();
    let bytes = 0;
    let evictions = 0;
    let hand = records.values();
    const sizeOf = (record) => overhead + record.key.length * 2 + record.entry.bytes * 2;
    const usageOf = (space) => {
        let usage = spaces.get(space);
        if (usage === undefined)
            spaces.set(space, (usage = { entries: 0, bytes: 0 }));
        return usage;
    };
    const count = (record, sign) => {
        const size = sizeOf(record) * sign;
        const usage = usageOf(record.space.name);
        bytes += size;
        usage.bytes += size;
        usage.entries += sign;
    };
    const remove = (key) => {
        const record = records.get(key);
        if (record === undefined)
            return false;
        records.delete(key);
        count(record, -1);
        return true;
    };
    return {
        read(key) {
            const record = records.get(key);
            if (record === undefined)
                return undefined;
            records.delete(key);
            records.set(key, record);
            return record;
        },
        look: (key) => records.get(key),
        write(record) {
            remove(record.key);
            // A record that could not stay even alone would only push out all others.
            if (maxEntries === 0 || sizeOf(record) > maxBytes)
                return;
            records.set(record.key, record);
            count(record, 1);
            while (records.size > maxEntries || bytes > maxBytes) {
                const oldest = records.values().next().value;
                remove(oldest.key);
                evictions += 1;
                onEvict(oldest);
            }
        },
        remove,
        sweep(limit, isDead) {
            let removed = 0;
            for (let looked = 0; looked < limit; looked += 1) {
                const next = hand.next();
                if (next.done === true) {
                    hand = records.values();
                    break;
                }
                if (isDead(next.value) && remove(next.value.key))
                    removed += 1;
            }
            return removed;
        },
        records: () => records.values(),
        usage: usageOf,
        get entries() {
            return records.size;
        },
        get bytes() {
            return bytes;
        },
        get evictions() {
            return evictions;
        },
        maxBytes,
    };
}
/** Whether nothing of a record can be served any more. */
export function isOver(record, now) {
    return now >= keepUntil(record.entry.freshUntil, record.space.settings);
}
//# sourceMappingURL=memory.js.map