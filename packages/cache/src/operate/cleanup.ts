import { type Engine, assertOpen } from '../engine.ts'
import { RepriseError, quote } from '../errors.ts'
import { publish } from '../events.ts'
import { walk } from './inventory.ts'
import { invalidate } from '../write/invalidate.ts'
import { isOver } from '../memory/memory.ts'
import type { CleanupOptions, CleanupReport, CleanupWatch } from './operate.ts'
import { sweepTier } from './sweep.ts'
import type { Tier } from '../tier.ts'

interface Removed {
  readonly tier: string
  removed: number
  bytes: number
}

function checkTiers(engine: Engine, names: readonly string[] | undefined): (tier: string) => boolean {
  const known = ['memory', ...engine.tiers.map(({ name }) => name)]
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new RepriseError('E_OPTION_INVALID', `tier ${quote(unknown)} is not one of ${known.join(', ')}`)
  return (tier) => names === undefined || names.includes(tier)
}

/** Removes entries made before an instant from the tiers named. A tier that fails rejects; what was removed stays removed. */
export async function cleanup(engine: Engine, options: CleanupOptions): Promise<CleanupReport> {
  assertOpen(engine)
  const chosen = checkTiers(engine, options.tiers)
  const old = (createdAt: number): boolean => createdAt < options.createdBefore
  const reports = chosen('memory') ? [cleanMemory(engine, old, options)] : []
  for (const tier of engine.tiers) if (chosen(tier.name)) await sweepTier(engine, tier)
  for (const tier of engine.tiers)
    if (chosen(tier.name)) reports.push(await cleanTier(engine, tier, { ...options, goes: old }))
  return sum(reports)
}

/** Removes everything of this catalog: first by mark, so that nothing can come back, then for real. */
export async function clear(engine: Engine, watch: CleanupWatch = {}): Promise<CleanupReport> {
  await invalidate(engine, { spaces: engine.catalog.spaces.map(({ name }) => name) })
  const reports = [cleanMemory(engine, () => true, watch)]
  for (const tier of engine.tiers) reports.push(await cleanTier(engine, tier, { ...watch, goes: () => true }))
  return sum(reports)
}

function cleanMemory(
  engine: Engine,
  goes: (createdAt: number) => boolean,
  { onProgress }: CleanupWatch,
): Removed {
  const report: Removed = { tier: 'memory', removed: 0, bytes: 0 }
  const now = engine.clock.now()
  let looked = 0
  for (const record of engine.memory.records()) {
    looked += 1
    if (!goes(record.entry.createdAt) && !isOver(record, now)) continue
    // A record that has left memory has let go of its entry.
    const { bytes } = record.entry
    engine.tickets.breakReads(record.key)
    if (!engine.memory.remove(record.key)) continue
    report.removed += 1
    report.bytes += bytes
  }
  onProgress?.({ ...report, looked })
  return report
}

async function cleanTier(
  engine: Engine,
  tier: Tier,
  { goes, signal, onProgress }: CleanupWatch & { readonly goes: (createdAt: number) => boolean },
): Promise<Removed> {
  const report: Removed = { tier: tier.name, removed: 0, bytes: 0 }
  let looked = 0
  for await (const items of walk(engine, tier, `${engine.catalog.prefix}:`)) {
    signal?.throwIfAborted()
    const going = items.filter(({ createdAt }) => goes(createdAt))
    looked += items.length
    if (going.length === 0) {
      onProgress?.({ ...report, looked })
      continue
    }
    const keys = going.map(({ key }) => key)
    try {
      const removed = await engine.lanes.run(keys, async () => tier.remove(keys))
      report.removed += removed.length
    } catch (cause) {
      publish('tier-failed', { tier: tier.name, operation: 'remove', error: cause })
      throw new RepriseError(
        'E_INVALIDATION_UNKNOWN',
        `tier "${tier.name}" did not confirm the removal of ${keys.length} entries after ${report.removed} were removed; repeat it, which is safe`,
        { cause },
      )
    }
    report.bytes += going.reduce((total, { bytes }) => total + bytes, 0)
    onProgress?.({ ...report, looked })
  }
  return report
}

function sum(tiers: readonly Removed[]): CleanupReport {
  return {
    // One entry in two tiers is one entry.
    removed: Math.max(0, ...tiers.map(({ removed }) => removed)),
    bytes: tiers.reduce((total, { bytes }) => total + bytes, 0),
    tiers,
  }
}
