/**
 * The load of one key, in the order of its states: reading (the tiers below memory), held back (its loader
 * failed lately), loading (the loader runs), then kept or refused. Its position in the log is taken before the
 * loader starts, so that every invalidation that comes later is newer than the value. A load whose ticket was
 * broken, or whose marks are newer than its position, keeps nothing, whatever the loader returns.
 */
import { callLoader, reasonOf, serveOr } from './call-loader.ts'
import { type Engine, allTags, marksOf } from '../engine.ts'
import { freshness } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { publish } from '../events.ts'
import { Flight } from './flight.ts'
import type { Failure } from './failures.ts'
import { type Obtained, obtain } from '../cluster/lease.ts'
import type { LoadRequest } from './load-request.ts'
import { readTiers } from '../read/read-tiers.ts'
import type { FoundEntry } from '../read/revive.ts'

/** Starts the one load of a key; whoever wants the key joins it. */
export function startFlight(engine: Engine, request: LoadRequest): Flight {
  const { space, key, params, previous, reason } = request
  const now = engine.clock.now()
  const state = previous === undefined ? 'dead' : freshness(previous.freshUntil, now, space.settings)
  const marks = marksOf(space, params, allTags(space, params, []))
  // Who forces a load does not want what earlier ones may still come with.
  if (reason === 'forced') engine.tickets.breakUpgrades(key)
  const flight = new Flight({
    ticket: engine.tickets.take(key),
    marks,
    startedAt: now,
    forced: reason === 'forced',
    fallback: state === 'dead' ? undefined : previous,
    onAbandon: () => {
      if (space.settings.onAbandon === 'finish') flight.keepAlive = true
      else stop(engine, flight, space.name)
    },
  })
  flight.ticket.onBreak = () => detach(engine, flight, space.name)
  engine.flights.set(key, flight)
  engine.background(fly(engine, flight, request))
  return flight
}

async function fly(engine: Engine, flight: Flight, request: LoadRequest): Promise<void> {
  try {
    await run(engine, flight, request)
  } catch (error) {
    flight.fail(error)
  } finally {
    engine.tickets.release(flight.ticket)
    if (engine.flights.get(flight.key) === flight) engine.flights.delete(flight.key)
    request.onOver?.()
  }
}

/** Cuts a flight off from its key: those who joined get its answer, those who come now load anew. */
export function detach(engine: Engine, flight: Flight, space: string): void {
  if (engine.flights.get(flight.key) !== flight) return
  engine.flights.delete(flight.key)
  flight.ticket.broken = true
  flight.fallback = undefined
  publish('load-detached', { space, key: flight.key })
}

function stop(engine: Engine, flight: Flight, space: string): void {
  flight.ticket.broken = true
  if (engine.flights.get(flight.key) === flight) engine.flights.delete(flight.key)
  publish('load-aborted', { space, key: flight.key, reason: 'abandoned' })
  flight.controller.abort(new DOMException('every caller has left this load', 'AbortError'))
}

async function run(engine: Engine, flight: Flight, request: LoadRequest): Promise<void> {
  if (engine.cluster === undefined) return runAlone(engine, flight, request)
  const held = request.reason === 'forced' ? undefined : engine.failures.holding(request.key)
  if (held !== undefined) return holdBack(engine, flight, { request, held })
  // Who has just found the store away does not wait for it a second time.
  const obtained: Obtained =
    request.away === undefined
      ? await obtain(engine, engine.cluster, { flight, request })
      : { kind: 'alone', error: request.away }
  if (obtained.kind === 'found') {
    const { entry } = obtained
    flight.settle({ value: entry.value, entry, outcome: 'hit', tier: engine.cluster.shared.name })
  } else if (obtained.kind === 'failed') {
    const { failure, left } = obtained
    const until = engine.clock.now() + left
    holdBack(engine, flight, {
      request,
      held: { error: new Error(failure.message), attempts: failure.attempts, until },
    })
  } else if (obtained.kind === 'granted') await callLoader(engine, flight, { request, lease: obtained.lease })
  else if (obtained.kind === 'alone') {
    // Fail closed: in a strict space no value is better than one that cannot be verified.
    if (request.space.settings.trust === 0) flight.fail(obtained.error)
    else await callLoader(engine, flight, { request, lease: undefined })
  }
}

async function runAlone(engine: Engine, flight: Flight, request: LoadRequest): Promise<void> {
  const { key, reason } = request
  if (reason === 'miss' || reason === 'stale') {
    const found = await readTiers(engine, request, flight.ticket)
    if (found !== undefined && !flight.ticket.broken && answerFrom(engine, flight, { found, request })) return
  }
  const held = reason === 'forced' ? undefined : engine.failures.holding(key)
  if (held !== undefined) holdBack(engine, flight, { request, held })
  else if (!flight.aborted) await callLoader(engine, flight, { request, lease: undefined })
}

/** Answers without calling a loader that failed lately. */
function holdBack(
  engine: Engine,
  flight: Flight,
  { request, held }: { request: LoadRequest; held: Failure },
): void {
  const { space, key } = request
  publish('load-held-back', { space: space.name, key, until: held.until })
  const wait = Math.max(0, held.until - engine.clock.now())
  const message = `the loader of "${key}" failed ${held.attempts} times, last with ${reasonOf(held.error)}; it is called again in ${Math.ceil(wait)} ms`
  serveOr(engine, flight, {
    target: request,
    error: () => new RepriseError('E_LOADER_BACKOFF', message, { cause: held.error, retryAfter: wait }),
  })
}

/** Answers with what a tier had. True when that was fresh and nothing is left to do. */
function answerFrom(
  engine: Engine,
  flight: Flight,
  { found, request }: { found: FoundEntry; request: LoadRequest },
): boolean {
  const state = freshness(found.entry.freshUntil, engine.clock.now(), request.space.settings)
  if (state === 'dead') return false
  flight.fallback = found.entry
  if (state === 'fallback') return false
  const { entry, tier } = found
  if (state === 'fresh') flight.settle({ value: entry.value, entry, outcome: 'hit', tier })
  else {
    flight.keepAlive = true
    flight.serve({ value: entry.value, entry, outcome: 'stale', tier })
  }
  return state === 'fresh'
}
