/** Three Sentinels, a primary and a replica of it: what a fail-over is to the caches that use them. */
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { redisShared } from '../src/redis/index.ts'
import { until } from '../src/testing/correctness/waiting.ts'
import { startFailoverLoad } from './failover-load.ts'
import { type FailoverNode, openFailoverNode } from './failover-rig.ts'
import { type OwnSentinel, startSentinel } from './redis-sentinel.ts'
import { type OwnRedis, startOwnRedis } from './redis-server.ts'

const host = '127.0.0.1'
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function admin({ port }: OwnRedis): Promise<Redis> {
  const client = new Redis({ host, port })
  client.on('error', () => {})
  ends.push(async () => client.disconnect())
  return client
}

interface Watched {
  readonly primary: OwnRedis
  readonly replica: OwnRedis
  readonly sentinels: readonly OwnSentinel[]
  readonly addresses: { readonly sentinels: { host: string; port: number }[]; readonly sentinelName: string }
  /** Keeps the replica from hearing of anything from now on. */
  deafen(): Promise<void>
  /** Resolves when the replica is the primary. */
  promoted(): Promise<boolean>
}

/** Starts them and waits until all know of each other. */
async function startWatched(): Promise<Watched> {
  const copier = ['--masteruser', 'copier', '--masterauth', 'copy']
  const [primary, replica] = await Promise.all([
    startOwnRedis(['--repl-diskless-sync-delay', '0', ...copier]),
    startOwnRedis(copier),
  ])
  ends.push(
    () => primary.stop(),
    () => replica.stop(),
  )
  const [first, second] = [await admin(primary), await admin(replica)]
  await first.call('ACL', 'SETUSER', 'copier', 'on', '>copy', '+psync', '+replconf', '+ping')
  await second.replicaof(host, primary.port)
  expect(await until(async () => (await second.info()).includes('master_link_status:up'), 10_000)).toBe(true)
  // One notices first: those that notice together split the votes, and try again seconds later.
  const sentinels = await Promise.all(
    [500, 3_000, 3_000].map(async (downAfter) => startSentinel({ master: primary.port, downAfter })),
  )
  for (const sentinel of sentinels) ends.push(() => sentinel.stop())
  const ready = async (): Promise<boolean> => {
    const known = await Promise.all(
      sentinels.flatMap(({ ask }) => [ask('SENTINELS', 'main'), ask('REPLICAS', 'main')]),
    )
    return known.every((list, index) => (list as unknown[]).length === (index % 2 === 0 ? 2 : 1))
  }
  expect(await until(ready, 10_000)).toBe(true)
  return {
    primary,
    replica,
    sentinels,
    addresses: { sentinels: sentinels.map(({ port }) => ({ host, port })), sentinelName: 'main' },
    async deafen() {
      await first.call('ACL', 'SETUSER', 'copier', 'off')
      await first.call('CLIENT', 'KILL', 'TYPE', 'replica')
    },
    promoted: () => until(async () => (await second.info()).includes('role:master'), 20_000),
  }
}

async function openNodes({ addresses }: Watched, prefix: string): Promise<[FailoverNode, FailoverNode]> {
  const nodes = await Promise.all([openFailoverNode(addresses, prefix), openFailoverNode(addresses, prefix)])
  for (const { cache } of nodes) ends.push(async () => cache.close({ timeout: 100 }))
  return nodes
}

const ids = Array.from({ length: 12 }, (_, id) => id)

describe('Sentinels', () => {
  test('the primary is killed under load: eventual callers notice nothing, strict ones are never told what was revoked', async () => {
    const watched = await startWatched()
    const nodes = await openNodes(watched, 'sentinel-load')
    const load = startFailoverLoad(nodes, ids)
    expect(await until(() => load.sightings.confirmed > 20, 5_000)).toBe(true)
    await watched.primary.kill()
    const killed = performance.now()
    expect(await watched.promoted()).toBe(true)
    const promoted = performance.now()
    const well = await load.allWell(8_000)
    console.log(
      `promoted after ${Math.round(promoted - killed)} ms, all well ${Math.round(performance.now() - promoted)} ms later; ` +
        `${load.sightings.reads} strict reads, ${load.sightings.confirmed} invalidations`,
    )
    await load.stop()
    const { stale, eventual, strict, invalidations } = load.sightings
    expect(well).toBe(true)
    expect(stale).toEqual([])
    expect(eventual).toEqual([])
    // A strict space fails closed: at its question, or at the lease that it asks for after a miss.
    expect([...strict].filter((code) => code !== 'E_TIER_READ' && code !== 'E_TIER_WRITE')).toEqual([])
    expect(strict.size).toBeGreaterThan(0)
    expect([...invalidations]).toEqual(['E_INVALIDATION_UNKNOWN'])
  })

  test('invalidations that the replica never heard of stay in force after the fail-over, as a new era', async () => {
    const watched = await startWatched()
    const [one, two] = await openNodes(watched, 'sentinel-lost')
    const id = 1
    for (const { pages, rights } of [one, two]) {
      expect(await pages.getOrLoad({ id }, () => 1)).toBe(1)
      expect(await rights.getOrLoad({ id }, () => 1)).toBe(1)
    }
    const store = redisShared({ ...watched.addresses, prefix: 'sentinel-lost', descriptor: 'failover' })
    ends.push(() => store.close())
    await store.open()
    const before = await store.join()
    const copy = await admin(watched.replica)
    const original = await admin(watched.primary)
    expect(await until(async () => (await original.wait(1, 100)) === 1, 5_000)).toBe(true)
    await watched.deafen()
    await one.cache.invalidate({ keys: [one.rights.key({ id }), one.pages.key({ id })] })
    await watched.primary.kill()
    expect(await watched.promoted()).toBe(true)
    // The new primary has what was invalidated.
    expect(await copy.exists('sentinel-lost:right:1', 'sentinel-lost:page:1')).toBe(2)
    for (const { pages, rights } of [one, two]) {
      const found: (number | undefined)[] = []
      const asked = (): Promise<boolean> =>
        rights.get({ id }).then(
          (value) => found.push(value) > 0,
          () => false,
        )
      expect(await until(asked, 8_000)).toBe(true)
      expect(found).toEqual([undefined])
      expect(await until(async () => (await pages.get({ id })) === undefined, 3_000)).toBe(true)
    }
    expect(await one.rights.getOrLoad({ id }, () => 2)).toBe(2)
    expect(await two.rights.getOrLoad({ id }, () => 3)).toBe(2)
    expect(
      await until(
        async () =>
          store.ping().then(
            () => true,
            () => false,
          ),
        5_000,
      ),
    ).toBe(true)
    expect((await store.join()).era).not.toBe(before.era)
  })

  test('a Sentinel that does not answer is passed over', async () => {
    const master = await startOwnRedis()
    ends.push(() => master.stop())
    const [frozen, other] = await Promise.all([
      startSentinel({ master: master.port }),
      startSentinel({ master: master.port }),
    ])
    ends.push(
      () => frozen.stop(),
      () => other.stop(),
    )
    frozen.freeze()
    const store = redisShared({
      sentinels: [frozen, other].map(({ port }) => ({ host, port })),
      sentinelName: 'main',
      connectTimeout: 300,
      prefix: 'a',
      descriptor: 'd',
    })
    ends.push(() => store.close())
    await store.open()
  })
})
