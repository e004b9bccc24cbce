/**
 * Writes where processes share a store. A write takes the key's lease from whoever has it and stores under it, so a
 * write or an invalidation that is called later takes it in turn and wins, and a command that was given up and is
 * carried out late finds its token gone. The log then tells the other processes to drop their copies.
 */
import type { Cluster } from '../cluster/cluster.ts'
import { newToken } from '../cluster/token.ts'
import type { Ttl } from '../duration.ts'
import { type Engine } from '../engine.ts'
import { type Entry, type Position, freshness } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { invalidateKeys } from './invalidate.ts'
import { judge } from '../read/read-shared.ts'
import type { Target } from '../read/revive.ts'
import type { SharedKey } from '../cluster/shared.ts'
import { type Store, makeNewEntry, putMemory, putShared } from './store.ts'
import { waitForLease } from './wait-for-lease.ts'

/** A key as the shared store takes it. */
export const sharedKey = ({ key, space }: Target): SharedKey => ({ key, format: space.settings.format })

/** Stores values under leases of their own and tells the log. @throws E_TIER_WRITE */
export async function writeShared(engine: Engine, cluster: Cluster, stores: readonly Store[]): Promise<void> {
  const { shared, lease } = cluster
  putMemory(engine, stores)
  const keys = stores.map(({ target }) => target.key)
  await engine.lanes.run(keys, async () => {
    const leased = stores.map((store) => ({ ...store, lease: newToken(cluster.process) }))
    await confirmed(shared.name, keys, async () => {
      // Also for writes that were overtaken meanwhile: once they resolve, nobody may read what was there before.
      await Promise.all(
        leased.map(async (store) => shared.steal(sharedKey(store.target), store.lease, lease)),
      )
      const due = leased.filter(({ ticket }) => !ticket.broken)
      await putShared(engine, cluster, due)
      await tell(engine, cluster, leased)
    })
  })
}

/** Tells the other processes of a loaded value that the store has taken, in a space that wants that. */
export async function announce(engine: Engine, store: Store): Promise<void> {
  const { cluster } = engine
  const { target, entry, lease } = store
  if (cluster === undefined || lease === undefined) return
  if (engine.memory.look(target.key)?.entry.version !== entry.version) return
  await tell(engine, cluster, [store], { sameLine: true })
}

/** Writes one record about stored values to the log; of a line that goes on where they keep to it. */
export async function tell(
  engine: Engine,
  { shared, follower }: Cluster,
  stores: readonly Store[],
  line: { readonly sameLine?: true } = {},
): Promise<void> {
  if (stores.length === 0) return
  const keys = stores.map(({ target, entry }) => ({ key: target.key, version: entry.version, ...line }))
  const position = await shared.append({ marks: [], keys })
  await follower.own(position)
  engine.order.confirm(position)
  for (const { target, entry, ticket } of stores)
    if (ticket.broken) dropOlder(engine, target.key, { entry, position })
}

/**
 * Drops what was read before a write that something overtook in its own process: the write resolves now, and the store
 * may have answered, before any of this reached it, with what was there before both.
 */
function dropOlder(
  engine: Engine,
  key: string,
  { entry, position }: { readonly entry: Entry; readonly position: Position },
): void {
  engine.tickets.breakOlder(key, position)
  const kept = engine.memory.look(key)?.entry
  if (kept === undefined || kept.version === entry.version || engine.tickets.busy(key)) return
  if (kept.asOf.era !== position.era || kept.asOf.n < position.n) engine.memory.remove(key)
}

async function confirmed<T>(store: string, keys: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (RepriseError.is(cause, 'E_TIER_WRITE')) throw cause
    throw new RepriseError(
      'E_TIER_WRITE',
      `"${store}" did not confirm the write of "${keys[0]}": what it holds is unknown; set or delete again`,
      { cause },
    )
  }
}

/**
 * Gives a fresh entry a new life: read under a lease that is taken from nobody, so that what is written or
 * invalidated meanwhile is not undone.
 */
export async function touchShared(
  engine: Engine,
  cluster: Cluster,
  { target, ttl }: { target: Target; ttl: Ttl | undefined },
): Promise<boolean> {
  const { shared } = cluster
  const key = sharedKey(target)
  const ticket = engine.tickets.take(target.key)
  try {
    return await confirmed(shared.name, [target.key], async () => {
      const until = engine.clock.now() + engine.writeDeadline
      const lease = await waitForLease(engine, cluster, { key, until })
      if (lease === undefined) throw lateTouch(engine, target.key)
      const { token, line } = lease
      const { records, head } = await shared.read([key])
      await cluster.follower.reach(head)
      const [record] = records
      const found = record === undefined ? undefined : (await judge(engine, target, { record, ticket })).entry
      const now = engine.clock.now()
      const fresh = found !== undefined && freshness(found.freshUntil, now, target.space.settings) === 'fresh'
      const given = ttl === undefined ? {} : { ttl }
      const entry = fresh ? makeNewEntry(engine, target, found, { ...found, ...given }) : undefined
      if (entry === undefined || ticket.broken) {
        await shared.release(key, token)
        if (!fresh || ticket.broken) return false
        await invalidateKeys(engine, [target.key])
        return true
      }
      const store: Store = { target, entry, ticket, lease: token, line }
      putMemory(engine, [store])
      await putShared(engine, cluster, [store])
      await tell(engine, cluster, [store], { sameLine: true })
      return true
    })
  } finally {
    engine.tickets.release(ticket)
  }
}

function lateTouch(engine: Engine, key: string): Error {
  return new RepriseError(
    'E_TIER_WRITE',
    `"${key}" is being loaded or written for longer than ${engine.writeDeadline} ms; touch it again later`,
  )
}
