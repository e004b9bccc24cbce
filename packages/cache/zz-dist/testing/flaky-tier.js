/** Wraps a tier so that it throws, hangs or lies on command. */
export function flakyTier(tier) {
    const faults = new Map();
    const calls = { read: 0, write: 0, remove: 0, list: 0, sweep: 0, ping: 0 };
    let heal;
    const untilHealed = async () => new Promise((resolve) => (heal = resolve));
    let healed = untilHealed();
    async function attempt(operation, real, lie) {
        calls[operation] += 1;
        const fault = faults.get(operation);
        if (fault === 'throw')
            throw new Error(`${tier.name}: ${operation} was broken by the test`);
        if (fault === 'hang')
            await healed;
        return fault === 'lie' ? lie() : real();
    }
    return {
        ...tier,
        read: async (keys) => attempt('read', async () => tier.read(keys), () => keys.map(() => undefined)),
        write: async (records) => attempt('write', async () => tier.write(records), () => undefined),
        remove: async (keys) => attempt('remove', async () => tier.remove(keys), () => []),
        list: async (prefix, page) => attempt('list', async () => tier.list(prefix, page), () => ({ items: [] })),
        sweep: async (limit) => attempt('sweep', async () => tier.sweep(limit), () => 0),
        ping: async () => attempt('ping', async () => tier.ping(), () => undefined),
        break: (operation, fault) => void faults.set(operation, fault),
        heal() {
            faults.clear();
            heal();
            healed = untilHealed();
        },
        calls,
    };
}
//# sourceMappingURL=flaky-tier.js.map