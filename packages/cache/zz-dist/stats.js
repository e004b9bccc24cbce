/** Counters at zero. */
export function createCounters() {
    return {
        hits: {},
        misses: 0,
        staleServes: 0,
        loads: 0,
        loadFailures: 0,
        loadTime: 0,
        coalesced: 0,
        sets: 0,
        deletes: 0,
        errors: 0,
        avoidedCost: 0,
    };
}
/** The figures of an engine's counters, spaces that were never used left out. */
export function readStats(engine) {
    const spaces = [];
    const total = { ...createCounters(), memoryEntries: 0, memoryBytes: 0 };
    for (const [space, counters] of engine.counters) {
        const usage = engine.memory.usage(space);
        const figures = {
            ...counters,
            hits: { ...counters.hits },
            memoryEntries: usage.entries,
            memoryBytes: usage.bytes,
        };
        if (usage.entries === 0 &&
            Object.entries(counters).every(([name, value]) => name === 'hits' || value === 0) &&
            Object.keys(counters.hits).length === 0)
            continue;
        spaces.push({ space, ...figures });
        for (const name of Object.keys(total)) {
            if (name !== 'hits')
                total[name] += figures[name];
        }
        for (const [tier, count] of Object.entries(counters.hits))
            total.hits[tier] = (total.hits[tier] ?? 0) + count;
    }
    const hits = Object.values(total.hits).reduce((sum, count) => sum + count, 0);
    const reads = hits + total.misses + total.staleServes;
    return {
        spaces,
        total,
        hitRate: reads === 0 ? 0 : hits / reads,
        flights: engine.flights.size,
        evictions: engine.memory.evictions,
        expirations: engine.state.expirations,
        startedAt: engine.state.startedAt,
    };
}
//# sourceMappingURL=stats.js.map