/** Slots that move and masters that change, in a real Cluster and under load: what the caches on it promise then. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RedisShared, redisShared } from '../src/redis/index.ts'
import { catalogKeys, leaseKey, slotOf } from '../src/redis/keys.ts'
import { until } from '../src/testing/correctness/waiting.ts'
import { type FailoverLoad, startFailoverLoad } from './failover-load.ts'
import { type FailoverNode, openFailoverNode } from './failover-rig.ts'
import { type ClusterNode, type MovingCluster, startMovingCluster } from './redis-cluster-moves.ts'

let cluster: MovingCluster
beforeAll(async () => void (cluster = await startMovingCluster()))
afterAll(async () => cluster.stop())

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** The slot of what the catalog itself keeps. */
const logSlot = (prefix: string): number => slotOf(prefix)
const ids = Array.from({ length: 12 }, (_, id) => id)

async function openNodes(prefix: string): Promise<readonly FailoverNode[]> {
  const addresses = { cluster: cluster.addresses }
  const nodes = await Promise.all([openFailoverNode(addresses, prefix), openFailoverNode(addresses, prefix)])
  for (const { cache } of nodes) ends.push(async () => cache.close({ timeout: 100 }))
  return nodes
}

async function openStore(prefix: string, deadline = 150): Promise<RedisShared> {
  const store = redisShared({ cluster: cluster.addresses, prefix, descriptor: 'failover', deadline })
  ends.push(() => store.close())
  await store.open()
  return store
}

const isMaster = async ({ call }: ClusterNode): Promise<boolean> =>
  String(await call('ROLE')).startsWith('master')

/** Waits until the load is under way. */
async function warm(load: FailoverLoad): Promise<void> {
  expect(await until(() => load.sightings.confirmed > 20 && load.sightings.reads > 50, 5_000)).toBe(true)
}

/** Ends a load, when all is well again, and holds it to what is promised whatever happens to the servers. */
async function settle(load: FailoverLoad, what: string): Promise<void> {
  const start = performance.now()
  const well = await load.allWell(10_000)
  const took = Math.round(performance.now() - start)
  await load.stop()
  const { stale, eventual, strict, invalidations, reads, confirmed } = load.sightings
  console.log(
    `${what}: all well after ${took} ms; ${reads} strict reads (${[...strict].join(' ') || 'no errors'}), ` +
      `${confirmed} invalidations (${[...invalidations].join(' ') || 'no errors'})`,
  )
  expect(well).toBe(true)
  expect(stale).toEqual([])
  expect(eventual).toEqual([])
  const allowed = ['E_TIER_READ', 'E_TIER_WRITE', 'E_INVALIDATION_UNKNOWN']
  expect([...strict, ...invalidations].filter((code) => !allowed.includes(code))).toEqual([])
}

test('one node alone is refused as an address, whichever it is', async () => {
  for (const { host, port } of cluster.addresses) {
    const store = redisShared({ host, port, prefix: 'alone', descriptor: 'alone' })
    ends.push(() => store.close())
    await expect(store.open()).rejects.toMatchObject({
      code: 'E_OPTION_INVALID',
      message: expect.stringContaining('give `cluster` its nodes') as string,
    })
  }
})

