import { bucketOf, quantile, survivalAge } from './ages.ts'
import type { BoundSpace, Catalog } from '../key/catalog.ts'
import { milliseconds } from '../duration.ts'
import type { Departure, LifetimeLog, Lifetimes } from './lifetimes.ts'
import { roundLength, written } from './round-length.ts'
import type { SpaceBase } from '../key/space.ts'

/** What to do about the TTL of a space. */
export type TtlVerdict =
  /** Values come out of use long before they end: `suggestedTtl` keeps those that are read. */
  | 'shorter'
  /** Many values are in use when they end: try `suggestedTtl` where they may be that old. */
  | 'longer'
  /** The TTL fits. */
  | 'keep'
  /** Many values are in use when they have to go for room: it is not the TTL that ends them. */
  | 'more-memory'
  /** Nearly no value is read again. */
  | 'unread'
  /** Too little was seen to say anything. */
  | 'not-enough'

/** Advice for the TTL of one space (row C7), and what it rests on: entries that have left this process's memory, of which later ones weigh more. Ages are of the value, since it was made. */
export interface TtlAdvice {
  readonly space: string
  readonly advice: TtlVerdict
  /** The advice in one sentence, with its figures. */
  readonly reason: string
  /** Milliseconds; with `shorter`, `longer` and `keep`. */
  readonly suggestedTtl?: number
  /** The fresh life that the entries were given: the TTL of the space, or the median where they were given others. Milliseconds, Infinity for ever; absent when nothing was seen. */
  readonly ttl?: number
  /** Entries that the figures rest on. */
  readonly entries: number
  /** Share of them that nobody read again after the read that loaded them, 0 to 1; 0 without entries. */
  readonly neverRead: number
  /** Share that was still in use when they left: idle for less than three times the mean time between their reads. */
  readonly inUse: number
  /** Ages at the last hit of the entries that were read again, in milliseconds, to 19 %; absent when there are none. */
  readonly lastHitAge?: { readonly median: number; readonly p95: number }
  /** How they left: their life was over or due for a refresh, there was no room, or another value or nothing came in their place before. */
  readonly left: Readonly<Record<Departure, number>>
}

/** Entries that must have left, and of them such as were read again, before there is advice. */
const leastEntries = 100
const leastRead = 30
/** Share of the entries that are read again whose last read a shorter TTL must keep, and what is added to their age. */
const kept = 0.95
const reserve = 1.25
/** A TTL that is shorter by less than this is not worth the change. */
const worthwhile = 0.8
/** Share of all entries that must have been in use when they ended, or unread, for advice about that. */
const manyInUse = 0.25
const nearlyAll = 0.9

/** What to do about the TTL of each space of a catalog, or of one. @throws E_SPACE_UNKNOWN */
export function advise(
  engine: { readonly catalog: Catalog; readonly lifetimes: LifetimeLog },
  space: SpaceBase | undefined,
): readonly TtlAdvice[] {
  const { catalog, lifetimes } = engine
  const spaces = space === undefined ? catalog.spaces : [catalog.find(space.name)]
  return spaces.map((bound) => adviseSpace(bound, lifetimes.of(bound.name)))
}

const nothing = Object.freeze({ expired: 0, evicted: 0, replaced: 0, removed: 0 })

function adviseSpace(space: BoundSpace, seen: Readonly<Lifetimes> | undefined): TtlAdvice {
  if (seen === undefined) {
    const figures = { entries: 0, neverRead: 0, inUse: 0, left: nothing }
    return { space: space.name, ...judge(undefined, figures), ...figures }
  }
  const { entries, left, inUse } = seen
  const figures: Figures = {
    entries: Math.round(entries),
    neverRead: seen.unread / entries,
    inUse: (inUse.expired + inUse.evicted + inUse.replaced + inUse.removed) / entries,
    ttl: givenLife(space, seen),
    ...lastHits(seen),
    left: {
      expired: Math.round(left.expired),
      evicted: Math.round(left.evicted),
      replaced: Math.round(left.replaced),
      removed: Math.round(left.removed),
    },
  }
  return { space: space.name, ...judge(seen, figures), ...figures }
}

type Figures = Omit<TtlAdvice, 'space' | 'advice' | 'reason' | 'suggestedTtl'>

function judge(
  seen: Readonly<Lifetimes> | undefined,
  { entries, neverRead, ttl }: Figures,
): Pick<TtlAdvice, 'advice' | 'reason' | 'suggestedTtl'> {
  const unread = `${percent(neverRead)} of ${entries} entries were never read again`
  if (seen === undefined || ttl === undefined || entries < leastEntries) {
    const reason = `Not enough seen yet: ${entries} entries have left memory, and advice needs ${leastEntries}.`
    return { advice: 'not-enough', reason }
  }
  if (neverRead >= nearlyAll) {
    const reason = `${unread}: their reads are further apart than they stay, or they are not worth keeping.`
    return { advice: 'unread', reason }
  }
  const read = Math.round(seen.entries - seen.unread)
  if (read < leastRead) {
    const reason = `Not enough seen yet: ${read} of ${entries} entries were read again, and advice needs ${leastRead}.`
    return { advice: 'not-enough', reason }
  }
  const ended = seen.inUse.expired / seen.entries
  if (ended >= manyInUse && ttl !== Infinity) {
    const suggestedTtl = roundLength(2 * ttl)
    const reason = `${percent(ended)} of ${entries} entries were in use when they ended after ${written(ttl)}: try ${written(suggestedTtl)} where values may be that old.`
    return { advice: 'longer', suggestedTtl, reason }
  }
  const pushedOut = seen.inUse.evicted / seen.entries
  if (pushedOut >= manyInUse) {
    const reason = `${percent(pushedOut)} of ${entries} entries were in use when they had to go for room: more memory would help, another TTL would not.`
    return { advice: 'more-memory', reason }
  }
  const used = survivalAge(seen.stopped, seen.cut, kept)
  const enough = roundLength((used ?? Infinity) * reserve)
  if (used !== undefined && used < Infinity && enough <= ttl * worthwhile) {
    const reason = `${percent(kept)} of the ${read} entries that were read again had their last hit within ${written(used)}; ${unread}. ${written(enough)} in place of ${written(ttl)} would keep what is read.`
    return { advice: 'shorter', suggestedTtl: enough, reason }
  }
  const reason = `Nothing that was seen speaks for another TTL than ${written(ttl)}; ${unread}.`
  return { advice: 'keep', suggestedTtl: ttl, reason }
}

/** The declared TTL where the lives that were given are near it, jitter included; else their median. */
function givenLife({ settings: { ttl } }: BoundSpace, { given }: Readonly<Lifetimes>): number {
  const median = quantile(given, 0.5) as number
  const declared = typeof ttl === 'number' || typeof ttl === 'string' ? milliseconds(ttl) : median
  return Math.abs(bucketOf(declared) - bucketOf(median)) <= 2 ? declared : median
}

function lastHits({ stopped, lastUses }: Readonly<Lifetimes>): Pick<Figures, 'lastHitAge'> {
  const all = stopped.map((count, bucket) => count + (lastUses[bucket] ?? 0))
  const median = quantile(all, 0.5)
  const p95 = quantile(all, kept)
  return median === undefined || p95 === undefined ? {} : { lastHitAge: { median, p95 } }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
