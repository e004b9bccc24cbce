import { type Engine, marksOf } from '../engine.ts'
import type { Entry } from '../entry/entry.ts'
import { type RefusalReason, publish } from '../events.ts'
import { outranks } from '../entry/outranks.ts'
import type { Store } from './store.ts'
import type { Ticket } from './ticket.ts'
import type { Upgrading } from '../load/upgrading.ts'

/** An offer that passed every check that needs no store. */
export interface Upgrade {
  readonly upgrading: Upgrading
  /** The line of values in the shared store that it upgrades; undefined where there is none. */
  readonly line: string | undefined
  readonly entry: Entry
}

/** One try to keep upgrades. */
export interface Attempt {
  readonly upgrades: readonly Upgrade[]
  /** One for each, taken for this try: what is stored or read meanwhile must not cross it. */
  readonly tickets: readonly Ticket[]
  /** Ends the wait for another's lease. */
  readonly signal: AbortSignal
}

/** Why upgrades must not take the place of what is there; undefined where they may. */
export function refusalOf(
  engine: Engine,
  upgrades: readonly Upgrade[],
  there: readonly (Entry | undefined)[],
): RefusalReason | undefined {
  for (const [index, { upgrading, entry }] of upgrades.entries()) {
    const marks = marksOf(upgrading.space, upgrading.params, entry.tags)
    if (upgrading.ticket.broken || engine.order.deadBy(upgrading.asOf, marks) !== undefined)
      return 'invalidated'
    if (outranks(there[index], entry, engine.clock.now())) return 'outranked'
  }
  return undefined
}

/** Upgrades as the tiers take them, each under its ticket. */
export function storesOf(upgrades: readonly Upgrade[], tickets: readonly Ticket[]): Store[] {
  return upgrades.map(({ upgrading, entry, line }, index) => ({
    target: upgrading,
    entry,
    line,
    ticket: tickets[index] as Ticket,
  }))
}

/** Drops copies whose way below failed: what the tiers hold is unknown. */
export function dropMemory(engine: Engine, stores: readonly Store[]): void {
  for (const { target, entry } of stores)
    if (engine.memory.look(target.key)?.entry.version === entry.version) engine.memory.remove(target.key)
}

/** Tells what was upgraded, and remembers what stands now. */
export function tellUpgrades(
  engine: Engine,
  upgrades: readonly Upgrade[],
  there: readonly (Entry | undefined)[],
): void {
  for (const [index, { upgrading, entry }] of upgrades.entries()) {
    const { space, key, startedAt } = upgrading
    upgrading.version = entry.version
    publish('entry-upgraded', {
      space: space.name,
      key,
      from: there[index]?.meta ?? {},
      to: entry.meta,
      milliseconds: engine.clock.now() - startedAt,
    })
  }
}
