import { decode } from './codec.js';
import { countersOf, marksOf, remember } from './engine.js';
import { publish } from './events.js';
import { revive } from './revive.js';
/** Judges a record of the shared store, and keeps a living one in memory unless something newer came meanwhile. */
export async function judge(engine, target, { record, ticket }) {
    const { shared } = engine.cluster;
    const entry = await revive(engine, target, { tier: shared.name, record, offset: shared.offset() });
    if (entry === undefined) {
        const decoded = decode(target.key, record, { now: engine.order.latest(), offset: shared.offset() });
        return { entry: undefined, version: typeof decoded === 'string' ? undefined : decoded.version };
    }
    const marks = marksOf(target.space, target.params, entry.tags);
    if (!ticket.broken &&
        !engine.tickets.busy(target.key) &&
        engine.order.deadBy(entry.asOf, marks) === undefined) {
        remember(engine, target.space, { key: target.key, entry, marks });
        publish('entry-copied-up', { space: target.space.name, key: target.key, from: shared.name });
    }
    return { entry, version: entry.version };
}
/**
 * What the shared store has: judged only after every record of the log up to the head that was read with it.
 * @throws E_TIER_READ in a `strict` space; elsewhere a store that is away is a miss
 */
export async function readShared(engine, target, ticket) {
    const { shared, collect, follower } = engine.cluster;
    const { space, key } = target;
    try {
        const { record, head } = await collect({ key, format: space.settings.format });
        await follower.reach(head);
        if (record === undefined)
            return undefined;
        const { entry } = await judge(engine, target, { record, ticket });
        return entry === undefined ? undefined : { entry, tier: shared.name };
    }
    catch (error) {
        countersOf(engine, space).errors += 1;
        publish('tier-failed', { tier: shared.name, operation: 'read', error });
        if (space.settings.trust === 0)
            throw error;
        return undefined;
    }
}
//# sourceMappingURL=read-shared.js.map