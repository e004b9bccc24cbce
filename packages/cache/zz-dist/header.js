/** The header of an entry under its key. */
export function makeHeader(key, entry) {
    return {
        v: entry.version,
        k: key,
        c: entry.createdAt,
        f: entry.freshUntil === Infinity ? null : entry.freshUntil,
        a: [entry.asOf.era, entry.asOf.n],
        t: entry.tags,
        m: entry.meta,
        l: entry.loadTime,
    };
}
/** A header read from a store, or undefined when it is not one. */
export function readHeader(stored) {
    if (typeof stored !== 'object' || stored === null)
        return undefined;
    const { k, c, f, a, t, m, l, v } = stored;
    const sound = typeof k === 'string' &&
        typeof c === 'number' &&
        (f === null || typeof f === 'number') &&
        Array.isArray(a) &&
        typeof a[0] === 'string' &&
        typeof a[1] === 'number' &&
        Array.isArray(t) &&
        t.every((tag) => typeof tag === 'string') &&
        typeof m === 'object' &&
        m !== null &&
        typeof l === 'number' &&
        typeof v === 'string';
    return sound ? stored : undefined;
}
/** The entry of a header and its value. */
export function makeEntry(header, value, bytes) {
    return {
        value,
        createdAt: header.c,
        freshUntil: header.f ?? Infinity,
        asOf: { era: header.a[0], n: header.a[1] },
        tags: header.t,
        meta: header.m,
        loadTime: header.l,
        version: header.v,
        bytes,
    };
}
/** The same entry with its times moved by so many milliseconds, to or from the time of a store. */
export function shift(entry, milliseconds) {
    if (milliseconds === 0)
        return entry;
    return { ...entry, createdAt: entry.createdAt + milliseconds, freshUntil: entry.freshUntil + milliseconds };
}
//# sourceMappingURL=header.js.map