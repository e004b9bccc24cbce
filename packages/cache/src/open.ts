import { type AnyBatchLoader, getOrLoadMany } from './load/batch.ts'
import type { BoundSpace } from './key/catalog.ts'
import { type Engine, assertOpen, countersOf } from './engine.ts'
import { freshness } from './entry/entry.ts'
import { heard, publish } from './events.ts'
import { getOrLoad } from './load/get-or-load.ts'
import type { ReadOptions, SpaceHandle } from './handle.ts'
import { invalidateKeys } from './write/invalidate.ts'
import { listKeys } from './operate/list.ts'
import { createBurstClock } from './read/burst-clock.ts'
import { FastRead } from './read/fast-read.ts'
import { countHit, itself, lookUp } from './read/read.ts'
import type { FoundEntry, Target } from './read/revive.ts'
import type { SpaceBase } from './key/space.ts'
import type { AnyParams } from './key/template.ts'
import { handOut } from './entry/value.ts'
import { removeVersion } from './write/remove-version.ts'
import { setAll, setOne, touch } from './write/write.ts'

const noOptions = Object.freeze({})

/** The handle of a space, over the engine that all share. Types are the caller's: inside, values are unknown. */
export function openSpace(engine: Engine, space: BoundSpace): SpaceHandle<SpaceBase> {
  const target = (params: AnyParams): Target => ({ space, key: space.keys.build(params), params })
  const counters = countersOf(engine, space)
  const fast = new FastRead(engine, space)
  const burst = createBurstClock(engine.clock)
  const clones = space.settings.immutability === 'clone'
  /** Whether a fresh entry in memory is all there is to a read: nothing is refreshed before its time. */
  const plain = space.settings.refreshAhead === 0 && space.settings.earlyRefresh === 0

  /** What a read without a loader found, as one of the functions below shows it. */
  function look<T>(
    one: Target,
    options: ReadOptions | undefined,
    show: (found: FoundEntry) => T,
  ): Promise<T | undefined> {
    // Not an async function: a read makes one promise.
    try {
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
    engine.hot.note(one.key, space.name)
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
    get(params, options) {
      try {
        assertOpen(engine)
        if (heard('entry-read')) return look(target(params), options, value)
        const now = engine.clock.now()
        let found = fast.near(params, now)
        if (found === undefined) {
          const one = target(params)
          found = fast.at(one.key, now)
          if (found === undefined) return look(one, options, value)
        }
        return Promise.resolve(handOut(space, found))
      } catch (error) {
        return Promise.reject(error)
      }
    },
    find: async (params, options) =>
      look(
        target(params),
        options,
        ({ entry: { value: stored, createdAt, freshUntil, meta, tags, version } }) => ({
          value: handOut(space, stored),
          createdAt,
          freshUntil,
          meta,
          tags,
          version,
        }),
      ),
    peek(params) {
      assertOpen(engine)
      const now = burst()
      let found = fast.near(params, now)
      if (found === undefined) found = fast.at(space.keys.build(params), now)
      if (found === undefined) counters.misses += 1
      return clones ? handOut(space, found) : found
    },
    getOrLoad(params, loader, options) {
      // Not an async function: a hit in memory makes one promise.
      try {
        assertOpen(engine)
        const short = options === undefined && plain && !heard('entry-read')
        const now = short ? engine.clock.now() : 0
        let found = short ? fast.near(params, now) : undefined
        if (found !== undefined) return Promise.resolve(clones ? handOut(space, found) : found)
        const key = space.keys.build(params)
        if (short) found = fast.at(key, now)
        if (found !== undefined) return Promise.resolve(handOut(space, found))
        return getOrLoad(engine, { space, key, params, run: loader }, options ?? noOptions)
      } catch (error) {
        return Promise.reject(error)
      }
    },
    async getMany(paramsList) {
      return Promise.all(paramsList.map(async (params) => look(target(params), undefined, value)))
    },
    getOrLoadMany: async (paramsList, loader, options = {}) =>
      getOrLoadMany(engine, paramsList.map(target), loader as AnyBatchLoader, options),
    set: async (params, given, options = {}) =>
      setOne(engine, { target: target(params), value: given }, options),
    setMany: async (items, options = {}) =>
      setAll(
        engine,
        items.map((item) => ({ target: target(item.params), value: item.value })),
        options,
      ),
    async delete(params, options) {
      assertOpen(engine)
      counters.deletes += 1
      const one = target(params)
      if (options?.version !== undefined) return removeVersion(engine, one, options.version)
      return (await invalidateKeys(engine, [one.key])) > 0
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
