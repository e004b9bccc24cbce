import { staleAnswer } from './call-loader.ts'
import { type Engine, assertOpen, countersOf } from '../engine.ts'
import { type Entry, freshness } from '../entry/entry.ts'
import { heard, publish } from '../events.ts'
import type { Answer, Flight } from './flight.ts'
import type { LoadOptions } from '../handle.ts'
import { detach, startFlight } from './load.ts'
import type { LoadRequest } from './load-request.ts'
import type { Loader } from './loader.ts'
import { countHit, readMemory, lookUp, trusted } from '../read/read.ts'
import type { Target } from '../read/revive.ts'
import { handOut } from '../entry/value.ts'

/** A read with a loader: the target, and what loads it. */
export interface LoadingRead extends Target {
  readonly run: Loader<unknown, unknown>
  readonly onOver?: () => void
}

/** The value of a key, from memory where it is fresh, else from the one load of that key. */
export function getOrLoad(engine: Engine, read: LoadingRead, options: LoadOptions): Promise<unknown> {
  const { space, key } = read
  assertOpen(engine)
  if (options.signal?.aborted === true) return abandon(read, options.signal)
  if (options.forceRefresh === true)
    return load(
      engine,
      { ...read, reason: 'forced', previous: readMemory(engine, read)?.entry },
      options.signal,
    )
  if (options.replacing !== undefined || !trusted(engine, space)) return verify(engine, read, options)
  const record = readMemory(engine, read)
  if (record === undefined)
    return load(engine, { ...read, reason: 'miss', previous: undefined }, options.signal)
  const { entry } = record
  const now = engine.clock.now()
  const state = freshness(entry.freshUntil, now, space.settings)
  if (state === 'fresh') {
    record.hits += 1
    record.lastReadAt = now
    countHit(engine, space, 'memory', entry)
    engine.hot.note(record.key, space.name)
    if (heard('entry-read')) {
      publish('entry-read', {
        space: space.name,
        key,
        outcome: 'hit',
        tier: 'memory',
        shared: false,
        milliseconds: 0,
        meta: entry.meta,
      })
    }
    const early = refreshReason(engine, read, entry)
    if (early === undefined) read.onOver?.()
    else refresh(engine, { ...read, reason: early, previous: entry })
    return Promise.resolve(handOut(space, entry.value))
  }
  if (state === 'stale') {
    countersOf(engine, space).staleServes += 1
    engine.hot.note(key, space.name)
    publish('entry-read', {
      space: space.name,
      key,
      outcome: 'stale',
      tier: 'memory',
      shared: false,
      milliseconds: 0,
      meta: entry.meta,
    })
    refresh(engine, { ...read, reason: 'stale', previous: entry })
    return Promise.resolve(handOut(space, entry.value))
  }
  return load(
    engine,
    { ...read, reason: state === 'dead' ? 'miss' : 'stale', previous: entry },
    options.signal,
  )
}

/**
 * Where memory is not trusted, every read asks the shared store first. That also brings this process level with the
 * log, so that a load that began before an invalidation is cut off before this read could share it. A version that is to
 * be replaced is no answer.
 */
function verify(engine: Engine, read: LoadingRead, { signal, replacing }: LoadOptions): Promise<unknown> {
  const { space, key } = read
  const startedAt = engine.clock.now()
  const given = lookUp<unknown>(engine, read, (found, away) => {
    const state =
      found === undefined ? 'dead' : freshness(found.entry.freshUntil, engine.clock.now(), space.settings)
    if (found === undefined || state !== 'fresh' || found.entry.version === replacing) {
      const reason = found === undefined ? 'miss' : state === 'fresh' ? 'refresh-ahead' : 'stale'
      return load(engine, { ...read, reason, previous: found?.entry, away }, signal)
    }
    countHit(engine, space, found.tier, found.entry)
    engine.hot.note(key, space.name)
    if (heard('entry-read')) {
      publish('entry-read', {
        space: space.name,
        key,
        outcome: 'hit',
        tier: found.tier,
        shared: false,
        milliseconds: engine.clock.now() - startedAt,
        meta: found.entry.meta,
      })
    }
    read.onOver?.()
    return handOut(space, found.entry.value)
  })
  return Promise.resolve(given)
}

