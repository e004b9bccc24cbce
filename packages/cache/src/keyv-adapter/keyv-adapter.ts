import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Cache } from '../cache.ts'
import type { Ttl } from '../duration.ts'
import { RepriseError } from '../errors.ts'
import { type Space, defineSpace } from '../key/space.ts'

const key = 'keyv:{id}'

/** The space of values that applications keep through Keyv: texts, as its serializer wrote them. */
export type KeyvSpace = Space<'keyv', typeof key, string>

const schema: StandardSchemaV1<string> = {
  '~standard': {
    version: 1,
    vendor: 'reprise',
    validate: (value: unknown) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'this is not a text' }] },
  },
}

/** Declares the space of values of Keyv; `ttl` is for those that are set without one. */
export function keyvSpace({ ttl }: { readonly ttl: Exclude<Ttl, (...args: never) => unknown> }): KeyvSpace {
  return defineSpace({
    name: 'keyv',
    key,
    schema,
    ttl,
    maxValueBytes: 64 * 1_048_576,
  })
}

/** A storage adapter of Keyv 5, as `new Keyv({ store })` takes it. */
export interface KeyvAdapter {
  /** Keyv 5 walks the values of those adapters only whose dialect it knows. */
  readonly opts: { readonly dialect: 'redis' }
  namespace?: string | undefined
  get(id: string): Promise<string | undefined>
  getMany(ids: readonly string[]): Promise<(string | undefined)[]>
  set(id: string, value: unknown, ttl?: number): Promise<boolean>
  setMany(entries: readonly { key: string; value: unknown; ttl?: number }[]): Promise<void>
  delete(id: string): Promise<boolean>
  deleteMany(ids: readonly string[]): Promise<boolean>
  has(id: string): Promise<boolean>
  hasMany(ids: readonly string[]): Promise<boolean[]>
  clear(): Promise<void>
  iterator(namespace?: string): AsyncGenerator<[id: string, value: string], void>
  disconnect(): Promise<void>
  on(event: string, listener: (...args: unknown[]) => void): KeyvAdapter
}

/**
 * A storage adapter of Keyv over a cache: everything that takes a Keyv so gets its tiers, leases and invalidations. Reads of a cache
 * that is away are misses; writes and removals that are not known to have happened reject, and Keyv tells that by its
 * event `error`. `disconnect` leaves the cache open, which belongs to the application. @throws E_SPACE_UNKNOWN
 */
export function keyvAdapter(cache: Cache): KeyvAdapter {
  const handle = cache.open(keyvSpace({ ttl: '1d' }))
  const params = (id: string): { id: string } => ({ id })
  const tagOf = (namespace: string | undefined): string => `keyv:${namespace ?? ''}`

  const adapter: KeyvAdapter = {
    opts: { dialect: 'redis' },
    namespace: undefined,
    get: async (id) => handle.get(params(id)),
    getMany: async (ids) => handle.getMany(ids.map(params)),
    async set(id, value, ttl) {
      if (typeof value !== 'string') {
        throw new RepriseError(
          'E_VALUE_SCHEMA',
          `the value of "${id}" is a ${typeof value}; leave serialization to Keyv, which makes it a text`,
        )
      }
      await handle.set(params(id), value, {
        tags: [tagOf(adapter.namespace)],
        ...(ttl === undefined ? {} : { ttl }),
      })
      return true
    },
    async setMany(entries) {
      await Promise.all(entries.map(async (entry) => adapter.set(entry.key, entry.value, entry.ttl)))
    },
    delete: async (id) => handle.delete(params(id)),
    async deleteMany(ids) {
      const gone = await Promise.all(ids.map(async (id) => adapter.delete(id)))
      return gone.includes(true)
    },
    has: async (id) => handle.has(params(id)),
    hasMany: async (ids) => (await handle.getMany(ids.map(params))).map((value) => value !== undefined),
    async clear() {
      await cache.invalidate(
        adapter.namespace === undefined ? { spaces: [handle.name] } : { tags: [tagOf(adapter.namespace)] },
      )
    },
    async *iterator(namespace = adapter.namespace) {
      const prefix = namespace === undefined ? '' : `${namespace}:`
      let cursor: string | undefined
      do {
        const page = await handle.keys(cursor === undefined ? {} : { cursor })
        const ids = page.keys
          .map((found) => found.params['id'] as string)
          .filter((id) => id.startsWith(prefix))
        const values = await handle.getMany(ids.map(params))
        for (const [at, id] of ids.entries()) {
          const value = values[at]
          if (value !== undefined) yield [id, value]
        }
        cursor = page.cursor
      } while (cursor !== undefined)
    },
    async disconnect() {},
    // Its failures reject, so there is none to tell by an event.
    on: () => adapter,
  }
  return adapter
}
