import { freshUntil, milliseconds } from './duration.js';
import { RepriseError, quote } from './errors.js';
function inRange(value, name, bounds) {
    if (typeof value === 'number' && value >= bounds.minimum && value <= bounds.maximum)
        return value;
    throw new RepriseError('E_OPTION_INVALID', `${name} is ${quote(value)}: give a number from ${bounds.minimum} to ${bounds.maximum}`);
}
function oneOf(value, name, choices) {
    if (choices.includes(value))
        return value;
    throw new RepriseError('E_OPTION_INVALID', `${name} is ${quote(value)}: give one of ${choices.join(', ')}`);
}
function trustOf(space, consistency) {
    if (consistency === 'eventual')
        return Infinity;
    if (consistency === 'strict')
        return 0;
    if (typeof consistency !== 'object' || consistency === null) {
        throw new RepriseError('E_OPTION_INVALID', `${space}.consistency is ${quote(consistency)}: give 'eventual', 'strict' or bounded('30s')`);
    }
    return inRange(milliseconds(consistency.bounded, `${space}.consistency`), `${space}.consistency`, {
        minimum: 1,
        maximum: Infinity,
    });
}
/**
 * The settings of a space, from its declared policy and what configuration overrides (row A2).
 * @throws E_OPTION_INVALID quoting the bad value
 */
export function settle(space, policy) {
    const length = (name, fallback) => {
        const given = policy[name];
        return given === undefined
            ? fallback
            : inRange(milliseconds(given, `${space}.${name}`), `${space}.${name}`, {
                minimum: 0,
                maximum: Infinity,
            });
    };
    const backoff = policy.backoff ?? {};
    // A TTL that is no TTL is refused here, not after a load was paid for.
    if (typeof policy.ttl !== 'function' && typeof policy.ttl !== 'object')
        freshUntil(policy.ttl, 0);
    return Object.freeze({
        ttl: policy.ttl,
        jitter: inRange(policy.jitter ?? 0, `${space}.jitter`, { minimum: 0, maximum: 1 }),
        staleWhileRevalidate: length('staleWhileRevalidate', 0),
        staleIfError: length('staleIfError', 0),
        refreshAhead: length('refreshAhead', 0),
        earlyRefresh: inRange(policy.earlyRefresh ?? 0, `${space}.earlyRefresh`, { minimum: 0, maximum: 100 }),
        softLimit: length('softLimit', Infinity),
        hardLimit: length('hardLimit', Infinity),
        onAbandon: oneOf(policy.onAbandon ?? 'abort', `${space}.onAbandon`, ['abort', 'finish']),
        backoff: backoff === false
            ? undefined
            : Object.freeze({
                base: inRange(milliseconds(backoff.base ?? 1_000), `${space}.backoff.base`, {
                    minimum: 0,
                    maximum: Infinity,
                }),
                max: inRange(milliseconds(backoff.max ?? 60_000), `${space}.backoff.max`, {
                    minimum: 0,
                    maximum: Infinity,
                }),
            }),
        tags: policy.tags ?? (() => []),
        admit: policy.admit ?? (() => true),
        format: oneOf(policy.format ?? 'entry', `${space}.format`, ['entry', 'document']),
        immutability: oneOf(policy.immutability ?? 'freeze', `${space}.immutability`, ['freeze', 'clone']),
        maxValueBytes: inRange(policy.maxValueBytes ?? 1_048_576, `${space}.maxValueBytes`, {
            minimum: 1,
            maximum: 512 * 1_048_576,
        }),
        trust: trustOf(space, policy.consistency ?? 'eventual'),
        cost: inRange(policy.cost ?? 0, `${space}.cost`, { minimum: 0, maximum: Infinity }),
    });
}
//# sourceMappingURL=policy.js.map