/**
 * Writes where processes share a store. A write takes the key's lease from whoever has it and stores under it, so a
 * write or an invalidation that is called later takes it in turn and wins, and a command that was given up and is
 * carried out late finds its token gone. The log then tells the other processes to drop their copies.
 */
import { randomUUID } from 'node:crypto'
import type { Cluster } from './cluster.ts'
import type { Ttl } from './duration.ts'
import { type Engine } from './engine.ts'
import { freshness } from './entry.ts'
import { RepriseError } from './errors.ts'
import { judge } from './read-shared.ts'
import type { Target } from './revive.ts'
import type { SharedKey } from './shared.ts'
import { type Store, makeNewEntry, putMemory, putShared } from './store.ts'

const sharedKey = ({ key, space }: Target): SharedKey => ({ key, format: space.settings.format })

/** Stores values under leases of their own and tells the log. @throws E_TIER_WRITE */
export async function writeShared(engine: Engine, cluster: Cluster, stores: readonly Store[]): Promise<void> {
  const { shared, lease } = cluster
  putMemory(engine, stores)
  const keys = stores.map(({ target }) => target.key)
  await engine.lanes.run(keys, async () => {
    const due = stores
      .filter(({ ticket }) => !ticket.broken)
      .map((store) => ({ ...store, lease: randomUUID() }))
    await confirmed(shared.name, keys, async () => {
      await Promise.all(due.map(async (store) => shared.steal(sharedKey(store.target), store.lease, lease)))
      await putShared(engine, cluster, due)
      await tell(engine, cluster, due)
    })
  })
}

/** Writes one record about stored values to the log. */
async function tell(engine: Engine, { shared, follower }: Cluster, stores: readonly Store[]): Promise<void> {
  if (stores.length === 0) return
  const keys = stores.map(({ target, entry }) => ({ key: target.key, version: entry.version }))
  const position = await shared.append({ marks: [], keys })
  await follower.own(position)
  engine.order.confirm(position)
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

/** Gives a fresh entry a new life: read under the lease, so that what was invalidated meanwhile cannot come back. */
export async function touchShared(
  engine: Engine,
  cluster: Cluster,
  { target, ttl }: { target: Target; ttl: Ttl | undefined },
): Promise<boolean> {
  const { shared } = cluster
  const key = sharedKey(target)
  const token = randomUUID()
  const ticket = engine.tickets.take(target.key, 'write')
  try {
    return await confirmed(shared.name, [target.key], async () => {
      await cluster.follower.reach(await shared.steal(key, token, cluster.lease))
      const { records, head } = await shared.read([key])
      await cluster.follower.reach(head)
      const [record] = records
      const found = record === undefined ? undefined : (await judge(engine, target, { record, ticket })).entry
      const fresh =
        found !== undefined &&
        freshness(found.freshUntil, engine.clock.now(), target.space.settings) === 'fresh'
      const entry = fresh
        ? makeNewEntry(engine, target, found, { ...found, ...(ttl === undefined ? {} : { ttl }) })
        : undefined
      if (entry === undefined) {
        await shared.release(key, token)
        if (fresh) await shared.remove([key])
        return fresh
      }
      const store: Store = { target, entry, ticket, lease: token }
      putMemory(engine, [store])
      await putShared(engine, cluster, [store])
      await tell(engine, cluster, [store])
      return true
    })
  } finally {
    engine.tickets.release(ticket)
  }
}
