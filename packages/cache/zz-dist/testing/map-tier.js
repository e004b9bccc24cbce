/** A tier in a Map: the plainest one that passes the conformance suite, for tests and as an example. */
export function mapTier(options) {
    const { clock, name = 'map', records = new Map() } = options;
    const sizeOf = ({ body }) => typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const living = (key) => {
        const record = records.get(key);
        return record !== undefined && record.expiresAt > clock.now() ? record : undefined;
    };
    const under = (prefix) => [...records.keys()].filter((key) => key.startsWith(prefix)).flatMap((key) => living(key) ?? []);
    return {
        name,
        durable: false,
        readDeadline: 1_000,
        open: async () => { },
        read: async (keys) => keys.map(living),
        async write(written) {
            for (const record of written)
                records.set(record.key, record);
        },
        async remove(keys) {
            return keys.filter((key) => {
                const there = living(key) !== undefined;
                records.delete(key);
                return there;
            });
        },
        async list(prefix, { cursor = '', limit }) {
            const after = under(prefix)
                .filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(cursor)) > 0)
                .toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
            const items = after.slice(0, limit).map((record) => ({
                key: record.key,
                bytes: sizeOf(record),
                createdAt: record.createdAt,
                expiresAt: record.expiresAt,
            }));
            const last = items.at(-1);
            return { items, ...(after.length > limit && last !== undefined ? { cursor: last.key } : {}) };
        },
        async sweep(limit) {
            const over = [...records.values()].filter(({ expiresAt }) => expiresAt <= clock.now()).slice(0, limit);
            for (const { key } of over)
                records.delete(key);
            return over.length;
        },
        async usage(prefix) {
            const held = under(prefix);
            return { entries: held.length, bytes: held.reduce((total, record) => total + sizeOf(record), 0) };
        },
        ping: async () => { },
        close: async () => { },
    };
}
//# sourceMappingURL=map-tier.js.map