import { type AnyBatchLoader, getOrLoadMany } from './load/batch.ts'
import type { BoundSpace } from './key/catalog.ts'
import { type Engine, assertOpen, countersOf, lives } from './engine.ts'
import { freshness } from './entry/entry.ts'
import { heard, publish } from './events.ts'
import { getOrLoad } from './load/get-or-load.ts'
import type { ReadOptions, SpaceHandle } from './handle.ts'
import { invalidateKeys } from './write/invalidate.ts'
import { listKeys } from './operate/list.ts'
import type { MemoryRecord } from './memory/memory.ts'
import { Near } from './read/near.ts'
import { countHit, countMemoryHit, itself, lookUp, trusted } from './read/read.ts'
import type { FoundEntry, Target } from './read/revive.ts'
import type { SpaceBase } from './key/space.ts'
import type { AnyParams } from './key/template.ts'
import { handOut } from './entry/value.ts'
import { setAll, touch } from './write/write.ts'

const noOptions = Object.freeze({})

/** The handle of a space, over the engine that all share. Types are the caller's: inside, values are unknown. */
export function openSpace(engine: Engine, space: BoundSpace): SpaceHandle<SpaceBase> {
  const target = (params: AnyParams): Target => ({ space, key: space.keys.build(params), params })
  const counters = countersOf(engine, space)
  const counted = { counters, space }
  const [name, ...others] = space.keys.names
  const near =
    name === undefined || others.length > 0 || engine.memory.use === undefined ? undefined : new Near(name)
  /** Whether a fresh entry in memory is all there is to a read: nothing is refreshed before its time. */
  const plain = space.settings.refreshAhead === 0 && space.settings.earlyRefresh === 0

  /** The record of these parameters, marked as used. */
  function inMemory(params: AnyParams): MemoryRecord | undefined {
    const known = near?.find(params)
    if (known !== undefined) {
      engine.memory.use?.(known)
      return known
    }
    const record = engine.memory.read(space.keys.build(params))
    if (record !== undefined) near?.keep(params[name as string], record)
    return record
  }

  /** Lets the next read of these parameters find their record without a key. */
  function remind(params: AnyParams, key: string): void {
    const record = engine.memory.look(key)
    if (record !== undefined) near?.keep(params[name as string], record)
  }

  /** What a read without a loader found, as one of the functions below shows it. */
  function look<T>(
    params: AnyParams,
    options: ReadOptions | undefined,
    show: (found: FoundEntry) => T,
  ): Promise<T | undefined> {
    // Not an async function: a read makes one promise.
    try {
      const one = target(params)
      assertOpen(engine)
      const startedAt = heard('entry-read') ? engine.clock.now() : 0
      const given = lookUp(engine, one, (found) => {
        const served = serve(one, options, { startedAt, found })
        return served === undefined ? undefined : show(served)
      })
      return given instanceof Promise ? given : Promise.resolve(given)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  const value = ({ entry }: FoundEntry): unknown => handOut(space, entry.value)

  function serve(
    one: Target,
    options: ReadOptions | undefined,
    { startedAt, found }: { startedAt: number; found: FoundEntry | undefined },
  ): FoundEntry | undefined {
    const state =
      found === undefined ? 'dead' : freshness(found.entry.freshUntil, engine.clock.now(), space.settings)
    const served =
      found !== undefined && (state === 'fresh' || (options?.allowStale === true && state !== 'dead'))
        ? found
        : undefined
    if (served === undefined) counters.misses += 1
    else if (state === 'fresh') countHit(engine, space, served.tier, served.entry)
    else counters.staleServes += 1
    if (heard('entry-read')) {
      const outcome = served === undefined ? 'miss' : state === 'fresh' ? 'hit' : 'stale'
      const source = served === undefined ? {} : { tier: served.tier, meta: served.entry.meta }
      publish('entry-read', {
        space: space.name,
        key: one.key,
        outcome,
        shared: false,
        milliseconds: engine.clock.now() - startedAt,
        ...source,
      })
    }
    return served
  }

  return {
    name: space.name,
    key: (params) => space.keys.build(params),
    get: (params, options) => look(params, options, value),
    find: (params, options) =>
      look(params, options, ({ entry: { value: stored, createdAt, freshUntil, meta, tags } }) => ({
        value: handOut(space, stored),
        createdAt,
        freshUntil,
        meta,
        tags,
      })),
    peek(params) {
      assertOpen(engine)
      const record = inMemory(params)
      const now = engine.clock.now()
      if (
        record === undefined ||
        now >= record.entry.freshUntil ||
        !trusted(engine, space) ||
        !lives(engine, record)
      ) {
        counters.misses += 1
        return undefined
      }
      countMemoryHit(counted, record, now)
      return handOut(space, record.entry.value)
    },
    getOrLoad(params, loader, options) {
      // Not an async function: a hit in memory makes one promise.
      try {
        if (options === undefined && plain && !heard('entry-read')) {
          const record = near?.find(params)
          if (record !== undefined && trusted(engine, space)) {
            const now = engine.clock.now()
            if (now < record.entry.freshUntil && lives(engine, record)) {
              assertOpen(engine)
              engine.memory.use?.(record)
              countMemoryHit(counted, record, now)
              return Promise.resolve(handOut(space, record.entry.value))
            }
          }
        }
        const key = space.keys.build(params)
        const answer = getOrLoad(engine, { space, key, params, run: loader }, options ?? noOptions)
        if (near !== undefined) remind(params, key)
        return answer
      } catch (error) {
        return Promise.reject(error)
      }
    },
    async getMany(paramsList) {
      return Promise.all(paramsList.map((params) => look(params, undefined, value)))
    },
    getOrLoadMany: async (paramsList, loader, options = {}) =>
      getOrLoadMany(engine, paramsList.map(target), loader as AnyBatchLoader, options),
    set: async (params, given, options = {}) =>
      setAll(engine, [{ target: target(params), value: given }], options),
    setMany: async (items, options = {}) =>
      setAll(
        engine,
        items.map((item) => ({ target: target(item.params), value: item.value })),
        options,
      ),
    async delete(params) {
      assertOpen(engine)
      counters.deletes += 1
      return (await invalidateKeys(engine, [target(params).key])) > 0
    },
    has: async (params) => (await freshOf(target(params))) !== undefined,
    async ttl(params) {
      const found = await freshOf(target(params))
      return found === undefined ? undefined : found.entry.freshUntil - engine.clock.now()
    },
    touch: async (params, ttl) => touch(engine, target(params), ttl),
    keys: async (options = {}) => listKeys(engine, space, options),
  }

  async function freshOf(one: Target): Promise<FoundEntry | undefined> {
    assertOpen(engine)
    const found = await lookUp(engine, one, itself)
    return found !== undefined && engine.clock.now() < found.entry.freshUntil ? found : undefined
  }
}
