import type { ConnectionOptions } from 'node:tls'
import { RepriseError, quote } from '../errors.ts'
import type { RedisClient } from './client.ts'

/** Where a node is. */
export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** Where Redis or Valkey is: one server, a Cluster or Sentinels. */
export interface RedisAddresses {
  /** `redis://user:password@host:port/db`, or `rediss://` for TLS. Goes before the options that it contains. */
  readonly url?: string
  /** @default '127.0.0.1' */
  readonly host?: string
  /** @default 6379 */
  readonly port?: number
  /** A user of the access control list. */
  readonly username?: string
  readonly password?: string
  /** TLS, with the defaults of Node or these options. */
  readonly tls?: boolean | ConnectionOptions
  /** Number of the database; a Cluster has only 0. @default 0 */
  readonly db?: number
  /** Nodes of a Cluster to start from. */
  readonly cluster?: readonly RedisAddress[]
  /** Sentinels to ask for the master, and the name they know it by. */
  readonly sentinels?: readonly RedisAddress[]
  readonly sentinelName?: string
  /** A user and password of the Sentinels themselves, where they want one. */
  readonly sentinelUsername?: string
  readonly sentinelPassword?: string
  /** TLS to the Sentinels. @default as `tls` */
  readonly sentinelTls?: boolean | ConnectionOptions
  /** Milliseconds to connect within. @default 2000 */
  readonly connectTimeout?: number
}

/**
 * The address that an environment names: `REDIS_URL`, or else `REDIS_HOST`, `REDIS_PORT`, `REDIS_USERNAME` and
 * `REDIS_PASSWORD`; undefined when it names none.
 * @throws E_OPTION_INVALID when the port is not a number
 */
export function redisOptionsFromEnv(
  env: Readonly<Record<string, string | undefined>>,
): Pick<RedisAddresses, 'url' | 'host' | 'port' | 'username' | 'password'> | undefined {
  if (env['REDIS_URL']) return { url: env['REDIS_URL'] }
  const { REDIS_HOST: host, REDIS_PORT: text, REDIS_USERNAME: username, REDIS_PASSWORD: password } = env
  if (!host && !text) return undefined
  const port = Number(text || 6379)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RepriseError('E_OPTION_INVALID', `REDIS_PORT is ${quote(text)}: give a number from 1 to 65535`)
  return { host: host || '127.0.0.1', port, ...(username && { username }), ...(password && { password }) }
}

/** Who the server is told to serve. */
export function userOf({ url, username }: RedisAddresses): string {
  const named = url !== undefined && URL.canParse(url) ? decodeURIComponent(new URL(url).username) : ''
  return named || username || 'default'
}

/** Longest silence of a node that has commands to answer before its connection is taken for dead. */
const silence = 3_000

const tlsOptions = (tls: boolean | ConnectionOptions | undefined): ConnectionOptions | undefined =>
  tls === true ? {} : tls === false ? undefined : tls

const backoff = (times: number): number =>
  Math.min(500, 25 * 2 ** Math.min(times, 10)) * (0.75 + Math.random() / 2)

/**
 * An ioredis client that keeps nothing for later: no offline queue, no resending, no retries, so that a command
 * that was given up is not sent minutes afterwards. It reconnects for ever, with a pause of about half a second at most: hits are back soon after the server is.
 */
export async function connectRedis(addresses: RedisAddresses): Promise<RedisClient> {
  const { Cluster, Redis } = await import('ioredis')
  const { url, host, port, cluster, sentinels, sentinelName, db, username, password } = addresses
  const { connectTimeout = 2_000 } = addresses
  const tls = tlsOptions(addresses.tls)
  const connection = {
    lazyConnect: true,
    connectTimeout,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A master that became a replica: connect again, to whoever is master now.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(db !== undefined && { db }),
    ...(tls !== undefined && { tls }),
  }
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
      maxRedirections: 4,
      slotsRefreshInterval: 2_000,
      redisOptions: { ...connection, socketTimeout: silence },
    })
  }
  const single = { ...connection, enableOfflineQueue: false, retryStrategy: backoff }
  if (sentinels !== undefined) {
    if (sentinelName === undefined)
      throw new RepriseError('E_OPTION_INVALID', 'sentinels are given without sentinelName: give both')
    return new Redis({
      ...single,
      ...sentinelOptions(addresses, tls),
      sentinels: [...sentinels],
      name: sentinelName,
      // One that is frozen would hold up every reconnection for ever.
      sentinelCommandTimeout: connectTimeout,
    })
  }
  if (url !== undefined) return new Redis(url, single)
  return new Redis({ ...single, host: host ?? '127.0.0.1', port: port ?? 6379 })
}

/** How the Sentinels themselves are reached, and that TLS is for the master too. */
function sentinelOptions(
  { sentinelUsername, sentinelPassword, sentinelTls }: RedisAddresses,
  tls: ConnectionOptions | undefined,
): { readonly enableTLSForSentinelMode: boolean; readonly sentinelTLS?: ConnectionOptions } {
  const own = sentinelTls === undefined ? tls : tlsOptions(sentinelTls)
  return {
    enableTLSForSentinelMode: tls !== undefined,
    ...(own !== undefined && { sentinelTLS: own }),
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
  }
}
