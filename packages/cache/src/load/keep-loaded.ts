import { lineOfToken } from '../cluster/token.ts'
import { type Engine, allTags, marksOf } from '../engine.ts'
import type { Entry, Provenance } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { type RefusalReason, publish } from '../events.ts'
import type { Flight } from './flight.ts'
import type { Lease } from '../cluster/lease.ts'
import type { Said } from './said.ts'
import type { LoadRequest } from './load-request.ts'
import { notModified } from './loader.ts'
import { itself, lookUp } from '../read/read.ts'
import { readStored } from '../read/read-shared.ts'
import type { First } from './upgrading.ts'
import { makeNewEntry, putAll } from '../write/store.ts'
import { announce } from '../write/write-shared.ts'
import { type Kept, keepValue } from '../entry/value.ts'

/** What a loader came back with. */
interface Loaded {
  readonly request: LoadRequest
  readonly said: Said
  readonly loaded: unknown
  readonly previous: Entry | undefined
  readonly loadTime: number
  readonly lease: Lease | undefined
  /** Whether better values may follow. */
  readonly open: boolean
}

/**
 * Answers with a loaded value and keeps it, unless it was invalidated meanwhile, its loader or its space says no, it
 * has no life, or something fresh of a higher rank is there. Resolves with what can be improved now, if anything.
 * @throws E_LOADER_UNDEFINED, E_VALUE_*, E_TTL_INVALID, E_TAG_INVALID
 */
export async function keepLoaded(
  engine: Engine,
  flight: Flight,
  { request, said, loaded, previous, loadTime, lease, open }: Loaded,
): Promise<First | undefined> {
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
  const better = meta.rank === undefined ? undefined : await betterThan(engine, request, { meta, lease })
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
    outranked: better !== undefined,
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
    publish('entry-refused', { space: space.name, key, reason: refusal ?? 'no-life', meta })
    flight.settle(answer)
    if (lease !== undefined) await giveBack(engine, request, lease)
    if (refusal !== 'outranked' || better === undefined) return undefined
    leaveAlone(engine, key, better.version)
    return { line: lease?.line, version: better.version }
  }
  // Who reads the store never asks for a line that no upgrade could name.
  const line =
    lease !== undefined && (open || lease.line !== lineOfToken(lease.token)) ? lease.line : undefined
  const store = { target: request, entry, ticket: flight.ticket, lease: lease?.token, line }
  const stored = putAll(engine, [store])
  flight.settle(answer)
  // The caller has its answer; a tier that could not be written told so by an event.
  const told = space.settings.announce ? stored.then(async () => announce(engine, store)) : stored
  await told.catch(() => {})
  return { line, version: entry.version }
}

/**
 * The fresh entry of a higher rank that a loaded value must not replace. Nothing can have taken the place of what the
 * load has seen when it began without cutting it off; a forced one has not looked.
 */
async function betterThan(
  engine: Engine,
  request: LoadRequest,
  { meta, lease }: { readonly meta: Provenance; readonly lease: Lease | undefined },
): Promise<Entry | undefined> {
  const there = request.reason === 'forced' ? await lookAgain(engine, request, lease) : request.previous
  const marks = there && marksOf(request.space, request.params, there.tags)
  if (there === undefined || marks === undefined || engine.order.deadBy(there.asOf, marks) !== undefined)
    return undefined
  const fresh = engine.clock.now() < there.freshUntil
  return fresh && (there.meta.rank ?? -Infinity) > (meta.rank ?? -Infinity) ? there : undefined
}

async function lookAgain(
  engine: Engine,
  request: LoadRequest,
  lease: Lease | undefined,
): Promise<Entry | undefined> {
  if (engine.cluster === undefined) return (await lookUp(engine, request, itself))?.entry
  if (lease === undefined) return engine.memory.look(request.key)?.entry
  // Memory may be older than what another process has stored since.
  return readStored(engine, engine.cluster, request)
}

/** Entries remembered at most that a refresh could not better. */
const mostLeftAlone = 1_000

/** Has an entry that a refresh could not better not refreshed ahead again and again: its own upgrade may still come. */
function leaveAlone(engine: Engine, key: string, version: string): void {
  const { leftAlone } = engine
  leftAlone.delete(key)
  leftAlone.set(key, version)
  if (leftAlone.size > mostLeftAlone) leftAlone.delete(leftAlone.keys().next().value as string)
}

/** Ends a lease under which nothing is stored, so that others need not wait for its end. */
async function giveBack(engine: Engine, { space, key }: LoadRequest, lease: Lease): Promise<void> {
  await engine.cluster?.shared.release({ key, format: space.settings.format }, lease.token).catch(() => {})
}

function refusalOf(
  flight: Flight,
  state: { said: Said; died: boolean; noLife: boolean; outranked: boolean; admitted: () => boolean },
): RefusalReason | undefined {
  if (flight.ticket.broken || state.died) return 'invalidated'
  if (state.said.skip) return 'skipped'
  if (state.noLife) return 'no-life'
  if (!state.admitted()) return 'not-admitted'
  return state.outranked ? 'outranked' : undefined
}
