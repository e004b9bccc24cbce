import { BelowRead } from './below-read.ts'
import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, countersOf, lives } from '../engine.ts'
import { type Entry, freshness } from '../entry/entry.ts'
import type { MemoryRecord } from '../memory/memory.ts'
import { readShared } from './read-shared.ts'
import { readTiers } from './read-tiers.ts'
import type { FoundEntry, Give, Target } from './revive.ts'

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

/**
 * What every tier has for a key, without a loader, given to a function: at once where memory has it, else when the
 * store below has answered. One promise for a read, since most of its cost is in promises.
 * @throws E_TIER_READ in a `strict` space whose store is away, and what `give` throws
 */
export function lookUp<T>(engine: Engine, target: Target, give: Give<T>): T | Promise<T> {
  const record = readMemory(engine, target)
  if (record !== undefined) {
    const now = engine.clock.now()
    if (freshness(record.entry.freshUntil, now, target.space.settings) === 'fresh') {
      record.hits += 1
      record.lastReadAt = now
      return give({ entry: record.entry, tier: 'memory' })
    }
  }
  const read = new BelowRead(engine, target, { record, give })
  if (engine.cluster !== undefined) return readShared(engine, read)
  return readTiers(engine, target, read.ticket).then(
    (below) => read.finish(below),
    (error: unknown) => {
      engine.tickets.release(read.ticket)
      throw error
    },
  )
}

/** The entry itself, where that is what is wanted. */
export const itself: Give<FoundEntry | undefined> = (found) => found
