import { decode } from './codec.js';
import { allTags, countersOf, isTag, marksOf } from './engine.js';
import { freshness } from './entry.js';
import { publish } from './events.js';
import { checkSchema } from './value.js';
/** The entry of a stored record as it may be used: readable, of this key, alive, within its windows and true to its schema. */
export async function revive(engine, target, stored) {
    const { space, key, params } = target;
    const unreadable = (reason) => {
        countersOf(engine, space).errors += 1;
        publish('entry-unreadable', { space: space.name, key, tier: stored.tier, reason });
        return undefined;
    };
    const decoded = decode(key, stored.record, { now: engine.order.latest(), offset: stored.offset ?? 0 });
    if (typeof decoded === 'string')
        return unreadable(decoded);
    if (freshness(decoded.freshUntil, engine.clock.now(), space.settings) === 'dead')
        return undefined;
    const computed = allTags(space, params, []);
    if (!decoded.tags.every(isTag))
        return unreadable('it has an unusable tag');
    const entry = { ...decoded, tags: [...new Set([...computed, ...decoded.tags])] };
    if (engine.order.deadBy(entry.asOf, marksOf(space, params, entry.tags)) !== undefined)
        return undefined;
    try {
        const value = await checkSchema(space, entry.value);
        return { ...entry, value: space.settings.immutability === 'freeze' ? deepFreeze(value) : value };
    }
    catch (error) {
        return unreadable(error instanceof Error ? error.message : 'its schema refuses it');
    }
}
function deepFreeze(value) {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
        for (const member of Object.values(value))
            deepFreeze(member);
        Object.freeze(value);
    }
    return value;
}
//# sourceMappingURL=revive.js.map