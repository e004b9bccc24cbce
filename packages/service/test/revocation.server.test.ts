import { randomUUID } from 'node:crypto'
import { type Cache, createCache, defineCatalog } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import type { Database } from '@reprise/database'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serviceUserSpace } from '../src/auth/known-users.ts'
import { type TestSchema, createTestSchema } from './postgres-schema.ts'
import { type RedisLine, openRedisLine } from './redis-line.ts'
import { type TestService, bearer, startService } from './start-service.ts'

/** A database that counts how often users are looked up. */
function counting(database: Database, counts: { lookups: number }): Database {
  return {
    ...database,
    query: async (text, parameters) => {
      if (text.includes('as sessions')) counts.lookups += 1
      return database.query(text, parameters)
    },
  }
}

const prefix = `revocation-${process.pid}`
const counts = { lookups: 0 }
let schema: TestSchema
let line: RedisLine
let processes: readonly TestService[]
const caches: Cache[] = []
beforeAll(async () => {
  const url = process.env['REPRISE_TEST_REDIS_URL']
  if (url === undefined)
    throw new Error('REPRISE_TEST_REDIS_URL is not set: run `npm test`, which starts Redis')
  schema = await createTestSchema('revocation')
  line = await openRedisLine(url)
  const catalog = defineCatalog({ prefix, spaces: [serviceUserSpace] })
  const start = async (): Promise<TestService> => {
    const cache = await createCache({
      catalog,
      shared: redisShared({ prefix, descriptor: 'test', url: line.url, deadline: '2s' }),
    })
    caches.push(cache)
    const database = counting(await schema.open(), counts)
    return startService({ database, service: { cache } })
  }
  processes = [await start(), await start()]
})
afterAll(async () => {
  for (const { stop } of processes) await stop()
  await Promise.all(caches.map(async (cache) => cache.close()))
  await line.close()
  await schema.drop()
})
beforeEach(async () => processes[0]?.database.query('delete from service_users'))

async function me(process: 0 | 1, token: string): Promise<number> {
  const response = await processes[process]?.service.app.inject({
    url: '/api/auth/me',
    headers: bearer(token),
  })
  return response?.statusCode ?? 0
}

test('a user who is shut out in one process is shut out in every process at once, without asking the database each time', async () => {
  const [one, other] = processes as [TestService, TestService]
  for (let round = 0; round < 20; round += 1) {
    await one.service.users.ensure(`user ${round}`, 'viewer')
    const token = await one.service.issueToken(`user ${round}`)
    counts.lookups = 0
    for (const process of [0, 1, 0, 1] as const) expect(await me(process, token)).toBe(200)
    expect(counts.lookups).toBe(1)
    await (round % 2 === 0 ? one : other).service.users.setActive(`user ${round}`, false)
    expect(await Promise.all([me(0, token), me(1, token)])).toEqual([401, 401])
  }
})

test('while Redis is away the database is asked: nobody comes in who was shut out, nobody is kept out', async () => {
  const [one] = processes as [TestService, TestService]
  const tokens = await Promise.all(
    ['ann', 'bob'].map(async (name) => {
      await one.service.users.ensure(name, 'viewer')
      return one.service.issueToken(name)
    }),
  )
  const [ann = '', bob = ''] = tokens
  const seen = async () => Promise.all([me(0, ann), me(1, ann), me(0, bob), me(1, bob)])
  expect(await seen()).toEqual([200, 200, 200, 200])
  line.cut()
  expect(await seen()).toEqual([200, 200, 200, 200])
  await one.service.users.setActive('ann', false)
  expect(await seen()).toEqual([401, 401, 200, 200])
  line.mend()
  // What Redis still has of her is dropped by the process that owes it, whenever it hears of her again.
  await expect.poll(async () => [await me(0, ann), await me(1, ann)], { timeout: 15_000 }).toEqual([401, 401])
  expect(await me(0, ann)).toBe(401)
  expect((await seen()).slice(2)).toEqual([200, 200])
})

test('processes count requests together, and go on by themselves while Redis is away', async () => {
  const env = { RATE_LIMIT: '10', REDIS_URL: line.url }
  // Counts stay in Redis for a minute, by this prefix: they are not those of an earlier run.
  const limit = `limit-${randomUUID()}`
  const start = async (): Promise<TestService> => {
    const cache = await createCache({ catalog: defineCatalog({ prefix: limit, spaces: [serviceUserSpace] }) })
    caches.push(cache)
    return startService({ database: await schema.open(), env, service: { cache } })
  }
  const limited = [await start(), await start()] as const
  const ask = async (index: number, token: string): Promise<number> => {
    const { app } = (index % 2 === 0 ? limited[0] : limited[1]).service
    return (await app.inject({ url: '/api/auth/me', headers: bearer(token) })).statusCode
  }
  const tokenOf = async (name: string): Promise<string> => {
    await limited[0].service.users.ensure(name, 'viewer')
    return limited[0].service.issueToken(name)
  }

  const redis = new Redis(line.url)
  const counted = async (): Promise<number> => (await redis.keys(`*${limit}*`)).length
  // Until it is connected a process counts by itself.
  for (const index of [0, 1]) {
    await expect
      .poll(async () => {
        const before = await counted()
        await ask(index, await tokenOf(randomUUID()))
        return (await counted()) - before
      })
      .toBe(1)
  }
  const ann = await tokenOf('ann')
  const statuses = []
  for (let index = 0; index < 20; index += 1) statuses.push(await ask(index, ann))
  expect(statuses).toEqual([...Array<number>(10).fill(200), ...Array<number>(10).fill(429)])

  line.cut()
  expect(await ask(0, await tokenOf('bob'))).toBe(200)
  line.mend()
  redis.disconnect()
  for (const { stop } of limited) await stop()
})
