import { type Duration, RepriseError, milliseconds } from '@reprise/cache'
import type { RedisShared } from '@reprise/cache/redis'
import { restored, storable } from '../stored-value.ts'

/** Mastra's own class of server caches, which the one that is made extends. */
export type ServerCacheBase = abstract new (options: { name: string }) => object

/** What the server cache of Mastra takes. */
export interface MastraCacheOptions {
  /** The store of the cache, whose connections and deadline are used; open. */
  readonly shared: RedisShared
  /** Before every key. @default 'mastra' */
  readonly prefix?: string
  /** How long a value, list or counter lives after it was last written, where Mastra does not say. @default '1h' */
  readonly ttl?: Duration
}

/** What Mastra calls. Lists and counters are Redis's own, so that several processes may write them at once. */
interface ServerCache {
  get(key: string): Promise<unknown>
  /** `ttlMs` in milliseconds; 0 and less is without an end. @default the cache's own */
  set(key: string, value: unknown, ttlMs?: number): Promise<void>
  listLength(key: string): Promise<number>
  listPush(key: string, value: unknown): Promise<void>
  listFromTo(key: string, from: number, to?: number): Promise<unknown[]>
  increment(key: string): Promise<number>
  delete(key: string): Promise<void>
  clear(): Promise<void>
}

/**
 * A server cache of Mastra in Redis: `new Mastra({ serverCache: mastraCache(MastraServerCache, { shared }) })`, where the class is the one
 * of your `@mastra/core`. Reads of a Redis that is away find nothing; writes reject with E_TIER_READ, since Mastra counts on
 * them to number its events.
 */
export function mastraCache<Base extends ServerCacheBase>(
  base: Base,
  options: MastraCacheOptions,
): InstanceType<Base> & ServerCache {
  const { shared, prefix = 'mastra' } = options
  const ttl = milliseconds(options.ttl ?? '1h', 'ttl')
  const named = (key: string): string => `${prefix}:{${key}}`
  const text = (value: unknown): string => JSON.stringify(storable(value) ?? null)
  const value = (reply: unknown): unknown =>
    Buffer.isBuffer(reply) ? restored(JSON.parse(reply.toString())) : undefined

  const send = async (command: string, key: string, ...args: (string | number)[]): Promise<unknown> =>
    shared.run('mastra', (client) => client.callBuffer(command, named(key), ...args))
  const read = async (command: string, key: string, ...args: (string | number)[]): Promise<unknown> =>
    send(command, key, ...args).catch((error: unknown) => {
      if (RepriseError.is(error, 'E_TIER_READ')) return undefined
      throw error
    })
  const write = async (command: string, key: string, ...args: (string | number)[]): Promise<unknown> =>
    shared.run('mastra', async (client) => {
      const [reply] = await Promise.all([
        client.callBuffer(command, named(key), ...args),
        client.callBuffer('PEXPIRE', named(key), ttl),
      ])
      return reply
    })

  class MastraCache
    extends (base as abstract new (options: { name: string }) => object)
    implements ServerCache
  {
    constructor() {
      super({ name: 'reprise' })
    }

    async get(key: string): Promise<unknown> {
      return value(await read('GET', key))
    }

    async set(key: string, given: unknown, ttlMs = ttl): Promise<void> {
      await send('SET', key, text(given), ...(ttlMs > 0 ? ['PX', Math.ceil(ttlMs)] : []))
    }

    async listLength(key: string): Promise<number> {
      return Number((await read('LLEN', key)) ?? 0)
    }

    async listPush(key: string, given: unknown): Promise<void> {
      await write('RPUSH', key, text(given))
    }

    async listFromTo(key: string, from: number, to = -1): Promise<unknown[]> {
      return (((await read('LRANGE', key, from, to)) as readonly unknown[] | undefined) ?? []).map(value)
    }

    async increment(key: string): Promise<number> {
      return Number(await write('INCR', key))
    }

    async delete(key: string): Promise<void> {
      await send('DEL', key)
    }

    async clear(): Promise<void> {
      const nodes = await shared.run('mastra', async (client) => client.nodes?.('master') ?? [client])
      for (const node of nodes) {
        for (let cursor = '', from = '0'; cursor !== '0'; from = cursor) {
          cursor = await shared.run('mastra', async (client) => {
            const page = await node.callBuffer('SCAN', from, 'MATCH', `${prefix}:{*`, 'COUNT', 500)
            const [next, keys] = page as [Buffer, readonly Buffer[]]
            await Promise.all(keys.map(async (key) => client.callBuffer('DEL', key)))
            return next.toString()
          })
        }
      }
    }
  }
  return new MastraCache() as InstanceType<Base> & ServerCache
}
