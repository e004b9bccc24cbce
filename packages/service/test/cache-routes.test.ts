import { routes } from '@reprise/api'
import { systemClock } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { flakyTier, mapTier } from '@reprise/cache/testing'
import { openDatabase } from '@reprise/database'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestService, bearer, headlines, quotes, startService } from './start-service.ts'

let running: TestService
let viewer: string
let operator: string
let admin: string

beforeAll(async () => {
  const store = await openDatabase({})
  running = await startService({
    cache: {
      tiers: [sqlTier({ database: store })],
      log: sqlLog({ database: store, catalog: 'test' }),
    },
    service: { categories: { stock_quote: 'stock', headlines: 'news' }, now: () => Date.now() + clockAhead },
  })
  viewer = await running.token('viewer')
  operator = await running.token('operator')
  admin = await running.token('admin')
  stopStore = () => store.close()
})
let stopStore: () => Promise<void>
let clockAhead = 0
beforeEach(async () => {
  clockAhead = 0
  await running.cache.clear()
})
afterAll(async () => {
  await running.stop()
  await stopStore()
})

async function call(method: 'GET' | 'DELETE', url: string, token?: string) {
  const response = await running.service.app.inject({
    method,
    url,
    headers: token === undefined ? {} : bearer(token),
  })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

async function fill(): Promise<void> {
  await running.cache
    .open(quotes)
    .set({ market: 'sh', symbol: '600000' }, { price: 1 }, { meta: { model: 'gpt-4' } })
  await running.cache.open(quotes).set({ market: 'sz', symbol: '000001' }, { price: 2 })
  await running.cache.open(headlines).set({}, ['news'])
  await running.cache.open(quotes).get({ market: 'sh', symbol: '600000' })
  await running.cache.open(quotes).get({ market: 'sh', symbol: 'none' })
}

test('stats tell what is really stored, in the documented names', async () => {
  const before = (await call('GET', '/api/cache/stats', viewer)).body.data
  await fill()
  const { status, body, headers } = await call('GET', '/api/cache/stats', viewer)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    success: true,
    message: '获取缓存统计成功',
    request_id: headers['x-request-id'],
  })
  expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(60_000)
  expect(body.data).toMatchObject({
    totalFiles: 3,
    stockDataCount: 2,
    newsDataCount: 1,
    analysisDataCount: 0,
  })
  expect(body.data.hits - before.hits).toBe(1)
  expect(body.data.misses - before.misses).toBe(1)
  expect(body.data.tiers.map((tier: { name: string; entries: number }) => [tier.name, tier.entries])).toEqual(
    [
      ['memory', 3],
      ['sql', 3],
    ],
  )
  const timed = {
    calls: expect.any(Number),
    p50_seconds: expect.any(Number),
    p99_seconds: expect.any(Number),
  }
  expect(body.data.tier_times).toEqual([{ tier: 'sql', reads: timed, writes: timed }])
  const metrics = (await running.service.app.inject('/metrics')).body
  const told = (name: string): RegExp =>
    new RegExp(
      `^reprise_cache_tier_call_duration_seconds_${name}tier="sql",operation="write"} ([1-9]\\d*)$`,
      'm',
    )
  const calls = told('count{').exec(metrics)?.[1]
  expect([calls, told('bucket{le="\\+Inf",').exec(metrics)?.[1]]).toEqual([expect.any(String), calls])
  expect(body.data.totalSize).toBeGreaterThan(0)
  expect(body.data.maxSize).toBe(256 * 1024 ** 2)
})

test('details page through the entries, each with its provenance', async () => {
  await fill()
  const first = (await call('GET', '/api/cache/details?page=1&page_size=2', viewer)).body
  const second = (await call('GET', '/api/cache/details?page=2&page_size=2', viewer)).body
  expect(first.message).toBe('获取缓存详情成功')
  expect(first.data).toMatchObject({ total: 3, page: 1, page_size: 2 })
  const items = [...first.data.items, ...second.data.items]
  expect(items).toHaveLength(3)
  expect(items.find(({ symbol }) => symbol === 'market=sh, symbol=600000')).toMatchObject({
    type: 'stock_quote',
    key: 'test:quote:sh:600000',
    hit_count: 1,
    tiers: ['memory', 'sql'],
    model: 'gpt-4',
    strategy: 'unknown',
  })
  expect(items.find(({ type }) => type === 'headlines')).toMatchObject({ symbol: '', expires_at: null })
})

