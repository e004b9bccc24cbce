import type { Engine } from '../engine.ts'
import { holderOf } from '../cluster/token.ts'
import { type KnownKey, type Seen, type TierExplanation, lookAt } from './look.ts'

/** The lease of a key. */
export interface LeaseExplanation {
  /** The name of the process, `host:pid` unless it was given another; '' where another program took it. */
  readonly holder: string
  /** Whether this process has it. */
  readonly own: boolean
  /** Milliseconds until it ends, unless its holder beats. */
  readonly leftMs: number
}

/** What is known about one key (row F9). */
export interface Explanation {
  readonly space: string
  readonly key: string
  readonly tiers: readonly TierExplanation[]
  /** The load in progress, where there is one. */
  readonly flight?: { readonly startedAt: number; readonly callers: number }
  /** Who has the right to load it, where processes share a store: this one, or another. */
  readonly lease?: LeaseExplanation
  /** The failure that keeps its loader from being called, where there is one. */
  readonly failure?: { readonly message: string; readonly attempts: number; readonly until: number }
  /** One sentence: what a read would do now. */
  readonly onRead: string
}

/** What is known about one key, tier by tier, without counting as a read; and what was seen. */
export async function explain(
  engine: Engine,
  target: KnownKey,
): Promise<{ readonly explanation: Explanation; readonly seen: Seen }> {
  const { space, key } = target
  const [[seen], lease] = await Promise.all([lookAt(engine, [target]), leaseOf(engine, key)])
  const { tiers } = seen as Seen
  const flight = engine.flights.get(key)
  const failure = engine.failures.holding(key)
  const explanation = {
    space: space.name,
    key,
    tiers,
    ...(flight === undefined ? {} : { flight: { startedAt: flight.startedAt, callers: flight.callers } }),
    ...(lease === undefined ? {} : { lease }),
    ...(failure === undefined
      ? {}
      : { failure: { message: messageOf(failure.error), attempts: failure.attempts, until: failure.until } }),
    onRead: sentence(engine, target, { tiers, lease }),
  }
  return { explanation, seen: seen as Seen }
}

/** Who has the lease of a key; undefined where nobody has, where nothing is shared, and where the store is away. */
async function leaseOf({ cluster }: Engine, key: string): Promise<LeaseExplanation | undefined> {
  const held = await cluster?.shared.holder?.(key).catch(() => undefined)
  if (cluster === undefined || held === undefined || held.left <= 0) return undefined
  const holder = holderOf(held.token)
  return { holder, own: holder === cluster.process, leftMs: held.left }
}

function sentence(
  engine: Engine,
  { space, key }: KnownKey,
  { tiers, lease }: Pick<Explanation, 'tiers'> & { readonly lease: LeaseExplanation | undefined },
): string {
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
  if (lease !== undefined && !lease.own) {
    const who = lease.holder === '' ? 'another program' : `process ${lease.holder}`
    return `A read with a loader would wait for ${who}, which loads or writes it: its lease ends in ${span(lease.leftMs)} unless it is kept alive${fallback}.`
  }
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
