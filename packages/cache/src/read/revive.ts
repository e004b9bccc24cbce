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

/** Makes something of what was found; `away` is why the shared store could not be asked. */
export type Give<T> = (found: FoundEntry | undefined, away?: unknown) => T

/** The entry of a stored record as it may be used: readable, of this key, alive, within its windows and true to its schema. */
export function revive(
  engine: Engine,
  target: Target,
  stored: StoredRecord,
): Entry | undefined | Promise<Entry | undefined> {
  const { space, key, params } = target
  const unreadable = (reason: string): undefined => {
    countersOf(engine, space).errors += 1
    publish('entry-unreadable', { space: space.name, key, tier: stored.tier, reason })
    return undefined
  }
  if (typeof stored.record.body === 'string' && space.settings.format === 'entry' && !engine.codec.takesPlain)
    return unreadable('it is plain text, and this cache has keys')
  const decoded = decode(key, stored.record, {
    now: engine.order.latest(),
    offset: stored.offset ?? 0,
    codec: engine.codec,
    text: space.settings.text,
  })
  if (typeof decoded === 'string') return unreadable(decoded)
  if (freshness(decoded.freshUntil, engine.clock.now(), space.settings) === 'dead') return undefined
  const computed = allTags(space, params, [])
  if (!decoded.tags.every(isTag)) return unreadable('it has an unusable tag')
  const tags = union(computed, decoded.tags)
  const doubted = engine.cluster?.shared.scattered === true ? key : undefined
  if (engine.order.deadBy(decoded.asOf, marksOf(space, params, tags), doubted) !== undefined) return undefined
  const finish = (value: unknown): Entry =>
    withValue(decoded, {
      tags,
      value: space.settings.immutability === 'freeze' ? deepFreeze(value) : value,
    })
  const refused = (error: unknown): undefined =>
    unreadable(error instanceof Error ? error.message : 'its schema refuses it')
  try {
    const value = checkSchema(space, decoded.value)
    return value instanceof Promise ? value.then(finish).catch(refused) : finish(value)
  } catch (error) {
    return refused(error)
  }
}

function union(some: readonly string[], more: readonly string[]): readonly string[] {
  if (some.length === 0) return more
  return more.length === 0 ? some : [...new Set([...some, ...more])]
}

/** A literal, since V8 copies by spread several times slower, and this runs on every read. */
function withValue(entry: Entry, { value, tags }: Pick<Entry, 'value' | 'tags'>): Entry {
  if (value === entry.value && tags === entry.tags) return entry
  const { createdAt, freshUntil, asOf, meta, loadTime, version, bytes } = entry
  return { value, createdAt, freshUntil, asOf, tags, meta, loadTime, version, bytes }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    if (Array.isArray(value)) for (const member of value) deepFreeze(member)
    else for (const name in value) deepFreeze((value as Record<string, unknown>)[name])
    Object.freeze(value)
  }
  return value
}
