import { type Engine, assertOpen } from '../engine.ts'
import { type Seen, isLiving, lookAt, ownerOf } from './look.ts'
import { itemOf, tagsOf, tenantOf } from './list.ts'
import type { InvalidationPreview } from './operate.ts'
import { walkEntries } from './walk-entries.ts'
import { type Invalidation, readTarget } from '../write/invalidate.ts'

/** Entries looked at together. */
const together = 500

/**
 * What an invalidation would make disappear, counted without changing anything. Keys alone cost one read of each tier;
 * tags, spaces and tenants a walk through all entries.
 * @throws E_KEY_UNKNOWN, E_SPACE_UNKNOWN, E_TAG_INVALID, E_OPTION_INVALID, E_TIER_READ
 */
export async function preview(
  engine: Engine,
  target: Invalidation,
  mostSamples: number,
): Promise<InvalidationPreview> {
  assertOpen(engine)
  const { keys, marks } = readTarget(engine, target)
  const spaces = new Map<string, number>()
  const samples: ReturnType<typeof itemOf>[] = []
  let entries = 0
  let bytes = 0
  const count = (seen: Seen): void => {
    entries += 1
    bytes += seen.bytes
    spaces.set(seen.space.name, (spaces.get(seen.space.name) ?? 0) + 1)
    if (samples.length < mostSamples) samples.push(itemOf(seen))
  }
  if (marks.length === 0) {
    for (let at = 0; at < keys.length; at += together) {
      const known = keys.slice(at, at + together).flatMap((key) => ownerOf(engine, key) ?? [])
      for (const seen of await lookAt(engine, known)) if (seen.tiers.some(isLiving)) count(seen)
    }
  } else {
    const named = new Set(keys)
    const { tags = [], spaces: names = [], tenant } = target
    const prefix = `${engine.catalog.prefix}:`
    // Where tags are asked for, each entry has to be looked at, since it may carry more than its key tells.
    const isNamed = (known: Pick<Seen, 'key' | 'space' | 'params'>): boolean =>
      named.has(known.key) ||
      names.includes(known.space.name) ||
      (tenant !== undefined && tenantOf(known) === tenant)
    const wants = tags.length > 0 ? () => true : isNamed
    for await (const { seen } of walkEntries(engine, { prefix, wants, together }))
      if (seen !== undefined && (isNamed(seen) || tagsOf(seen).some((tag) => tags.includes(tag)))) count(seen)
  }
  return { entries, bytes, spaces, samples }
}