describe('a slot that moves', () => {
  test('step by step: values are read throughout, what needs several keys waits for the end', async () => {
    const prefix = 'reshard-steps'
    const store = await openStore(prefix)
    const key = { key: `${prefix}:right:1`, format: 'entry' } as const
    const { key: name } = key
    const slot = slotOf(name)
    const write = async (token: string): Promise<boolean> => {
      await store.steal(key, token, 60_000)
      const record = { key: name, body: Buffer.from(token), createdAt: 0, expiresAt: Infinity }
      return store.store(record, { token, version: token, format: 'entry' })
    }
    const body = async (): Promise<string> => String((await store.read([key])).records[0]?.body)
    expect(await write('first')).toBe(true)

    const move = await cluster.begin(slot, await cluster.otherThan(slot))
    expect(await body()).toBe('first')
    const refused = Array.from({ length: 6 }, () => store.acquire(key, { token: 't', lease: 1_000 }))
    for (const result of await Promise.allSettled(refused))
      expect(result).toMatchObject({
        reason: { message: expect.stringMatching(/150 ms; .*(TRYAGAIN|MOVED)/) as string },
      })
    // The rest of the Cluster is well.
    expect(store.breaker.state).toBe('closed')
    await expect(store.remove([key])).rejects.toMatchObject({ code: 'E_TIER_WRITE' })
    await move.keys([name])
    expect(await body()).toBe('first')
    await expect(store.remove([key])).rejects.toMatchObject({ code: 'E_TIER_WRITE' })
    await move.finish()
    // What was given up may still be done for a moment: one more removal of a value is a miss, and nothing worse.
    const written = async (): Promise<boolean> => (await write('second')) && (await body()) === 'second'
    expect(await until(written, 2_000)).toBe(true)
    await store.remove([key])
    expect(await body()).toBe('undefined')
    expect((await store.acquire(key, { token: 't', lease: 1_000 })).acquired.kind).toBe('granted')

    // A lease that is held while its slot moves is held afterwards.
    const back = await cluster.begin(slot, await cluster.otherThan(slot))
    await back.keys([leaseKey(name)])
    expect(await store.extend(key, 't', 10_000)).toBe(true)
    await back.finish()
    expect((await store.acquire(key, { token: 'u', lease: 1_000 })).acquired.kind).toBe('wait')
  })

  test('all slots of a catalog under load: eventual callers notice nothing, strict ones see nothing stale', async () => {
    const prefix = 'reshard-load'
    const nodes = await openNodes(prefix)
    const load = startFailoverLoad(nodes, ids)
    await warm(load)
    const names = ids.flatMap((id) => [`${prefix}:page:${id}`, `${prefix}:right:${id}`])
    for (const slot of [...names.map(slotOf), logSlot(prefix)]) {
      const move = await cluster.begin(slot, await cluster.otherThan(slot))
      // Open for some reads and writes of it.
      const { reads, confirmed } = load.sightings
      expect(await until(() => load.sightings.reads > reads + 10, 5_000)).toBe(true)
      if (slot !== logSlot(prefix))
        expect(await until(() => load.sightings.confirmed > confirmed, 5_000)).toBe(true)
      await move.keys()
      await move.finish()
    }
    await settle(load, 'slots moved')
  })

  test('the log’s slot moves: a new era, and every node is in it', async () => {
    const prefix = 'reshard-log'
    const [one, two] = (await openNodes(prefix)) as [FailoverNode, FailoverNode]
    const store = await openStore(prefix, 5_000)
    const { era } = await store.join()
    expect(await one.rights.getOrLoad({ id: 1 }, () => 1)).toBe(1)
    expect(await two.rights.get({ id: 1 })).toBe(1)
    const move = await cluster.begin(logSlot(prefix), await cluster.otherThan(logSlot(prefix)))
    // Head, hash and log are handed over together, as a reshard does with the keys of a slot.
    await move.keys(Object.values(catalogKeys(prefix)))
    await move.finish()
    expect((await store.join()).era).not.toBe(era)
    expect(await two.rights.get({ id: 1 })).toBeUndefined()
    expect(await one.rights.getOrLoad({ id: 1 }, () => 2)).toBe(2)
    expect(await two.rights.get({ id: 1 })).toBe(2)
  })
})

describe('a master that changes', () => {
  test('as planned, under load: nothing is lost and nothing stale is seen', async () => {
    const prefix = 'planned'
    const nodes = await openNodes(prefix)
    const owner = await cluster.ownerOf(slotOf(`${prefix}:right:1`))
    const replica = await cluster.addReplica(owner)
    const load = startFailoverLoad(nodes, ids)
    await warm(load)
    // It may be refused while the nodes do not agree yet on who has what.
    const promoted = async (): Promise<boolean> => {
      await replica.call('CLUSTER', 'FAILOVER').catch(() => {})
      return until(() => isMaster(replica), 1_500)
    }
    expect(await until(promoted, 12_000)).toBe(true)
    await settle(load, 'planned change of a master')
  })

  test('the log’s master is killed under load: its replica takes over by itself', async () => {
    const prefix = 'killed'
    const nodes = await openNodes(prefix)
    const owner = await cluster.ownerOf(logSlot(prefix))
    const replica = await cluster.addReplica(owner)
    const load = startFailoverLoad(nodes, ids)
    await warm(load)
    await owner.server.kill()
    expect(await until(() => isMaster(replica), 15_000)).toBe(true)
    await settle(load, 'killed master of the log')
    expect(load.sightings.strict.size).toBeGreaterThan(0)
  })
})
