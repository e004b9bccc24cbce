import { askTier } from './ask-tier.ts'
import type { Engine } from '../engine.ts'
import type { TierReport } from './operate.ts'
import type { Tier, TierUsage } from '../tier.ts'

/** Each tier, what it holds of this catalog and whether it can be reached (row B1). */
export async function reportTiers(engine: Engine): Promise<readonly TierReport[]> {
  const below = engine.tiers.map(async (tier) =>
    reportTier(engine, tier, async () =>
      askTier(engine, tier, async () => tier.usage(`${engine.catalog.prefix}:`)),
    ),
  )
  return [reportMemory(engine), ...(await Promise.all(below))]
}

/** What memory holds. */
export function reportMemory({ memory: { entries, bytes, maxBytes } }: Engine): TierReport {
  return { name: 'memory', reachable: true, durable: false, entries, bytes, maxBytes }
}

/** What a tier holds, as `usage` counts it; one that is away, or cannot count, says so. */
export async function reportTier(
  engine: Engine,
  tier: Tier,
  usage: () => Promise<TierUsage>,
): Promise<TierReport> {
  const { name, durable } = tier
  try {
    await askTier(engine, tier, async () => tier.ping())
    if (tier.capabilities?.list === false)
      return { name, reachable: true, durable, counted: false, entries: 0, bytes: 0 }
    return { name, reachable: true, durable, ...(await usage()) }
  } catch (error) {
    return {
      name,
      reachable: false,
      durable,
      entries: 0,
      bytes: 0,
      error: error instanceof Error ? error.message : String(error),
    }
  }
}
