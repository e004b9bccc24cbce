import type { BoundSpace } from '../key/catalog.ts'
import { decode } from '../entry/codec.ts'
import { type Engine, allTags, countersOf, isTag, marksOf } from '../engine.ts'
import { type Entry, freshness } from '../entry/entry.ts'
import { publish } from '../events.ts'
import type { AnyParams } from '../key/template.ts'
import type { TierRecord } from '../tier.ts'
import { checkSchema } from '../entry/value.ts'

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

/** A record as a tier returned it; `offset` is what its times are ahead of this process. */
export interface StoredRecord {
  readonly tier: string
  readonly record: TierRecord
  readonly offset?: number
}

/** The entry of a stored record as it may be used: readable, of this key, alive, within its windows and true to its schema. */
export async function revive(
  engine: Engine,
  target: Target,
  stored: StoredRecord,
): Promise<Entry | undefined> {
  const { space, key, params } = target
  const unreadable = (reason: string): undefined => {
    countersOf(engine, space).errors += 1
    publish('entry-unreadable', { space: space.name, key, tier: stored.tier, reason })
    return undefined
  }
  const decoded = decode(key, stored.record, { now: engine.order.latest(), offset: stored.offset ?? 0 })
  if (typeof decoded === 'string') return unreadable(decoded)
  if (freshness(decoded.freshUntil, engine.clock.now(), space.settings) === 'dead') return undefined
  const computed = allTags(space, params, [])
  if (!decoded.tags.every(isTag)) return unreadable('it has an unusable tag')
  const entry: Entry = { ...decoded, tags: [...new Set([...computed, ...decoded.tags])] }
  if (engine.order.deadBy(entry.asOf, marksOf(space, params, entry.tags)) !== undefined) return undefined
  try {
    const value = await checkSchema(space, entry.value)
    return { ...entry, value: space.settings.immutability === 'freeze' ? deepFreeze(value) : value }
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : 'its schema refuses it')
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
