import { assertOpen } from './engine.js';
import { RepriseError, quote } from './errors.js';
import { publish } from './events.js';
import { walk } from './inventory.js';
import { invalidate } from './invalidate.js';
import { isOver } from './memory.js';
import { sweepTier } from './sweep.js';
function checkTiers(engine, names) {
    const known = ['memory', ...engine.tiers.map(({ name }) => name)];
    const unknown = names?.find((name) => !known.includes(name));
    if (unknown !== undefined)
        throw new RepriseError('E_OPTION_INVALID', `tier ${quote(unknown)} is not one of ${known.join(', ')}`);
    return (tier) => names === undefined || names.includes(tier);
}
/** Removes entries made before an instant from the tiers named. A tier that fails rejects; what was removed stays removed. */
export async function cleanup(engine, options) {
    assertOpen(engine);
    const chosen = checkTiers(engine, options.tiers);
    const old = (createdAt) => createdAt < options.createdBefore;
    const reports = chosen('memory') ? [cleanMemory(engine, old)] : [];
    for (const tier of engine.tiers)
        if (chosen(tier.name))
            await sweepTier(engine, tier);
    for (const tier of engine.tiers)
        if (chosen(tier.name))
            reports.push(await cleanTier(engine, tier, old));
    return sum(reports);
}
/** Removes everything of this catalog: first by mark, so that nothing can come back, then for real. */
export async function clear(engine) {
    await invalidate(engine, { spaces: engine.catalog.spaces.map(({ name }) => name) });
    const reports = [cleanMemory(engine, () => true)];
    for (const tier of engine.tiers)
        reports.push(await cleanTier(engine, tier, () => true));
    return sum(reports);
}
function cleanMemory(engine, goes) {
    const report = { tier: 'memory', removed: 0, bytes: 0 };
    const now = engine.clock.now();
    for (const record of engine.memory.records()) {
        if (!goes(record.entry.createdAt) && !isOver(record, now))
            continue;
        engine.tickets.breakReads(record.key);
        if (!engine.memory.remove(record.key))
            continue;
        report.removed += 1;
        report.bytes += record.entry.bytes;
    }
    return report;
}
async function cleanTier(engine, tier, goes) {
    const report = { tier: tier.name, removed: 0, bytes: 0 };
    for await (const items of walk(engine, tier, `${engine.catalog.prefix}:`)) {
        const going = items.filter(({ createdAt }) => goes(createdAt));
        if (going.length === 0)
            continue;
        const keys = going.map(({ key }) => key);
        try {
            const removed = await engine.lanes.run(keys, async () => tier.remove(keys));
            report.removed += removed.length;
        }
        catch (cause) {
            publish('tier-failed', { tier: tier.name, operation: 'remove', error: cause });
            throw new RepriseError('E_INVALIDATION_UNKNOWN', `tier "${tier.name}" did not confirm the removal of ${keys.length} entries after ${report.removed} were removed; repeat it, which is safe`, { cause });
        }
        report.bytes += going.reduce((total, { bytes }) => total + bytes, 0);
    }
    return report;
}
function sum(tiers) {
    return {
        // One entry in two tiers is one entry.
        removed: Math.max(0, ...tiers.map(({ removed }) => removed)),
        bytes: tiers.reduce((total, { bytes }) => total + bytes, 0),
        tiers,
    };
}
//# sourceMappingURL=cleanup.js.map