import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, countersOf, lives } from '../engine.ts'
import { type Entry, freshness } from '../entry/entry.ts'
import type { MemoryRecord } from '../memory/memory.ts'
import { readShared } from './read-shared.ts'
import { readTiers } from './read-tiers.ts'
import type { FoundEntry, Target } from './revive.ts'
import type { Ticket } from '../write/ticket.ts'

/** Whether memory may answer for a space: `bounded` ones only while the log was confirmed lately, `strict` ones never. */
export function trusted(engine: Engine, space: BoundSpace): boolean {
  const { trust } = space.settings
  return engine.cluster === undefined || trust === Infinity || engine.cluster.follower.confirmedFor() < trust
}

/** The living record of a key in memory, fresh or within its windows; counted as used. */
export function readMemory(engine: Engine, { space, key }: Target): MemoryRecord | undefined {
  if (!trusted(engine, space)) return undefined
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

/** What the tiers or the shared store below memory have, copied up with its remaining life unless the ticket was broken meanwhile. */
export function readBelow(engine: Engine, target: Target, ticket: Ticket): Promise<FoundEntry | undefined> {
  return engine.cluster === undefined ? readTiers(engine, target, ticket) : readShared(engine, target, ticket)
}

/** What every tier has for a key, without a loader; without waiting where memory has it. */
export function lookUp(
  engine: Engine,
  target: Target,
): FoundEntry | undefined | Promise<FoundEntry | undefined> {
  const record = readMemory(engine, target)
  if (
    record !== undefined &&
    freshness(record.entry.freshUntil, engine.clock.now(), target.space.settings) === 'fresh'
  ) {
    record.hits += 1
    record.lastReadAt = engine.clock.now()
    return { entry: record.entry, tier: 'memory' }
  }
  const ticket = engine.tickets.take(target.key)
  return lookBelow(engine, target, { record, ticket })
}

async function lookBelow(
  engine: Engine,
  target: Target,
  { record, ticket }: { record: MemoryRecord | undefined; ticket: Ticket },
): Promise<FoundEntry | undefined> {
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
