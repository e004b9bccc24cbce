import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, allTags, marksOf, offsetOf } from '../engine.ts'
import { decode } from '../entry/codec.ts'
import { type Entry, type Freshness, type Position, type Provenance, freshness } from '../entry/entry.ts'
import { readTogether } from './look-together.ts'
import type { Tier, TierRecord } from '../tier.ts'

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

/** A key of the catalog, its space and its parameters as text. */
export interface KnownKey {
  readonly key: string
  readonly space: BoundSpace
  readonly params: Readonly<Record<string, string>>
}

/** What all tiers have for a key, looked at without counting as a read. */
export interface Seen extends KnownKey {
  /** Memory first, then the others, nearest first. */
  readonly tiers: readonly TierExplanation[]
  /** What the nearest tier with something living has; its value was not held against the schema. Absent where that is not readable. */
  readonly entry?: Entry
  /** Bytes of the record that stands for an entry that cannot be read. */
  readonly bytes: number
  /** Hits in memory, and the last of them. */
  readonly hits: number
  readonly lastReadAt?: number
}

interface Found {
  readonly told: TierExplanation
  readonly entry?: Entry
}

/** States of something that is kept and no mark has killed: also what this process cannot read. */
const living: ReadonlySet<TierExplanation['state']> = new Set(['fresh', 'stale', 'fallback', 'unreadable'])

/** Whether a tier has something living. */
export function isLiving({ state }: TierExplanation): boolean {
  return living.has(state)
}

/** The space and the parameters of a full key; undefined where it is none of the catalog. */
export function ownerOf(engine: Engine, key: string): KnownKey | undefined {
  const owner = engine.catalog.parse(key)
  return owner && { key, space: owner.space, params: owner.params }
}

/**
 * What every tier has for these keys: one read of each tier for all of them. A tier that is away has `unreachable` for
 * each. Nothing is counted, copied up or refreshed by it.
 */
export async function lookAt(engine: Engine, keys: readonly KnownKey[]): Promise<readonly Seen[]> {
  const below = await Promise.all(engine.tiers.map(async (tier) => lookInto(engine, tier, keys)))
  return keys.map((known, index) => {
    const record = engine.memory.look(known.key)
    const above: Found =
      record === undefined
        ? { told: { tier: 'memory', state: 'absent' } }
        : tell(engine, known, { tier: 'memory', entry: record.entry })
    const found = [above, ...below.map((tier) => tier[index] as Found)]
    const first = found.find(({ told }) => isLiving(told))
    return {
      ...known,
      tiers: found.map(({ told }) => told),
      ...(first?.entry === undefined ? {} : { entry: first.entry }),
      bytes: first?.told.bytes ?? 0,
      hits: record?.hits ?? 0,
      ...(record === undefined || record.lastReadAt === 0 ? {} : { lastReadAt: record.lastReadAt }),
    }
  })
}

async function lookInto(engine: Engine, tier: Tier, keys: readonly KnownKey[]): Promise<readonly Found[]> {
  if (keys.length === 0) return []
  try {
    const asked = keys.map(({ key }) => key)
    const records = await readTogether(engine, tier, asked)
    return keys.map((known, index) => tellRecord(engine, known, { tier: tier.name, record: records[index] }))
  } catch {
    return keys.map(() => ({ told: { tier: tier.name, state: 'unreachable' } }))
  }
}

function tellRecord(
  engine: Engine,
  known: KnownKey,
  { tier, record }: { tier: string; record: TierRecord | undefined },
): Found {
  if (record === undefined) return { told: { tier, state: 'absent' } }
  const entry = decode(known.key, record, {
    now: engine.order.latest(),
    offset: offsetOf(engine),
    codec: engine.codec,
    text: known.space.settings.text,
  })
  return typeof entry === 'string'
    ? { told: { tier, state: 'unreadable' } }
    : tell(engine, known, { tier, entry })
}

function tell(
  engine: Engine,
  { space, params }: KnownKey,
  { tier, entry }: { tier: string; entry: Entry },
): Found {
  const now = engine.clock.now()
  const tags = allTags(space, params, entry.tags)
  const died = engine.order.deadBy(entry.asOf, marksOf(space, params, tags))
  const facts = {
    ageMs: now - entry.createdAt,
    leftMs: entry.freshUntil - now,
    bytes: entry.bytes,
    meta: entry.meta,
    tags,
    asOf: entry.asOf,
  }
  if (died !== undefined) return { told: { tier, state: 'invalidated', mark: died.mark, ...facts } }
  return { told: { tier, state: freshness(entry.freshUntil, now, space.settings), ...facts }, entry }
}