function abandon(read: LoadingRead, signal: AbortSignal): Promise<never> {
  read.onOver?.()
  return Promise.reject(signal.reason as Error)
}

/** Why a fresh entry should be refreshed now: little of its life is left, or XFetch drew this read. */
function refreshReason(
  engine: Engine,
  { space, key }: Target,
  entry: Entry,
): 'refresh-ahead' | 'early-refresh' | undefined {
  const { refreshAhead, earlyRefresh } = space.settings
  if ((refreshAhead === 0 && earlyRefresh === 0) || entry.freshUntil === Infinity) return undefined
  const now = engine.clock.now()
  const left = entry.freshUntil - now
  // An entry whose whole life is shorter than the window is refreshed in its second half, not on every read.
  const window = Math.min(refreshAhead, (entry.freshUntil - entry.createdAt) / 2)
  const ahead = left < window
  const drawn = earlyRefresh > 0 && -entry.loadTime * earlyRefresh * Math.log(1 - engine.random()) >= left
  if (!ahead && !drawn) return undefined
  if (engine.flights.has(key) || engine.failures.holding(key) !== undefined) return undefined
  if (engine.leftAlone.get(key) === entry.version) return undefined
  return ahead ? 'refresh-ahead' : 'early-refresh'
}

function refresh(engine: Engine, request: LoadRequest): void {
  if (engine.flights.has(request.key) || engine.failures.holding(request.key) !== undefined)
    return request.onOver?.()
  startFlight(engine, request).keepAlive = true
}

/** Joins the load of a key, or starts it; once more when the answer died before this read began. */
async function load(engine: Engine, request: LoadRequest, signal: AbortSignal | undefined): Promise<unknown> {
  const { space, key } = request
  const startedAt = engine.clock.now()
  const counters = countersOf(engine, space)
  engine.hot.note(key, space.name)
  for (;;) {
    const joinedAt = engine.order.latest().n
    const current = joinable(engine, request)
    const shared = current !== undefined
    if (shared) request.onOver?.()
    const stale = current?.answered === true ? staleAnswer(engine, current, request) : undefined
    const joined = stale ?? (current ?? startFlight(engine, request)).join(signal)
    let answer: Answer
    try {
      answer = joined instanceof Promise ? await joined : joined
    } catch (error) {
      counters.misses += 1
      throw error
    }
    if (shared && answer.diedSince !== undefined && answer.diedSince < joinedAt) continue
    if (shared) counters.coalesced += 1
    countAnswer(engine, request, { answer, shared })
    if (heard('entry-read')) {
      const { outcome, tier, entry } = answer
      publish('entry-read', {
        space: space.name,
        key,
        outcome,
        shared,
        milliseconds: engine.clock.now() - startedAt,
        ...(tier === undefined ? {} : { tier }),
        ...(entry === undefined ? {} : { meta: entry.meta }),
      })
    }
    return handOut(space, answer.value)
  }
}

/** The flight that a read may share. Who forces a refresh shares only with others who do. */
function joinable(engine: Engine, request: LoadRequest): Flight | undefined {
  const flight = engine.flights.get(request.key)
  if (flight === undefined || flight.failed) return undefined
  const { trust } = request.space.settings
  // Where the log cannot vouch for it, a load is shared only as long as its value may be old by the bound; a read of a
  // strict space has asked the store before, a forced one has not.
  const vouched =
    trusted(engine, request.space) ||
    (trust === 0 && request.reason !== 'forced') ||
    engine.clock.now() - flight.startedAt < trust
  if (vouched && (request.reason !== 'forced' || flight.forced)) return flight
  detach(engine, flight, request.space.name)
  return undefined
}

function countAnswer(
  engine: Engine,
  { space }: Target,
  { answer, shared }: { answer: Answer; shared: boolean },
): void {
  const counters = countersOf(engine, space)
  if (answer.outcome === 'miss') {
    counters.misses += 1
    if (shared) counters.avoidedCost += answer.entry?.meta.cost ?? space.settings.cost
  } else if (answer.outcome === 'stale') counters.staleServes += 1
  else if (answer.entry !== undefined && answer.tier !== undefined)
    countHit(engine, space, answer.tier, answer.entry)
}
