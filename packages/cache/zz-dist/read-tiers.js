import { countersOf, marksOf, remember } from './engine.js';
import { publish } from './events.js';
import { revive } from './revive.js';
/** What the tiers below memory have, nearest first; copied up into memory with its remaining life unless the ticket was broken meanwhile. */
export async function readTiers(engine, target, ticket) {
    for (const tier of engine.tiers) {
        const record = await readTier(engine, tier, target);
        if (record === undefined)
            continue;
        const entry = await revive(engine, target, { tier: tier.name, record });
        if (entry === undefined || ticket.broken || engine.tickets.busy(target.key))
            continue;
        const marks = marksOf(target.space, target.params, entry.tags);
        if (engine.order.deadBy(entry.asOf, marks) !== undefined)
            continue;
        remember(engine, target.space, { key: target.key, entry, marks });
        publish('entry-copied-up', { space: target.space.name, key: target.key, from: tier.name });
        return { entry, tier: tier.name };
    }
    return undefined;
}
async function readTier(engine, tier, target) {
    try {
        return await engine.collectors.get(tier)(target.key);
    }
    catch (error) {
        countersOf(engine, target.space).errors += 1;
        publish('tier-failed', { tier: tier.name, operation: 'read', error });
        return undefined;
    }
}
//# sourceMappingURL=read-tiers.js.map