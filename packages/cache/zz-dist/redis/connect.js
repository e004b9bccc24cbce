import { RepriseError, quote } from '../errors.js';
/**
 * The address that an environment names: `REDIS_URL`, or else `REDIS_HOST`, `REDIS_PORT`, `REDIS_USERNAME` and
 * `REDIS_PASSWORD`; undefined when it names none.
 * @throws E_OPTION_INVALID when the port is not a number
 */
export function redisOptionsFromEnv(env) {
    if (env['REDIS_URL'])
        return { url: env['REDIS_URL'] };
    const { REDIS_HOST: host, REDIS_PORT: text, REDIS_USERNAME: username, REDIS_PASSWORD: password } = env;
    if (!host && !text)
        return undefined;
    const port = Number(text || 6379);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
        throw new RepriseError('E_OPTION_INVALID', `REDIS_PORT is ${quote(text)}: give a number from 1 to 65535`);
    return { host: host || '127.0.0.1', port, ...(username && { username }), ...(password && { password }) };
}
/** Longest silence of a node that has commands to answer before its connection is taken for dead. */
const silence = 3_000;
const backoff = (times) => Math.min(1_000, 25 * 2 ** Math.min(times, 10)) * (0.75 + Math.random() / 2);
/**
 * An ioredis client that keeps nothing for later: no offline queue, no resending, no retries, so that a command
 * that was given up is not sent minutes afterwards. It reconnects for ever, with a pause of at most about a second.
 */
export async function connectRedis(addresses) {
    const { Cluster, Redis } = await import('ioredis');
    const { url, host, port, cluster, sentinels, sentinelName, tls, db, username, password } = addresses;
    const connection = {
        lazyConnect: true,
        connectTimeout: addresses.connectTimeout ?? 2_000,
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        // A master that became a replica: connect again, to whoever is master now.
        reconnectOnError: (error) => error.message.startsWith('READONLY'),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        ...(db !== undefined && { db }),
        ...(tls !== undefined && tls !== false && { tls: tls === true ? {} : tls }),
    };
    if (cluster !== undefined) {
        return new Cluster([...cluster], {
            lazyConnect: true,
            enableOfflineQueue: false,
            scaleReads: 'master',
            clusterRetryStrategy: backoff,
            clusterNodeRetryStrategy: backoff,
            // Retried here, within the deadline of the call, if at all.
            retryDelayOnFailover: 0,
            retryDelayOnClusterDown: 0,
            retryDelayOnTryAgain: 10,
            slotsRefreshInterval: 2_000,
            redisOptions: { ...connection, socketTimeout: silence },
        });
    }
    const single = { ...connection, enableOfflineQueue: false, retryStrategy: backoff };
    if (sentinels !== undefined) {
        if (sentinelName === undefined)
            throw new RepriseError('E_OPTION_INVALID', 'sentinels are given without sentinelName: give both');
        return new Redis({ ...single, sentinels: [...sentinels], name: sentinelName });
    }
    if (url !== undefined)
        return new Redis(url, single);
    return new Redis({ ...single, host: host ?? '127.0.0.1', port: port ?? 6379 });
}
//# sourceMappingURL=connect.js.map