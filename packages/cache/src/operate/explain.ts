import { askTier } from './ask-tier.ts'
import { decode } from '../entry/codec.ts'
import { type Engine, allTags, marksOf, offsetOf } from '../engine.ts'
import { type Entry, type Freshness, type Position, type Provenance, freshness } from '../entry/entry.ts'
import type { Target } from '../read/revive.ts'
import type { Tier } from '../tier.ts'

/** What one tier has for a key. */
export interface TierExplanation {
  readonly tier: string
  readonly state: Freshness | 'absent' | 'invalidated' | 'unreadable' | 'unreachable'
  readonly ageMs?: number
  /** Fresh life left in milliseconds; negative when it is over, Infinity for ever. */
  readonly leftMs?: number
  readonly bytes?: number
  readonly meta?: Provenance
  readonly tags?: readonly string[]
  /** The mark that invalidated it. */
  readonly mark?: string
  /** The position of the log that its value was loaded at or after: an invalidation up to there did not miss it. */
  readonly asOf?: Position
}

/** What is known about one key (row F9). */
export interface Explanation {
  readonly space: string
  readonly key: string
  readonly tiers: readonly TierExplanation[]
  /** The load in progress, where there is one. */
  readonly flight?: { readonly startedAt: number; readonly callers: number }
  /** The failure that keeps its loader from being called, where there is one. */
  readonly failure?: { readonly message: string; readonly attempts: number; readonly until: number }
  /** One sentence: what a read would do now. */
  readonly onRead: string
}

/** What is known about one key, tier by tier, without counting as a read. */
export async function explain(engine: Engine, target: Target): Promise<Explanation> {
  const { space, key } = target
  const below = await Promise.all(engine.tiers.map(async (tier) => explainTier(engine, target, tier)))
  const tiers = [explainMemory(engine, target), ...below]
  const flight = engine.flights.get(key)
  const failure = engine.failures.holding(key)
  return {
    space: space.name,
    key,
    tiers,
    ...(flight === undefined ? {} : { flight: { startedAt: flight.startedAt, callers: flight.callers } }),
    ...(failure === undefined
      ? {}
      : { failure: { message: messageOf(failure.error), attempts: failure.attempts, until: failure.until } }),
    onRead: sentence(engine, target, tiers),
  }
}

function explainMemory(engine: Engine, target: Target): TierExplanation {
  const record = engine.memory.look(target.key)
  return record === undefined
    ? { tier: 'memory', state: 'absent' }
    : explainEntry(engine, target, { tier: 'memory', entry: record.entry })
}

async function explainTier(engine: Engine, target: Target, tier: Tier): Promise<TierExplanation> {
  try {
    const [record] = await askTier(engine, tier, async () => tier.read([target.key]))
    if (record === undefined) return { tier: tier.name, state: 'absent' }
    const entry = decode(target.key, record, {
      now: engine.order.latest(),
      offset: offsetOf(engine),
      codec: engine.codec,
      text: target.space.settings.text,
    })
    return typeof entry === 'string'
      ? { tier: tier.name, state: 'unreadable' }
      : explainEntry(engine, target, { tier: tier.name, entry })
  } catch {
    return { tier: tier.name, state: 'unreachable' }
  }
}

function explainEntry(
  engine: Engine,
  target: Target,
  { tier, entry }: { tier: string; entry: Entry },
): TierExplanation {
  const now = engine.clock.now()
  const tags = allTags(target.space, target.params, entry.tags)
  const died = engine.order.deadBy(entry.asOf, marksOf(target.space, target.params, tags))
  const facts = {
    ageMs: now - entry.createdAt,
    leftMs: entry.freshUntil - now,
    bytes: entry.bytes,
    meta: entry.meta,
    tags,
    asOf: entry.asOf,
  }
  if (died !== undefined) return { tier, state: 'invalidated', mark: died.mark, ...facts }
  return { tier, state: freshness(entry.freshUntil, now, target.space.settings), ...facts }
}

function sentence(engine: Engine, { space, key }: Target, tiers: readonly TierExplanation[]): string {
  const serving = tiers.find(({ state }) => state === 'fresh')
  if (serving !== undefined)
    return `A read would be answered from ${serving.tier}, fresh for another ${span(serving.leftMs ?? 0)}.`
  const stale = tiers.find(({ state }) => state === 'stale')
  if (stale !== undefined)
    return `A read would get the expired value from ${stale.tier} at once, and a load would refresh it in the background.`
  const flight = engine.flights.get(key)
  const fallback = tiers.some(({ state }) => state === 'fallback')
    ? '; if that fails, the expired value is served'
    : ''
  if (flight !== undefined)
    return `A read with a loader would share the load that began ${span(engine.clock.now() - flight.startedAt)} ago${fallback}.`
  const held = engine.failures.holding(key)
  if (held !== undefined) {
    const wait = span(held.until - engine.clock.now())
    if (fallback !== '')
      return `Its loader failed and is left alone for another ${wait}; a read would get the expired value.`
    return `Its loader failed ${held.attempts} times; a read would be refused with E_LOADER_BACKOFF for another ${wait}.`
  }
  const why = tiers.some(({ state }) => state === 'invalidated')
    ? 'it was invalidated'
    : tiers.some(({ state }) => state === 'dead')
      ? 'it has expired'
      : 'no tier has it'
  return `A read of space "${space.name}" would call the loader, since ${why}${fallback}.`
}

function span(ms: number): string {
  if (ms === Infinity) return 'ever'
  return ms < 1_000 ? `${Math.max(0, Math.round(ms))} ms` : `${Math.round(ms / 1_000)} s`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
