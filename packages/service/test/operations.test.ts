import { type Database, openDatabase } from '@reprise/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestService, bearer, headlines, startService } from './start-service.ts'

interface Row {
  readonly position: number
  readonly action: string
  readonly username: string | null
  readonly target: string
  readonly details: Record<string, unknown>
  readonly result: string
  readonly status: number | null
  readonly error: string | null
  readonly duration_ms: number
  readonly address: string
  readonly request_id: string
}

let database: Database
let running: TestService
beforeAll(async () => {
  database = await openDatabase({})
  running = await startService({ database, env: { REPRISE_ADMIN_PASSWORD: 'correct horse' } })
  await running.service.ensureAdministrator()
})
afterAll(async () => {
  await running.stop()
  await database.close()
})

/** The rows that were written while something was done. */
async function during(work: () => Promise<unknown>): Promise<readonly Row[]> {
  const text = 'select * from service_operations where position > $1 order by position'
  const last = 'select coalesce(max(position), 0)::integer as position from service_operations'
  const { rows } = await database.query<Row>(last)
  await work()
  return (await database.query<Row>(text, [rows[0]?.position ?? 0])).rows
}

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, options: object = {}) {
  return running.service.app.inject({ method, url, ...options })
}

test('what changes anything is recorded with who, what, how it ended, how long, from where', async () => {
  await running.cache.open(headlines).set({}, ['gone'])
  const headers = bearer(await running.token('admin'))
  const rows = await during(async () => {
    const response = await call('DELETE', '/api/cache/clear', {
      headers: { ...headers, 'x-request-id': 'my-request' },
      remoteAddress: '10.1.2.3',
    })
    expect(response.json().data.removed).toBe(1)
  })
  expect(rows).toEqual([
    expect.objectContaining({
      action: 'cache.clear',
      username: 'the-admin',
      target: '',
      details: { removed: 1, bytes: expect.any(Number) },
      result: 'done',
      status: 200,
      error: null,
      duration_ms: expect.any(Number),
      address: '10.1.2.3',
      request_id: 'my-request',
    }),
  ])
  expect(rows[0]?.duration_ms).toBeGreaterThan(0)
})

test('what only looks is not recorded', async () => {
  const headers = bearer(await running.token('admin'))
  const looks = ['/api/cache/stats', '/api/cache/details', '/api/auth/me', '/health', '/nowhere']
  expect(await during(async () => Promise.all(looks.map((url) => call('GET', url, { headers }))))).toEqual([])
})

test('refusals are recorded with their reason: no token, too low a role, a bad parameter', async () => {
  const viewer = bearer(await running.token('viewer'))
  const operator = bearer(await running.token('operator'))
  const rows = await during(async () => {
    await call('DELETE', '/api/cache/clear')
    await call('DELETE', '/api/cache/clear', { headers: viewer })
    await call('DELETE', '/api/cache/cleanup?days=99', { headers: operator })
  })
  expect(
    rows.map(({ action, username, result, status, error }) => ({ action, username, result, status, error })),
  ).toEqual([
    {
      action: 'cache.clear',
      username: null,
      result: 'refused',
      status: 401,
      error: 'UNAUTHORIZED: No authorization header',
    },
    {
      action: 'cache.clear',
      username: 'the-viewer',
      result: 'refused',
      status: 403,
      error: 'FORBIDDEN: This needs the role admin; the-viewer is viewer',
    },
    {
      action: 'cache.cleanup',
      username: 'the-operator',
      result: 'refused',
      status: 422,
      error: 'VALIDATION_ERROR: Bad parameters: days',
    },
  ])
})

test('a login names who came in, or who was tried, and never a password', async () => {
  const payload = { username: 'admin', password: 'correct horse' }
  const rows = await during(async () => {
    await call('POST', '/api/auth/login', { payload })
    await call('POST', '/api/auth/login', { payload: { ...payload, password: 'wrong horse' } })
  })
  expect(rows).toMatchObject([
    { action: 'auth.login', username: 'admin', target: 'admin', result: 'done', error: null },
    { action: 'auth.login', username: null, target: 'admin', result: 'refused', status: 401 },
  ])
  expect(JSON.stringify(rows)).not.toContain('horse')
})

test('an operation that fails on the way is recorded as failed', async () => {
  const broken = await startService({
    database,
    service: {
      cache: {
        ...running.cache,
        clear: () => Promise.reject(new Error('no such luck')),
      },
    },
  })
  const headers = bearer(await broken.token('admin'))
  const rows = await during(async () =>
    broken.service.app.inject({ method: 'DELETE', url: '/api/cache/clear', headers }),
  )
  await broken.stop()
  expect(rows).toMatchObject([
    { result: 'failed', status: 500, error: 'INTERNAL_SERVER_ERROR: 清空缓存失败: no such luck' },
  ])
})
