import { type Engine, countersOf, marksOf } from '../engine.ts'
import { type Entry, freshness } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'
import { runStep } from '../around.ts'
import { publish } from '../events.ts'
import type { Answer, Flight } from './flight.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Failure } from './failures.ts'
import { keepLoaded } from './keep-loaded.ts'
import type { Lease } from '../cluster/lease.ts'
import { createContext } from './load-context.ts'
import { leaveRunning, openUpgrading } from './leave-running.ts'
import type { LoadRequest } from './load-request.ts'
import type { LoadContext, Loader } from './loader.ts'
import type { Target } from '../read/revive.ts'
import type { First, Upgrading } from './upgrading.ts'
import { handOut } from '../entry/value.ts'

/** The load to carry out, and the right to it where processes share a store. */
export interface Call {
  readonly request: LoadRequest
  readonly lease: Lease | undefined
}

/** Runs the loader of a flight under its limits, and gives the flight its answer. Never rejects. */
export async function callLoader(engine: Engine, flight: Flight, { request, lease }: Call): Promise<void> {
  const { space, key, reason } = request
  const { softLimit, hardLimit } = space.settings
  const counters = countersOf(engine, space)
  if (flight.aborted) {
    flight.fail(flight.controller.signal.reason)
    if (lease !== undefined) await release(engine, { request, lease }, undefined)
    return lease?.end()
  }
  const previous = livingFallback(engine, flight, request)
  const left: Upgrading[] = []
  let over = false
  const { context, said } = createContext({
    key,
    signal: flight.controller.signal,
    previous: previous === undefined ? undefined : handOut(space, previous.value),
    open(told) {
      const upgrading = openUpgrading(engine, flight, { target: request, startedAt, said: told, left })
      // A loader that was cut off may still run, and nobody would tell what it leaves that nothing was kept.
      if (over) upgrading.begin(undefined)
      return upgrading
    },
    leave: (upgrading, work, options) =>
      leaveRunning(engine, [upgrading], { work, options, valuesOf: (value) => [value] }),
  })
  flight.asOf ??= engine.order.latest()
  flight.ticket.asOf = flight.asOf
  const startedAt = engine.clock.now()
  counters.loads += 1
  publish('load-started', { space: space.name, key, reason, previous: previous !== undefined })
  const limits = new AbortController()
  const limit = (delay: number, callback: () => void): void => {
    if (delay === Infinity) return
    const timer = engine.clock.setTimeout(callback, delay)
    limits.signal.addEventListener('abort', () => timer.cancel(), { once: true })
  }
  const cutOff = new Promise<never>((_, reject) => {
    limit(hardLimit, () => {
      const error = new RepriseError(
        'E_LOADER_TIMEOUT',
        `the loader of "${key}" took longer than its hard limit of ${hardLimit} ms`,
      )
      publish('load-aborted', { space: space.name, key, reason: 'hard-limit' })
      reject(error)
      flight.controller.abort(error)
    })
    // An abandoned or closed load ends at once, even if its loader does not listen to the signal.
    flight.controller.signal.addEventListener(
      'abort',
      () => reject(flight.controller.signal.reason as Error),
      { once: true },
    )
  })
  limit(softLimit, () => {
    const stale = flight.answered ? undefined : staleAnswer(engine, flight, request)
    if (stale === undefined) return
    publish('soft-limit-passed', { space: space.name, key })
    flight.keepAlive = true
    flight.serve(stale)
  })
  let first: First | undefined
  try {
    const step = { name: 'load', space: space.name, reason } as const
    const loaded = await runStep(step, () => Promise.race([invoke(request.run, context), cutOff]))
    const milliseconds = engine.clock.now() - startedAt
    const open = left.length > 0
    first = await keepLoaded(engine, flight, {
      request,
      said,
      loaded,
      previous,
      loadTime: milliseconds,
      lease,
      open,
    })
    counters.loadTime += milliseconds
    engine.latencies.loads.get(space.name)?.note(milliseconds)
  } catch (error) {
    const failure = loadFailed(engine, flight, {
      request,
      error,
      milliseconds: engine.clock.now() - startedAt,
    })
    if (lease !== undefined) await release(engine, { request, lease }, failure)
  } finally {
    limits.abort()
    lease?.end()
    over = true
    for (const upgrading of left) upgrading.begin(first)
  }
}

async function invoke(loader: Loader<unknown, unknown>, context: LoadContext<unknown>): Promise<unknown> {
  return loader(context)
}

function loadFailed(
  engine: Engine,
  flight: Flight,
  failure: { request: LoadRequest; error: unknown; milliseconds: number },
): Failure | undefined {
  const { request, error, milliseconds } = failure
  const { space, key } = request
  const aborted = flight.aborted && !RepriseError.is(error, 'E_LOADER_TIMEOUT')
  if (aborted) {
    flight.fail(error)
    return undefined
  }
  const counters = countersOf(engine, space)
  counters.loadFailures += 1
  const recorded = flight.ticket.broken ? undefined : engine.failures.record(space, key, error)
  publish('loader-failed', { space: space.name, key, error, milliseconds, attempts: recorded?.attempts ?? 1 })
  const wrap = (): RepriseError =>
    RepriseError.is(error)
      ? error
      : new RepriseError('E_LOADER_FAILED', `the loader of "${key}" failed: ${reasonOf(error)}`, {
          cause: error,
        })
  serveOr(engine, flight, { target: request, error: wrap })
  return recorded
}

/** Gives the lease back after a load that made nothing, with its failure where other processes should know it. */
async function release(
  engine: Engine,
  { request, lease }: { request: LoadRequest; lease: Lease },
  failure: Failure | undefined,
): Promise<void> {
  const { shared } = engine.cluster as Cluster
  const key = { key: request.key, format: request.space.settings.format }
  const told =
    failure === undefined || failure.until <= engine.clock.now()
      ? undefined
      : {
          message: reasonOf(failure.error),
          attempts: failure.attempts,
          wait: failure.until - engine.clock.now(),
        }
  try {
    await shared.release(key, lease.token, told)
  } catch (error) {
    publish('tier-failed', { tier: shared.name, operation: 'write', error })
  }
}

/** The value that may be served instead of a new one: not invalidated, and within its windows now. */
export function livingFallback(engine: Engine, flight: Flight, target: Target): Entry | undefined {
  const { fallback } = flight
  if (fallback === undefined || flight.ticket.broken) return undefined
  if (freshness(fallback.freshUntil, engine.clock.now(), target.space.settings) === 'dead') return undefined
  const marks = marksOf(target.space, target.params, fallback.tags)
  return engine.order.deadBy(fallback.asOf, marks) === undefined ? fallback : undefined
}

/** The fallback as an answer, where there is one. */
export function staleAnswer(engine: Engine, flight: Flight, target: Target): Answer | undefined {
  const entry = livingFallback(engine, flight, target)
  return entry === undefined ? undefined : { value: entry.value, entry, outcome: 'stale', tier: 'memory' }
}

/** Answers with the fallback where there is one, else with an error. */
export function serveOr(
  engine: Engine,
  flight: Flight,
  options: { readonly target: Target; readonly error: () => RepriseError },
): void {
  const stale = staleAnswer(engine, flight, options.target)
  if (stale === undefined) flight.fail(options.error())
  else flight.settle(stale)
}

/** An error as a message tells it. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : quote(error)
}
