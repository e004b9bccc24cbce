import { randomUUID } from 'node:crypto'
import { type Cache, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type Store, play, workload } from './counts-workload.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const admin = new Redis(url)
const mine = `other:${randomUUID()}`
const opened: Cache[] = []

async function keysUnder(prefix: string): Promise<string[]> {
  return admin.keys(`${prefix}*`)
}

async function removeAll(): Promise<void> {
  for (const key of [...(await keysUnder('*{*counted*}')), ...(await keysUnder('counted:')), mine])
    await admin.del(key)
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((cache) => cache.close()))
  await removeAll()
})
afterAll(() => admin.disconnect())

test('after any run of operations they equal what can be read and what Redis holds', async () => {
  const store: Store = {
    options: {},
    async count() {
      const keys = await keysUnder('counted:')
      const lengths = await Promise.all(keys.map((key) => admin.strlen(key)))
      return { entries: keys.length, bytes: lengths.reduce((sum, length) => sum + length, 0) }
    },
    writeForeign: async () => void (await admin.set(mine, '1')),
    hasForeign: async () => (await admin.exists(mine)) === 1,
    empty: removeAll,
  }
  await fc.assert(
    fc.asyncProperty(workload, fc.constantFrom(0, 2, 100), async (steps, maxEntries) => {
      const shared = redisShared({ prefix: 'counted', descriptor: 'counts', url, deadline: '5s' })
      await play({ ...store, options: { shared } }, steps, maxEntries)
    }),
    { numRuns: 15 },
  )
})

const answers = defineSpace({ name: 'answer', key: 'answer:{id}', schema: z.string(), ttl: '1h' })

async function node(processName: string): Promise<Cache> {
  const catalog = defineCatalog({ prefix: 'counted', spaces: [answers] })
  const shared = redisShared({ prefix: 'counted', descriptor: 'leases', url, deadline: '5s' })
  const cache = await createCache({ catalog, shared, processName, sweepEvery: 0 })
  opened.push(cache)
  return cache
}

test('explain names the process that loads a key', async () => {
  const [one, other] = [await node('host-a:1'), await node('host-b:2')]
  let finish!: (value: string) => void
  let begun!: () => void
  const started = new Promise<void>((resolve) => (begun = resolve))
  const load = one.open(answers).getOrLoad({ id: 1 }, () => {
    begun()
    return new Promise<string>((resolve) => (finish = resolve))
  })
  await started
  const seen = await other.explain(answers, { id: 1 })
  expect(seen.lease).toMatchObject({ holder: 'host-a:1', own: false })
  expect(seen.lease?.leftMs).toBeGreaterThan(0)
  expect(seen.lease?.leftMs).toBeLessThanOrEqual(5_001)
  expect(seen.onRead).toMatch(
    /^A read with a loader would wait for process host-a:1, which loads or writes it: its lease ends in \d+ (m?s) unless it is kept alive\.$/,
  )
  const own = await one.explain(answers, { id: 1 })
  expect(own.lease).toMatchObject({ holder: 'host-a:1', own: true })
  expect(own.onRead).toMatch(/would share the load that began/)
  finish('value')
  expect(await load).toBe('value')
  await expect.poll(async () => (await other.explain(answers, { id: 1 })).lease).toBeUndefined()
  expect(await other.open(answers).get({ id: 1 })).toBe('value')
})

test('the server tells its memory, clients and commands', async () => {
  const figures = await (await node('host-a:1')).server()
  expect(figures).toMatchObject({ nodes: 1, role: 'master' })
  expect(figures?.version).toMatch(/^\d+\.\d+/)
  expect(figures?.memory.used).toBeGreaterThan(100_000)
  expect(figures?.clients.connected).toBeGreaterThanOrEqual(2)
  const again = await opened[0]?.server()
  expect(again?.commands.processed).toBeGreaterThan(figures?.commands.processed ?? Infinity)
})
