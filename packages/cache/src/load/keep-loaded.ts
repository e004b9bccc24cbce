import { type Engine, allTags, marksOf } from '../engine.ts'
import type { Entry } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { type Events, publish } from '../events.ts'
import type { Flight } from './flight.ts'
import type { Lease } from '../cluster/lease.ts'
import type { Said } from './load-context.ts'
import type { LoadRequest } from './load-request.ts'
import { notModified } from './loader.ts'
import { makeNewEntry, putAll } from '../write/store.ts'
import { type Kept, keepValue } from '../entry/value.ts'

/** What a loader came back with. */
interface Loaded {
  readonly request: LoadRequest
  readonly said: Said
  readonly loaded: unknown
  readonly previous: Entry | undefined
  readonly loadTime: number
  readonly lease: Lease | undefined
}

/**
 * Answers with a loaded value and keeps it, unless it was invalidated meanwhile, its loader or its space says no,
 * or it has no life.
 * @throws E_LOADER_UNDEFINED, E_VALUE_*, E_TTL_INVALID, E_TAG_INVALID
 */
export async function keepLoaded(
  engine: Engine,
  flight: Flight,
  { request, said, loaded, previous, loadTime, lease }: Loaded,
): Promise<void> {
  const { space, key, params } = request
  if (loaded === undefined) {
    throw new RepriseError(
      'E_LOADER_UNDEFINED',
      `the loader of "${key}" returned undefined; return null for "nothing there", or throw`,
    )
  }
  const renewed = loaded === notModified && previous !== undefined
  const kept: Kept = renewed
    ? { value: previous.value, bytes: previous.bytes }
    : await keepValue(space, loaded)
  const meta = renewed ? { ...previous.meta, ...said.meta } : said.meta
  const tags = allTags(space, params, renewed ? [...previous.tags, ...said.tags] : said.tags)
  publish('load-finished', { space: space.name, key, milliseconds: loadTime, meta })
  engine.failures.forget(key)
  const asOf = flight.asOf ?? engine.order.latest()
  const died = engine.order.deadBy(asOf, marksOf(space, params, tags))
  const entry = makeNewEntry(engine, request, kept, {
    asOf,
    tags,
    meta,
    loadTime,
    ...(said.ttl === undefined ? {} : { ttl: said.ttl }),
  })
  const refusal = refusalOf(flight, {
    said,
    died: died !== undefined,
    noLife: entry === undefined,
    admitted: () => space.settings.admit(kept.value, meta),
  })
  const answer = {
    value: kept.value,
    entry,
    outcome: 'miss' as const,
    ...(died === undefined ? {} : { diedSince: asOf.n }),
  }
  // The load is over, whatever the tiers take: who comes now reads memory or loads anew.
  if (engine.flights.get(key) === flight) engine.flights.delete(key)
  if (entry === undefined || refusal !== undefined) {
    publish('entry-refused', { space: space.name, key, reason: refusal ?? 'no-life' })
    flight.settle(answer)
    if (lease !== undefined) await giveBack(engine, request, lease)
    return
  }
  const stored = putAll(engine, [{ target: request, entry, ticket: flight.ticket, lease: lease?.token }])
  flight.settle(answer)
  // The caller has its answer; a tier that could not be written told so by an event.
  await stored.catch(() => {})
}

/** Ends a lease under which nothing is stored, so that others need not wait for its end. */
async function giveBack(engine: Engine, { space, key }: LoadRequest, lease: Lease): Promise<void> {
  await engine.cluster?.shared.release({ key, format: space.settings.format }, lease.token).catch(() => {})
}

function refusalOf(
  flight: Flight,
  state: { said: Said; died: boolean; noLife: boolean; admitted: () => boolean },
): Events['entry-refused']['reason'] | undefined {
  if (flight.ticket.broken || state.died) return 'invalidated'
  if (state.said.skip) return 'skipped'
  if (state.noLife) return 'no-life'
  return state.admitted() ? undefined : 'not-admitted'
}
