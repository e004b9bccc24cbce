import type { BoundSpace } from './catalog.ts'
import { decode } from './codec.ts'
import type { Collector } from './collector.ts'
import { type Engine, allTags, countersOf, lives, marksOf, remember } from './engine.ts'
import { type Entry, freshness } from './entry.ts'
import { publish } from './events.ts'
import type { MemoryRecord } from './memory.ts'
import type { AnyParams } from './template.ts'
import type { Tier, TierRecord } from './tier.ts'
import type { Ticket } from './ticket.ts'
import { checkSchema } from './value.ts'

/** One key being read. */
export interface Target {
  readonly space: BoundSpace
  readonly key: string
  readonly params: AnyParams
}

/** An entry that was found in a tier. */
export interface FoundEntry {
  readonly entry: Entry
  readonly tier: string
}

/** The living record of a key in memory, fresh or within its windows; counted as used. */
export function readMemory(engine: Engine, key: string): MemoryRecord | undefined {
  const record = engine.memory.read(key)
  if (record === undefined) return undefined
  if (lives(engine, record)) return record
  engine.memory.remove(key)
  return undefined
}

/** Counts a fresh answer from a tier. */
export function countHit(engine: Engine, space: BoundSpace, tier: string, entry: Entry): void {
  const counters = countersOf(engine, space)
  counters.hits[tier] = (counters.hits[tier] ?? 0) + 1
  counters.avoidedCost += entry.meta.cost ?? space.settings.cost
}

/** The entry of a stored record as it may be used: readable, of this key, alive, within its windows and true to its schema. */
export async function revive(
  engine: Engine,
  target: Target,
  stored: { tier: string; record: TierRecord },
): Promise<Entry | undefined> {
  const { space, key, params } = target
  const unreadable = (reason: string): undefined => {
    countersOf(engine, space).errors += 1
    publish('entry-unreadable', { space: space.name, key, tier: stored.tier, reason })
    return undefined
  }
  const decoded = decode(key, stored.record, engine.order.position())
  if (typeof decoded === 'string') return unreadable(decoded)
  if (freshness(decoded.freshUntil, engine.clock.now(), space.settings) === 'dead') return undefined
  const entry: Entry = { ...decoded, tags: allTags(space, params, decoded.tags) }
  if (engine.order.deadBy(entry.asOf, marksOf(space, params, entry.tags)) !== undefined) return undefined
  try {
    const value = await checkSchema(space, entry.value)
    return { ...entry, value: space.settings.immutability === 'freeze' ? deepFreeze(value) : value }
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : 'its schema refuses it')
  }
}

/** What the tiers below memory have, nearest first; copied up into memory with its remaining life unless the ticket was broken meanwhile. */
export async function readBelow(
  engine: Engine,
  target: Target,
  ticket: Ticket,
): Promise<FoundEntry | undefined> {
  for (const tier of engine.tiers) {
    const record = await readTier(engine, tier, target)
    if (record === undefined) continue
    const entry = await revive(engine, target, { tier: tier.name, record })
    if (entry === undefined || ticket.broken) continue
    const marks = marksOf(target.space, target.params, entry.tags)
    if (engine.order.deadBy(entry.asOf, marks) !== undefined) continue
    remember(engine, target.space, { key: target.key, entry, marks })
    publish('entry-copied-up', { space: target.space.name, key: target.key, from: tier.name })
    return { entry, tier: tier.name }
  }
  return undefined
}

async function readTier(engine: Engine, tier: Tier, target: Target): Promise<TierRecord | undefined> {
  try {
    return await (engine.collectors.get(tier) as Collector)(target.key)
  } catch (error) {
    countersOf(engine, target.space).errors += 1
    publish('tier-failed', { tier: tier.name, operation: 'read', error })
    return undefined
  }
}

/** What every tier has for a key, without a loader. */
export async function lookUp(engine: Engine, target: Target): Promise<FoundEntry | undefined> {
  const record = readMemory(engine, target.key)
  if (
    record !== undefined &&
    freshness(record.entry.freshUntil, engine.clock.now(), target.space.settings) === 'fresh'
  ) {
    record.hits += 1
    record.lastReadAt = engine.clock.now()
    return { entry: record.entry, tier: 'memory' }
  }
  const ticket = engine.tickets.take(target.key)
  try {
    const below = await readBelow(engine, target, ticket)
    return (
      below ??
      (record !== undefined && !ticket.broken && lives(engine, record)
        ? { entry: record.entry, tier: 'memory' }
        : undefined)
    )
  } finally {
    engine.tickets.release(ticket)
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
