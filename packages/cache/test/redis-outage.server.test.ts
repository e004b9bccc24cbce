import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import type { RepriseError } from '../src/errors.ts'
import { type RedisShared, type RedisSharedOptions, redisShared } from '../src/redis/index.ts'
import { startCluster } from './redis-cluster.ts'
import { type OwnRedis, startOwnRedis } from './redis-server.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function ownRedis(args: readonly string[] = []): Promise<OwnRedis> {
  const server = await startOwnRedis(args)
  ends.push(() => server.stop())
  return server
}

async function openStore(url: string, options: Partial<RedisSharedOptions> = {}): Promise<RedisShared> {
  const store = redisShared({ url, prefix: 'outage', descriptor: 'd', ...options })
  ends.push(() => store.close())
  await store.open()
  return store
}

const key = { key: 'outage:a', format: 'entry' } as const
const failureOf = (promise: Promise<unknown>): Promise<RepriseError> =>
  promise.then(
    () => expect.unreachable('it must fail'),
    (error: unknown) => error as RepriseError,
  )

/** Asks the store again and again, as reads do, until it answers. */
async function untilBack(store: RedisShared): Promise<void> {
  for (;;) {
    try {
      return await store.ping()
    } catch {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

describe('a Redis that is slow or gone', () => {
  test('frozen: calls end at their deadline, then at once, and it is used again when it is back', async () => {
    const server = await ownRedis()
    const states: string[] = []
    const store = await openStore(server.url, { deadline: 200, onBreaker: (state) => states.push(state) })
    const position = await store.join()
    await store.next(position, 0)
    server.freeze()
    const started = performance.now()
    const errors = await Promise.all([
      failureOf(store.read([key])),
      failureOf(store.remove([key])),
      failureOf(store.append({ marks: ['t:a'], keys: [] })),
      failureOf(store.acquire(key, { token: 'orphan', lease: 60_000 })),
      failureOf(store.next(position, 100)),
      failureOf(store.ping()),
    ])
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(errors.map(({ code }) => code)).toEqual([
      'E_TIER_READ',
      'E_TIER_WRITE',
      'E_TIER_WRITE',
      'E_TIER_READ',
      'E_TIER_READ',
      'E_TIER_READ',
    ])
    expect(errors[0]?.message).toBe('redis read of 1 keys: no answer within the deadline of 200 ms')
    expect(store.breaker.state).toBe('open')
    const refused = await failureOf(store.read([key]))
    expect(refused.message).toContain('not sent')
    expect(refused.retryAfter).toBeGreaterThan(0)
    server.thaw()
    const back = performance.now()
    await untilBack(store)
    expect(performance.now() - back).toBeLessThan(2_000)
    expect(states.at(-1)).toBe('closed')
    // The lease that was granted after its caller had left is given back, not waited for.
    await expect
      .poll(async () => (await store.acquire(key, { token: 'next', lease: 1_000 })).acquired.kind)
      .toBe('granted')
    expect((await store.next(position, 0)).gap).toBe(false)
  })

  test('killed and started again empty: calls fail at once, then go on in a new era', async () => {
    const server = await ownRedis()
    const errors: Error[] = []
    const store = await openStore(server.url, { onError: (error) => errors.push(error) })
    const before = await store.join()
    await store.next(before, 0)
    const heard: string[] = []
    await store.onWake((name) => heard.push(name))
    await server.kill()
    expect((await failureOf(store.read([key]))).code).toBe('E_TIER_READ')
    expect((await failureOf(store.next(before, 100))).code).toBe('E_TIER_READ')
    await server.start()
    await untilBack(store)
    const { head } = await store.read([key])
    expect(head.era).not.toBe(before.era)
    await expect.poll(() => store.next(before, 0).catch(() => undefined)).toMatchObject({ gap: true })
    await expect
      .poll(async () => {
        await store.acquire(key, { token: 't', lease: 1_000, force: true })
        await store.release(key, 't')
        return heard.length
      })
      .toBeGreaterThan(0)
    expect(errors.length).toBeLessThan(3)
  })

  test('an address where nothing is: open says so, and can be called again', async () => {
    const server = await ownRedis()
    await server.kill()
    const store = redisShared({ url: server.url, prefix: 'outage', descriptor: 'd', patience: 100 })
    ends.push(() => store.close())
    expect((await failureOf(store.open())).message).toContain('no connection within 100 ms')
    await server.start()
    await expect.poll(() => store.open().then(() => true)).toBe(true)
  })

  test('a replica that became the master of the same connection begins a new era', async () => {
    const [master, replica] = await Promise.all([ownRedis(['--repl-diskless-sync-delay', '0']), ownRedis()])
    const old = await openStore(master.url)
    await old.append({ marks: ['t:a'], keys: [] })
    const { era } = await old.join()
    const store = await openStore(replica.url, { deadline: '5s' })
    await store.read([key])
    const admin = new Redis(replica.url)
    ends.push(async () => admin.disconnect())
    await admin.replicaof('127.0.0.1', master.port)
    await expect.poll(() => admin.hget('{outage}:h', 'era'), { timeout: 10_000 }).toBe(era)
    await admin.call('REPLICAOF', 'NO', 'ONE')
    const { head } = await store.read([key])
    expect(head.era).not.toBe(era)
    expect(head.n).toBe(0)
  })

  test('a master that became a replica says so to whoever asks for a lease', async () => {
    const server = await ownRedis()
    const store = await openStore(server.url, { deadline: 300 })
    const admin = new Redis(server.url)
    ends.push(async () => admin.disconnect())
    await admin.replicaof('127.0.0.1', 1)
    const refused = await failureOf(store.acquire(key, { token: 't', lease: 10_000 }))
    expect([refused.code, refused.message]).toEqual(['E_TIER_READ', expect.stringContaining('READONLY')])
    await admin.call('REPLICAOF', 'NO', 'ONE')
    await untilBack(store)
    const { acquired } = await store.acquire(key, { token: 't', lease: 10_000 })
    expect(acquired.kind).toBe('granted')
  })

  test('a lease that is no lease fails its own key, and no other of the same tick', async () => {
    const server = await ownRedis()
    const store = await openStore(server.url)
    const admin = new Redis(server.url)
    ends.push(async () => admin.disconnect())
    await admin.rpush('{outage:a}:l', 'a list')
    const other = { ...key, key: 'outage:b' }
    const [bad, good] = await Promise.all([
      failureOf(store.acquire(key, { token: 'x', lease: 10_000 })),
      store.acquire(other, { token: 'y', lease: 10_000 }),
    ])
    expect([bad.code, bad.message]).toEqual([
      'E_TIER_READ',
      expect.stringMatching(/"outage:a".*WRONGTYPE|WRONGTYPE.*"outage:a"/),
    ])
    expect(good.acquired.kind).toBe('granted')
  })

  test('a server that may evict is warned of', async () => {
    const server = await ownRedis(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'])
    const warnings: string[] = []
    await openStore(server.url, { onWarning: (message) => warnings.push(message) })
    expect(warnings).toEqual([expect.stringContaining('allkeys-lru')])
  })
})

describe('after close', () => {
  const endsByItself = async (mode: string, address: string): Promise<void> => {
    const child = fork(new URL('./redis-leak.ts', import.meta.url), [mode, address], {
      execArgv: ['--conditions=@reprise/source', '--import', 'tsx'],
    })
    ends.push(async () => void child.kill('SIGKILL'))
    const closed = once(child, 'message')
    const exit = once(child, 'exit')
    expect((await closed)[0]).toBe('closed')
    expect((await exit)[0]).toBe(0)
  }

  test('no socket and no timer keeps the process alive', async () => {
    await endsByItself('single', String((await ownRedis()).port))
  })

  test('nor on a Cluster', async () => {
    const cluster = await startCluster()
    ends.push(() => cluster.stop())
    await endsByItself('cluster', cluster.nodes.map(({ port }) => port).join(','))
  })
})
