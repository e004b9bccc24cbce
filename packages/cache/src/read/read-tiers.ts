import type { Collector } from './collector.ts'
import { type Engine, countersOf, marksOf, remember } from '../engine.ts'
import { publish } from '../events.ts'
import { type FoundEntry, type Target, revive } from './revive.ts'
import type { Tier, TierRecord } from '../tier.ts'
import type { Ticket } from '../write/ticket.ts'

/** What the tiers below memory have, nearest first; copied up into memory with its remaining life unless the ticket was broken meanwhile. */
export async function readTiers(
  engine: Engine,
  target: Target,
  ticket: Ticket,
): Promise<FoundEntry | undefined> {
  for (const tier of engine.tiers) {
    const record = await readTier(engine, tier, target)
    if (record === undefined) continue
    const entry = await revive(engine, target, { tier: tier.name, record })
    if (entry === undefined || ticket.broken || engine.tickets.busy(target.key)) continue
    const marks = marksOf(target.space, target.params, entry.tags)
    if (engine.order.deadBy(entry.asOf, marks) !== undefined) continue
    remember(engine, target, { entry, marks, readAt: engine.clock.now() })
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
