import { type Database, openDatabase } from '@reprise/database'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

describe('the log is read', () => {
  async function get(url: string, token: 'admin' | 'operator' = 'admin') {
    const response = await call('GET', `/api/v1/operations${url}`, {
      headers: bearer(await running.token(token)),
    })
    return { status: response.statusCode, text: response.body, headers: response.headers }
  }
  async function data(url: string) {
    return JSON.parse((await get(url)).text).data
  }
  const bare = async (url: string): Promise<Row[]> => (await data(url)).items

  test('by page, the newest first, every row once', async () => {
    const all = await bare('?limit=200')
    const seen: Row[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: Row[]; next_cursor: string | null } = await data(
        `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...page.items)
      cursor = page.next_cursor
    }
    expect(all.length).toBeGreaterThan(5)
    expect(seen).toEqual(all)
    const positions = all.map(({ position }) => position)
    expect(positions).toEqual(positions.toSorted((a, b) => b - a))
    expect(await data(`/${all[1]?.position}`)).toEqual({ operation: all[1] })
    expect((await get('/999999')).status).toBe(404)
  })

  test('by user, type, action, result, time and text, counted by the same', async () => {
    const all = await bare('?limit=200')
    const cases: readonly (readonly [string, (row: Row) => boolean])[] = [
      ['user=the-admin', ({ username }) => username === 'the-admin'],
      ['action=cache', ({ action }) => action.startsWith('cache.')],
      ['action=cache.clear', ({ action }) => action === 'cache.clear'],
      ['action=cach', () => false],
      ['result=refused', ({ result }) => result === 'refused'],
      ['text=NO%20AUTHORIZATION', ({ error }) => error?.includes('No authorization') === true],
      ['text=%25', () => false],
      ['to=2020-01-01T00:00:00Z', () => false],
      ['from=2020-01-01T08:00:00%2B08:00&action=auth', ({ action }) => action.startsWith('auth.')],
    ]
    for (const [query, chosen] of cases) {
      expect([query, await bare(`?limit=200&${query}`)]).toEqual([query, all.filter(chosen)])
      const counts = await data(`/statistics?${query}`)
      expect([query, counts.total]).toEqual([query, all.filter(chosen).length])
    }
    const counts = await data('/statistics')
    const done = all.filter(({ result }) => result === 'done').length
    expect(counts).toMatchObject({ total: all.length, by_result: { done }, success_rate: done / all.length })
    expect(counts.by_hour).toHaveLength(24)
    const sum = (list: { count: number }[]): number => list.reduce((total, { count }) => total + count, 0)
    expect(sum(counts.by_hour)).toBe(all.length)
    expect(sum(counts.by_type)).toBe(all.length)
  })

  test('as CSV with a byte order mark, one line for every row; that is recorded, in its last line', async () => {
    const all = await bare('?limit=200')
    const rows = await during(async () => {
      const { status, text, headers } = await get('/export')
      expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
      expect(text.startsWith('\u{FEFF}position,at,action,')).toBe(true)
      expect(text.split('\r\n').filter((line) => /^\d+,/.test(line))).toHaveLength(all.length + 1)
    })
    expect(rows).toMatchObject([{ action: 'operations.export', username: 'the-admin', result: 'done' }])
  })

  test('by administrators only', async () => {
    for (const url of ['', '/1', '/statistics', '/export', '/verify']) {
      expect((await get(url, 'operator')).status).toBe(403)
    }
  })

  test('and walked: what was changed is named; what was exported and is old enough can go', async () => {
    const { intact, position, hash } = await data('/verify')
    expect(intact).toBe(true)
    expect((await data(`/verify?position=${position}&hash=${hash}`)).intact).toBe(true)
    expect((await get(`/verify?position=${position}`)).status).toBe(422)
    const url = `/api/v1/operations?through=2&hash=${(await data('/2')).operation.hash}`
    const headers = bearer(await running.token('admin'))
    const young = await call('DELETE', url, { headers })
    expect([young.statusCode, young.json().message]).toEqual([409, expect.stringContaining('kept until')])
    const later = await startService({ database, service: { now: () => Date.now() + 91 * 86_400_000 } })
    const old = await later.service.app.inject({
      method: 'DELETE',
      url,
      headers: bearer(await later.token('admin')),
    })
    expect(old.json().data).toMatchObject({ through: 2, rows: 2 })
    await later.stop()
    const [row] = (
      await database.query<Row>('select * from service_operations order by position desc limit 1')
    ).rows
    expect(row).toMatchObject({
      action: 'operations.prune',
      username: 'the-admin',
      result: 'done',
      details: { through: 2, rows: 2 },
    })
    expect((await data('/verify')).intact).toBe(true)
    await database.query(`update service_operations set username = 'somebody' where position = 5`)
    expect(await data('/verify')).toMatchObject({ intact: false, position: 5, reason: 'was changed' })
  })

  test('by an administrator of a tenant: only what those of the tenant did', async () => {
    const admin = await running.token('admin')
    await database.query(`update service_users set tenant = 'north' where username = 'the-admin'`)
    expect(await bare('?limit=200')).toEqual([])
    expect((await get('/4')).status).toBe(404)
    expect((await get('/verify')).status).toBe(403)
    const denied = await call('DELETE', '/api/cache/clear', { headers: bearer(admin) })
    expect(denied.json().message).toBe('This concerns all tenants; the-admin is bound to "north"')
    expect(await bare('?limit=200')).toMatchObject([
      { action: 'cache.clear', tenant: 'north', result: 'refused' },
    ])
  })
})