test('backend-info tells the tiers', async () => {
  const { body } = await call('GET', '/api/cache/backend-info', viewer)
  expect(body.message).toBe('获取缓存后端信息成功')
  expect(body.data).toMatchObject({
    system: 'reprise',
    primary_backend: 'sql',
    fallback_enabled: true,
    redis_available: false,
    tiers: [
      { name: 'memory', reachable: true, durable: false },
      { name: 'sql', reachable: true, durable: true },
    ],
  })
})

test('cleanup removes what is older than the days, seven unless told', async () => {
  await fill()
  const young = (await call('DELETE', '/api/cache/cleanup', operator)).body
  expect(young).toMatchObject({ message: '已清理 7 天前的缓存', data: { days: 7, removed: 0, bytes: 0 } })
  clockAhead = 3 * 86_400_000
  const old = (await call('DELETE', '/api/cache/cleanup?days=2', operator)).body
  expect(old.data).toMatchObject({ days: 2, removed: 3 })
  expect((await call('GET', '/api/cache/stats', viewer)).body.data.totalFiles).toBe(0)
})

test('clear removes every entry', async () => {
  await fill()
  const { body } = await call('DELETE', '/api/cache/clear', admin)
  expect(body).toMatchObject({ message: '所有缓存已清空', data: { removed: 3 } })
  expect((await running.cache.entries()).total).toBe(0)
})

test('every cache route refuses a call without a token and one with too low a role', async () => {
  const below = { viewer: undefined, operator: viewer, admin: operator }
  for (const row of Object.values(routes).filter(({ tag }) => tag === 'cache')) {
    const method = row.method as 'GET' | 'DELETE'
    const bare = await call(method, row.path)
    expect(bare.status).toBe(401)
    expect(bare.body).toMatchObject({
      success: false,
      data: null,
      message: 'No authorization header',
      error: { code: 'UNAUTHORIZED', request_id: bare.headers['x-request-id'] },
    })
    const low = below[row.role as 'viewer' | 'operator' | 'admin']
    if (low === undefined) continue
    const refused = await call(method, row.path, low)
    expect(refused.status).toBe(403)
    expect(refused.body.error.code).toBe('FORBIDDEN')
  }
})

test.each([
  ['DELETE', '/api/cache/cleanup?days=0', 'days'],
  ['DELETE', '/api/cache/cleanup?days=31', 'days'],
  ['DELETE', '/api/cache/cleanup?days=1.5', 'days'],
  ['DELETE', '/api/cache/cleanup?days=', 'days'],
  ['DELETE', '/api/cache/cleanup?days=1&days=2', 'days'],
  ['DELETE', '/api/cache/cleanup?days=99999999999999999999', 'days'],
  ['DELETE', '/api/cache/clear?all=1', 'all'],
  ['GET', '/api/cache/details?page=0', 'page'],
  ['GET', '/api/cache/details?page_size=101', 'page_size'],
  ['GET', '/api/cache/details?page_size=abc', 'page_size'],
  ['GET', '/api/cache/stats?__proto__=1', '__proto__'],
  ['GET', '/api/cache/backend-info?x=1', 'x'],
] as const)('%s %s is refused, naming the field', async (method, url, field) => {
  await fill()
  const { status, body } = await call(method, url, admin)
  expect(status).toBe(422)
  expect(body).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR' } })
  expect(body.error.details[0].field).toBe(field)
  expect((await running.cache.entries()).total).toBe(3)
})

test('a failing operation says which, and a tier that is away is told', async () => {
  const tier = flakyTier(mapTier({ clock: systemClock }))
  const broken = await startService({ cache: { tiers: [tier] }, database: running.database })
  try {
    const token = await broken.token('admin')
    tier.break('ping', 'throw')
    const info = await broken.service.app.inject({ url: '/api/cache/backend-info', headers: bearer(token) })
    expect(info.json().data.tiers[1]).toMatchObject({
      reachable: false,
      error: expect.stringContaining('broken'),
    })
    await broken.cache.close()
    const closed = await broken.service.app.inject({ url: '/api/cache/stats', headers: bearer(token) })
    expect(closed.statusCode).toBe(503)
    expect(closed.json().message).toMatch(/^获取缓存统计失败: /)
    expect(closed.json().error.code).toBe('E_CACHE_CLOSED')
    expect(closed.body).not.toMatch(/ at .*\.ts:/)
  } finally {
    await broken.stop()
  }
})
