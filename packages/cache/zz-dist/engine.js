import { RepriseError } from './errors.js';
import { spaceMark, tagMark, tenantMark } from './order.js';
/** @throws E_CACHE_CLOSED */
export function assertOpen(engine) {
    if (engine.state.closed)
        throw new RepriseError('E_CACHE_CLOSED', 'the cache was closed; open a new one');
}
/** The counters of a space. */
export function countersOf(engine, space) {
    return engine.counters.get(space.name);
}
/** The marks that can kill an entry, given its tags: its space, its tenant, its tags. */
export function marksOf(space, params, tags) {
    const { tenant } = space.space;
    return [
        spaceMark(space.name),
        ...(tenant === undefined ? [] : [tenantMark(String(params[tenant]))]),
        ...tags.map(tagMark),
    ];
}
/** Stored tags and those that the space computes today, so that a deploy that changes the function misses nothing. */
export function allTags(space, params, more) {
    const computed = space.settings.tags(params);
    if (more.length === 0)
        return checkTags(computed);
    return [...new Set([...checkTags(computed), ...checkTags(more)])];
}
/** Whether something can be a tag. */
export function isTag(tag) {
    return typeof tag === 'string' && tag !== '' && tag.length <= 256;
}
/** @throws E_TAG_INVALID quoting the tag */
export function checkTags(tags) {
    const bad = tags.find((tag) => !isTag(tag));
    if (bad === undefined && tags.every(isTag))
        return tags;
    const shown = typeof bad === 'string' ? `"${bad.slice(0, 40)}" (${bad.length} characters)` : String(bad);
    throw new RepriseError('E_TAG_INVALID', `tag ${shown}: give text of 1 to 256 characters`);
}
/** Whether a record in memory lives: compares its marks only when the log has moved since the last time. */
export function lives(engine, record) {
    const { revision } = engine.order;
    if (record.checkedAt === revision)
        return true;
    if (engine.order.deadBy(record.entry.asOf, record.marks) !== undefined)
        return false;
    record.checkedAt = revision;
    return true;
}
/** Puts an entry in memory, replacing what is there. */
export function remember(engine, space, item) {
    engine.memory.write({ ...item, space, checkedAt: -1, hits: 0, lastReadAt: 0 });
}
/** What stored times are ahead of this process, in milliseconds. */
export function offsetOf(engine) {
    return engine.cluster?.shared.offset() ?? 0;
}
//# sourceMappingURL=engine.js.map