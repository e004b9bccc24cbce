import { countersOf, lives } from './engine.js';
import { freshness } from './entry.js';
import { readShared } from './read-shared.js';
import { readTiers } from './read-tiers.js';
/** Whether memory may answer for a space: `bounded` ones only while the log was confirmed lately, `strict` ones never. */
export function trusted(engine, space) {
    const { trust } = space.settings;
    return engine.cluster === undefined || trust === Infinity || engine.cluster.follower.confirmedFor() < trust;
}
/** The living record of a key in memory, fresh or within its windows; counted as used. */
export function readMemory(engine, { space, key }) {
    if (!trusted(engine, space))
        return undefined;
    const record = engine.memory.read(key);
    if (record === undefined)
        return undefined;
    if (lives(engine, record))
        return record;
    engine.memory.remove(key);
    return undefined;
}
/** Counts a fresh answer from a tier. */
export function countHit(engine, space, tier, entry) {
    const counters = countersOf(engine, space);
    counters.hits[tier] = (counters.hits[tier] ?? 0) + 1;
    counters.avoidedCost += entry.meta.cost ?? space.settings.cost;
}
/** What the tiers or the shared store below memory have, copied up with its remaining life unless the ticket was broken meanwhile. */
export async function readBelow(engine, target, ticket) {
    return engine.cluster === undefined ? readTiers(engine, target, ticket) : readShared(engine, target, ticket);
}
/** What every tier has for a key, without a loader. */
export async function lookUp(engine, target) {
    const record = readMemory(engine, target);
    if (record !== undefined &&
        freshness(record.entry.freshUntil, engine.clock.now(), target.space.settings) === 'fresh') {
        record.hits += 1;
        record.lastReadAt = engine.clock.now();
        return { entry: record.entry, tier: 'memory' };
    }
    const ticket = engine.tickets.take(target.key);
    try {
        const below = await readBelow(engine, target, ticket);
        return (below ??
            (record !== undefined && !ticket.broken && lives(engine, record)
                ? { entry: record.entry, tier: 'memory' }
                : undefined));
    }
    finally {
        engine.tickets.release(ticket);
    }
}
//# sourceMappingURL=read.js.map