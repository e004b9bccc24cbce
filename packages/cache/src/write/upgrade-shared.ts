import type { Cluster } from '../cluster/cluster.ts'
import type { Engine } from '../engine.ts'
import type { Entry } from '../entry/entry.ts'
import { lineOf } from '../entry/line.ts'
import type { RefusalReason } from '../events.ts'
import { judge } from '../read/read-shared.ts'
import { type Store, putMemory, putShared } from './store.ts'
import type { Ticket } from './ticket.ts'
import { type Attempt, dropMemory, refusalOf, storesOf, tellUpgrades } from './upgrade-rules.ts'
import { waitForLease } from './wait-for-lease.ts'
import { sharedKey, tell } from './write-shared.ts'

/**
 * Upgrades in the store that processes share: read under leases that are taken from nobody, compared, stored under
 * them. A value that is not of the line that the load began is another's: the key was deleted or set since, and the
 * record of that may not have come yet. Another load of the key is waited for; so upgrades and loads never cross.
 */
export async function storeUpgrades(
  engine: Engine,
  cluster: Cluster,
  { upgrades, tickets, signal }: Attempt,
): Promise<RefusalReason | 'kept' | 'again'> {
  const { shared } = cluster
  const leases = new Map<string, string>()
  const giveBack = async (): Promise<void> => {
    const all = storesOf(upgrades, tickets).filter(({ target }) => leases.has(target.key))
    await Promise.allSettled(
      all.map(async ({ target }) => shared.release(sharedKey(target), leases.get(target.key) as string)),
    )
  }
  try {
    // In one order everywhere, so that two that want the same keys do not wait for each other.
    for (const { upgrading } of upgrades.toSorted((a, b) => (a.upgrading.key < b.upgrading.key ? -1 : 1))) {
      const lease = await waitForLease(engine, cluster, {
        key: sharedKey(upgrading),
        until: Infinity,
        signal,
      })
      if (lease === undefined) {
        await giveBack()
        return upgrading.ticket.broken ? 'invalidated' : 'superseded'
      }
      leases.set(upgrading.key, lease.token)
    }
    const { there, sameLine } = await readAll(engine, cluster, { upgrades, tickets })
    const refusal = refusalOf(engine, upgrades, there) ?? (sameLine ? undefined : 'superseded')
    if (refusal !== undefined) {
      await giveBack()
      return refusal
    }
    const held = await Promise.all(
      upgrades.map(async ({ upgrading }) =>
        shared.extend(sharedKey(upgrading), leases.get(upgrading.key) as string, cluster.lease),
      ),
    )
    // A deletion or a set took one; without it the others must not be kept either.
    const broken = held.includes(false) || upgrades.some(({ upgrading }) => upgrading.ticket.broken)
    if (broken || tickets.some((ticket) => ticket.broken)) {
      await giveBack()
      return broken ? 'superseded' : 'again'
    }
    const stores = storesOf(upgrades, tickets).map((store): Store => ({
      ...store,
      lease: leases.get(store.target.key),
    }))
    putMemory(engine, stores)
    try {
      const stored = await putShared(engine, cluster, stores)
      await tell(engine, cluster, stores, { sameLine: true })
      if (!stored) return 'superseded'
    } catch (error) {
      dropMemory(engine, stores)
      throw error
    }
    tellUpgrades(engine, upgrades, there)
    return 'kept'
  } catch (error) {
    await giveBack()
    throw error
  }
}

/** What the store has for the keys, and whether all of it is of the lines that are upgraded. */
async function readAll(
  engine: Engine,
  { shared, follower }: Cluster,
  { upgrades, tickets }: Pick<Attempt, 'upgrades' | 'tickets'>,
): Promise<{ readonly there: readonly (Entry | undefined)[]; readonly sameLine: boolean }> {
  const { records, head } = await shared.read(upgrades.map(({ upgrading }) => sharedKey(upgrading)))
  await follower.reach(head)
  const there = await Promise.all(
    upgrades.map(async ({ upgrading }, index) => {
      const record = records[index]
      if (record === undefined) return undefined
      return (await judge(engine, upgrading, { record, ticket: tickets[index] as Ticket })).entry
    }),
  )
  const sameLine = upgrades.every(({ line }, index) => {
    const record = records[index]
    return record !== undefined && there[index] !== undefined && lineOf(record) === line
  })
  return { there, sameLine }
}
