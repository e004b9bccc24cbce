import type { ConnectionOptions } from 'node:tls';
import type { RedisClient } from './client.ts';
/** Where a node is. */
export interface RedisAddress {
    readonly host: string;
    readonly port: number;
}
/** Where Redis or Valkey is: one server, a Cluster or Sentinels. */
export interface RedisAddresses {
    /** `redis://user:password@host:port/db`, or `rediss://` for TLS. Goes before the options that it contains. */
    readonly url?: string;
    /** @default '127.0.0.1' */
    readonly host?: string;
    /** @default 6379 */
    readonly port?: number;
    /** A user of the access control list. */
    readonly username?: string;
    readonly password?: string;
    /** TLS, with the defaults of Node or these options. */
    readonly tls?: boolean | ConnectionOptions;
    /** Number of the database; a Cluster has only 0. @default 0 */
    readonly db?: number;
    /** Nodes of a Cluster to start from. */
    readonly cluster?: readonly RedisAddress[];
    /** Sentinels to ask for the master, and the name they know it by. */
    readonly sentinels?: readonly RedisAddress[];
    readonly sentinelName?: string;
    /** Milliseconds to connect within. @default 2000 */
    readonly connectTimeout?: number;
}
/**
 * The address that an environment names: `REDIS_URL`, or else `REDIS_HOST`, `REDIS_PORT`, `REDIS_USERNAME` and
 * `REDIS_PASSWORD`; undefined when it names none.
 * @throws E_OPTION_INVALID when the port is not a number
 */
export declare function redisOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): Pick<RedisAddresses, 'url' | 'host' | 'port' | 'username' | 'password'> | undefined;
/**
 * An ioredis client that keeps nothing for later: no offline queue, no resending, no retries, so that a command
 * that was given up is not sent minutes afterwards. It reconnects for ever, with a pause of at most about a second.
 */
export declare function connectRedis(addresses: RedisAddresses): Promise<RedisClient>;
