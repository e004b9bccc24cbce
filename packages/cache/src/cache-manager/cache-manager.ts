import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Cache } from '../cache.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Ttl } from '../duration.ts'
import { RepriseError } from '../errors.ts'
import { type Space, defineSpace } from '../key/space.ts'

const key = 'value:{id}'

/** A value as it is kept: in an object, so that null, false and 0 are values. */
interface Kept {
  readonly v?: unknown
}

/** The space of values that applications keep by names of their own. */
export type ValueSpace = Space<'value', typeof key, Kept>

const schema: StandardSchemaV1<Kept> = {
  '~standard': {
    version: 1,
    vendor: 'reprise',
    validate: (value: unknown) =>
      typeof value === 'object' && value !== null
        ? { value }
        : { issues: [{ message: 'this is not an object with "v"' }] },
  },
}

/** Declares the space of such values; `ttl` is for those that are set without one. */
export function valueSpace({ ttl }: { readonly ttl: Exclude<Ttl, (...args: never) => unknown> }): ValueSpace {
  return defineSpace({
    name: 'value',
    key,
    schema,
    ttl,
    maxValueBytes: 64 * 1_048_576,
  })
}

/** Milliseconds, or how many a value has. */
type Milliseconds<T> = number | ((value: T) => number)

/** How one value is loaded. */
interface WrapOptions<T> {
  readonly ttl?: Milliseconds<T>
  /** Below so much of its life, a value is given and loaded anew in the background. */
  readonly refreshThreshold?: Milliseconds<T>
}

/** What a facade takes. */
export interface CacheManagerOptions {
  /** Milliseconds of values that are set without any. @default the TTL of the space */
  readonly ttl?: number
  /** @default never */
  readonly refreshThreshold?: number
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** The calls of cache-manager 7, over a cache. */
export interface CacheManager {
  get<T>(id: string): Promise<T | undefined>
  mget<T>(ids: readonly string[]): Promise<(T | undefined)[]>
  /** When a value ends, milliseconds since 1970; undefined when there is none or it has no end. */
  ttl(id: string): Promise<number | undefined>
  set<T>(id: string, value: T, ttl?: number): Promise<T>
  mset<T>(
    list: readonly { readonly key: string; readonly value: T; readonly ttl?: number }[],
  ): Promise<{ key: string; value: T; ttl?: number }[]>
  del(id: string): Promise<boolean>
  mdel(ids: readonly string[]): Promise<boolean>
  clear(): Promise<boolean>
  /** The value, or what the function makes of it: called once for all who ask at the same time, in all processes. */
  wrap<T>(
    id: string,
    make: () => T | Promise<T>,
    ttl?: Milliseconds<T> | WrapOptions<T>,
    refreshThreshold?: Milliseconds<T>,
  ): Promise<T>
}

/**
 * A cache in the shape of cache-manager 7, for code that is written for it. Values are JSON; `undefined` is not kept. What `make`
 * throws is thrown as it is. @throws E_SPACE_UNKNOWN when the catalog has no `valueSpace`
 */
export function cacheManager(cache: Cache, options: CacheManagerOptions = {}): CacheManager {
  const { clock = systemClock } = options
  const handle = cache.open(valueSpace({ ttl: '1d' }))
  const params = (id: string): { id: string } => ({ id })
  const lifeOf = (ttl: number | undefined) => (ttl === undefined ? {} : { ttl: ttl === 0 ? Infinity : ttl })

  const manager: CacheManager = {
    get: async <T>(id: string) => (await handle.get(params(id)))?.v as T | undefined,
    mget: async <T>(ids: readonly string[]) =>
      (await handle.getMany(ids.map(params))).map((kept) => kept?.v as T | undefined),
    async ttl(id) {
      const found = await handle.find(params(id))
      return found === undefined || found.freshUntil === Infinity ? undefined : found.freshUntil
    },
    async set(id, value, ttl = options.ttl) {
      await handle.set(params(id), { v: value }, lifeOf(ttl))
      return value
    },
    async mset(list) {
      await Promise.all(list.map(async (item) => manager.set(item.key, item.value, item.ttl)))
      return [...list]
    },
    async del(id) {
      await handle.delete(params(id))
      return true
    },
    async mdel(ids) {
      await Promise.all(ids.map(async (id) => handle.delete(params(id))))
      return true
    },
    async clear() {
      await cache.invalidate({ spaces: [handle.name] })
      return true
    },
    async wrap<T>(
      id: string,
      make: () => T | Promise<T>,
      given?: Milliseconds<T> | WrapOptions<T>,
      threshold?: Milliseconds<T>,
    ) {
      const wrapping: WrapOptions<T> = typeof given === 'object' ? given : {}
      const ttl = (typeof given === 'object' ? undefined : given) ?? wrapping.ttl ?? options.ttl
      const before = threshold ?? wrapping.refreshThreshold ?? options.refreshThreshold
      const load = async (forceRefresh: boolean): Promise<T> => {
        const kept = await handle.getOrLoad(
          params(id),
          async (context) => {
            const value = await make()
            if (value === undefined) context.skip()
            const life = lifeOf(of(ttl, value))
            if (life.ttl !== undefined) context.ttl(life.ttl)
            return { v: value }
          },
          { forceRefresh },
        )
        return kept.v as T
      }
      try {
        const found = before === undefined ? undefined : await handle.find(params(id))
        const value = await load(false)
        if (found !== undefined && found.freshUntil - clock.now() < (of(before, value) ?? 0)) {
          // The value is there; that a newer one could not be made is told by the cache's own events.
          load(true).catch(() => {})
        }
        return value
      } catch (error) {
        throw RepriseError.is(error, 'E_LOADER_FAILED') ? error.cause : error
      }
    },
  }
  return manager
}

function of<T>(given: Milliseconds<T> | undefined, value: T): number | undefined {
  return typeof given === 'function' ? given(value) : given
}
