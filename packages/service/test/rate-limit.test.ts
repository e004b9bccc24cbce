import { type Database, openDatabase } from '@reprise/database'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type TestService, bearer, startService } from './start-service.ts'

const database: Database = await openDatabase({})
let running: TestService
afterEach(async () => running.stop())
afterAll(async () => database.close())

async function ask(token: string, remoteAddress = '10.0.0.1', method: 'GET' | 'DELETE' = 'GET') {
  const url = method === 'GET' ? '/api/auth/me' : '/api/cache/clear'
  return running.service.app.inject({ method, url, headers: bearer(token), remoteAddress })
}

test('a caller has so many requests in a minute, wherever they come from; others have their own', async () => {
  running = await startService({ database, env: { RATE_LIMIT: '5' } })
  const viewer = await running.token('viewer')
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => (await ask(viewer, `10.0.0.${index}`)).statusCode),
  )
  expect(statuses.filter((status) => status === 200)).toHaveLength(5)
  expect(statuses.filter((status) => status === 429)).toHaveLength(3)
  const refused = await ask(viewer)
  expect(refused.json()).toMatchObject({
    success: false,
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    detail: refused.json().message,
    instance: `/api/auth/me#${refused.json().request_id}`,
    error: { code: 'TOO_MANY_REQUESTS', message: expect.stringMatching(/^More than 5 requests in a minute/) },
  })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
  expect((await ask(await running.token('admin'))).statusCode).toBe(200)
})

test('0 is no limit', async () => {
  running = await startService({ database, env: { RATE_LIMIT: '0' } })
  const viewer = await running.token('viewer')
  const answers = await Promise.all(Array.from({ length: 50 }, async () => ask(viewer)))
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
})

test('an address that tries tokens is kept out for the minute, and does not fill the operation log', async () => {
  running = await startService({ database })
  const count = async (): Promise<number> => {
    const { rows } = await database.query<{ count: number }>(
      'select count(*)::integer as count from service_operations',
    )
    return rows[0]?.count ?? 0
  }
  const before = await count()
  const statuses: number[] = []
  for (let index = 0; index < 120; index += 1) {
    statuses.push((await ask('a.b.c', '10.9.9.9', 'DELETE')).statusCode)
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(100)
  expect(statuses.slice(100)).toEqual(Array.from({ length: 20 }, () => 429))
  expect((await count()) - before).toBe(100)
  expect((await ask(await running.token('viewer'), '10.9.9.8')).statusCode).toBe(200)
})

test('no other site may read an answer: CORS is off', async () => {
  running = await startService({ database })
  const headers = { ...bearer(await running.token('viewer')), origin: 'https://elsewhere.example' }
  const answer = await running.service.app.inject({ url: '/api/auth/me', headers })
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})
