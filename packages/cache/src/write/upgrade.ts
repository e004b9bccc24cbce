/**
 * Upgrades: a better value of a load takes the place of what that load kept. It is a compare-and-set. In the process
 * the ticket that the load took says whether the key was changed since; in a shared store the line of values, read
 * under a lease, says so for all processes. A value of a lower rank never replaces a fresh one of a higher; of two of
 * one rank the one whose load began later stays. Several keys are upgraded together: none where one must not be.
 */
import { type Engine, allTags } from '../engine.ts'
import type { Provenance } from '../entry/entry.ts'
import { type RefusalReason, publish } from '../events.ts'
import { itself, lookUp } from '../read/read.ts'
import { makeNewEntry, putAll, putMemory } from './store.ts'
import { type Attempt, type Upgrade, dropMemory, refusalOf, storesOf, tellUpgrades } from './upgrade-rules.ts'
import { storeUpgrades } from './upgrade-shared.ts'
import type { Upgrading } from '../load/upgrading.ts'
import { keepValue } from '../entry/value.ts'

/** One better value. */
export interface Offer {
  readonly upgrading: Upgrading
  readonly value: unknown
  readonly meta: Provenance
}

/** Keeps better values, all or none; resolves with why not. @throws E_VALUE_*, E_TTL_INVALID, E_TAG_INVALID, E_TIER_WRITE, E_TIER_READ */
export async function upgradeAll(
  engine: Engine,
  offers: readonly Offer[],
  signal: AbortSignal,
): Promise<RefusalReason | 'kept'> {
  const made = await Promise.all(offers.map(async (offer) => make(engine, offer)))
  const refused = made.find((one): one is RefusalReason => typeof one === 'string')
  const upgrades = made.filter((one): one is Upgrade => typeof one !== 'string')
  const outcome = refused ?? (await put(engine, upgrades, signal))
  for (const { upgrading, meta } of offers) {
    const { space, key } = upgrading
    if (outcome !== 'kept') publish('upgrade-refused', { space: space.name, key, reason: outcome, meta })
  }
  return outcome
}

/** The entry of an offer, or why there is none. */
async function make(engine: Engine, { upgrading, value, meta }: Offer): Promise<Upgrade | RefusalReason> {
  const { space, params, said } = upgrading
  const first = await upgrading.first
  if (first === undefined || engine.state.closed) return 'superseded'
  const kept = await keepValue(space, value)
  if (!space.settings.admit(kept.value, meta)) return 'not-admitted'
  const entry = makeNewEntry(engine, upgrading, kept, {
    asOf: upgrading.asOf,
    tags: allTags(space, params, said.tags),
    meta,
    loadTime: engine.clock.now() - upgrading.startedAt,
    ...(said.ttl === undefined ? {} : { ttl: said.ttl }),
  })
  return entry === undefined ? 'no-life' : { upgrading, line: first.line, entry }
}

async function put(
  engine: Engine,
  upgrades: readonly Upgrade[],
  signal: AbortSignal,
): Promise<RefusalReason | 'kept'> {
  for (;;) {
    const tickets = upgrades.map(({ upgrading }) => engine.tickets.take(upgrading.key))
    try {
      const outcome = await putOnce(engine, { upgrades, tickets, signal })
      if (outcome !== 'again') return outcome
    } finally {
      for (const ticket of tickets) engine.tickets.release(ticket)
    }
  }
}

async function putOnce(engine: Engine, attempt: Attempt): Promise<RefusalReason | 'kept' | 'again'> {
  const { cluster } = engine
  const { upgrades, tickets } = attempt
  const leased = upgrades.every(({ line }) => line !== undefined)
  if (cluster !== undefined && leased) return storeUpgrades(engine, cluster, attempt)
  const there = await Promise.all(
    upgrades.map(async ({ upgrading }) =>
      cluster === undefined
        ? (await lookUp(engine, upgrading, itself))?.entry
        : engine.memory.look(upgrading.key)?.entry,
    ),
  )
  // Nothing else runs from here until memory has the values.
  const refusal = refusalOf(engine, upgrades, there)
  if (refusal !== undefined) return refusal
  if (tickets.some(({ broken }) => broken)) return 'again'
  const stores = storesOf(upgrades, tickets)
  if (cluster === undefined) {
    try {
      await putAll(engine, stores)
    } catch (error) {
      dropMemory(engine, stores)
      throw error
    }
  } else {
    // Loaded without a lease: known to this process alone, and only as long as it still has what it loaded.
    if (there.some((entry, index) => entry?.version !== upgrades[index]?.upgrading.version))
      return 'superseded'
    putMemory(engine, stores)
  }
  tellUpgrades(engine, upgrades, there)
  return 'kept'
}
