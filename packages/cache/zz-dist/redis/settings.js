import { systemClock } from '../clock.js';
import { milliseconds } from '../duration.js';
import { RepriseError, quote } from '../errors.js';
function atLeast(name, value, least) {
    if (value >= least && Number.isFinite(value))
        return Math.ceil(value);
    throw new RepriseError('E_OPTION_INVALID', `${name} is ${quote(value)}: give a number of at least ${least}`);
}
const nothing = () => { };
/** The settings of options. @throws E_OPTION_INVALID */
export function readSettings(options) {
    const connections = atLeast('connections', options.connections ?? 1, 1);
    if (connections > 50) {
        throw new RepriseError('E_OPTION_INVALID', `connections is ${connections}: give at most 50; one connection already carries the reads of a whole tick`);
    }
    const duration = (name, value, least) => atLeast(name, milliseconds(value, name), least);
    return Object.freeze({
        prefix: options.prefix,
        descriptor: options.descriptor,
        addresses: options,
        client: options.client,
        deadline: duration('deadline', options.deadline ?? '150ms', 1),
        patience: duration('patience', options.patience ?? '2s', 1),
        connections,
        leaseGrace: duration('leaseGrace', options.leaseGrace ?? '10m', 0),
        maxLength: atLeast('log.maxLength', options.log?.maxLength ?? 100_000, 1),
        maxAge: duration('log.maxAge', options.log?.maxAge ?? '1h', 1),
        breaker: {
            failures: atLeast('breaker.failures', options.breaker?.failures ?? 5, 1),
            delay: duration('breaker.delay', options.breaker?.delay ?? '250ms', 1),
            longestDelay: duration('breaker.longestDelay', options.breaker?.longestDelay ?? '1s', 1),
        },
        clock: options.clock ?? systemClock,
        random: options.random ?? Math.random,
        onError: options.onError ?? nothing,
        onWarning: options.onWarning ?? nothing,
        onBreaker: options.onBreaker ?? nothing,
    });
}
//# sourceMappingURL=settings.js.map