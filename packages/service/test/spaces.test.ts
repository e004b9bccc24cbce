import { defineCatalog, defineSpace, endOfDay } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestService, bearer, headlines, quotes, startService } from './start-service.ts'

const drawn = defineSpace({
  name: 'drawn',
  key: 'drawn:{tenant}:{id}',
  schema: z.number(),
  ttl: () => '1m',
  staleWhileRevalidate: '30s',
  consistency: 'strict',
  secret: true,
})
const daily = defineSpace({
  name: 'daily',
  key: 'daily:{id}',
  schema: z.number(),
  ttl: endOfDay('Asia/Shanghai'),
})

const clock = createFakeClock()
let running: TestService
let tokens: Record<'viewer' | 'admin', string>

beforeAll(async () => {
  const catalog = defineCatalog({ prefix: 'test', spaces: [quotes, headlines, drawn, daily] })
  running = await startService({
    cache: { catalog },
    service: { clock },
    env: { LLM_API_KEY: 'sk-secret', CACHE_MAX_BYTES: '1MiB' },
  })
  tokens = { viewer: await running.token('viewer'), admin: await running.token('admin') }
})
afterAll(() => running.stop())

async function get(url: string, role: 'viewer' | 'admin' = 'viewer') {
  const response = await running.service.app.inject({ url, headers: bearer(tokens[role]) })
  return { status: response.statusCode, body: response.json(), text: response.body }
}

test('the catalog tells how each space is declared, and its figures', async () => {
  const handle = running.cache.open(quotes)
  for (const symbol of ['a', 'b']) await handle.getOrLoad({ market: 'sh', symbol }, () => ({ price: 1 }))
  await handle.get({ market: 'sh', symbol: 'a' })
  const { items } = (await get('/api/v1/spaces')).body.data
  const byName = Object.fromEntries(items.map((row: { space: string }) => [row.space, row]))
  expect(byName['stock_quote']).toMatchObject({
    template: 'quote:{market}:{symbol}',
    tenant_param: null,
    secret: false,
    format: 'entry',
    ttl: '1h',
    ttl_seconds: 3_600,
    consistency: 'eventual',
    tiers: ['memory'],
    entries: 2,
    bytes: 24,
    hits: 1,
    misses: 2,
    hit_rate: 1 / 3,
    loads: 2,
  })
  expect(byName['stock_quote'].mean_load_seconds).toBeGreaterThanOrEqual(0)
  expect(byName['headlines']).toMatchObject({ ttl: 'for ever', ttl_seconds: null, mean_load_seconds: null })
  expect(byName['drawn']).toMatchObject({
    ttl: 'computed from the value',
    tenant_param: 'tenant',
    secret: true,
    stale_while_revalidate_seconds: 30,
    consistency: 'strict',
  })
  expect(byName['daily'].ttl).toBe('end of day in Asia/Shanghai')
})

test('one space with its advice, hot keys, and 400 for a space that is not there', async () => {
  const { body } = await get('/api/v1/spaces/stock_quote')
  expect(body.data).toMatchObject({
    space: { space: 'stock_quote', entries: 2 },
    advice: { space: 'stock_quote', advice: 'not-enough' },
  })
  expect((await get('/api/v1/ttl-advice')).body.data.items).toHaveLength(4)
  for (let turn = 0; turn < 9; turn += 1) await running.cache.open(quotes).get({ market: 'sh', symbol: 'b' })
  expect((await get('/api/v1/hot-keys?limit=1')).body.data.items).toMatchObject([
    { key: 'test:quote:sh:b', reads: 10 },
  ])
  expect((await get('/api/v1/spaces/nobody')).status).toBe(400)
})

test('the last hour, of all spaces or of one, from a span on', async () => {
  await clock.advance(10_000)
  await running.cache.open(headlines).get({})
  await clock.advance(10_000)
  const { rows } = (await get('/api/v1/stats/history')).body.data
  expect(rows).toMatchObject([
    {
      from: '2026-01-01T00:00:00.000Z',
      seconds: 10,
      loads: 2,
      errors: 0,
      load_times: { calls: 2 },
      tiers: [],
    },
    {
      from: '2026-01-01T00:00:10.000Z',
      seconds: 10,
      hits: 0,
      misses: 1,
      loads: 0,
      load_times: { calls: 0, p50_seconds: null },
    },
  ])
  const asked = (more: string) => get(`/api/v1/stats/history?${more}`)
  expect((await asked(`since=${rows[1].from}`)).body.data.rows).toEqual([rows[1]])
  const { body } = await asked('space=stock_quote')
  expect(body.data.rows).toMatchObject([{ loads: 2 }, { loads: 0, misses: 0 }])
  expect((await asked('space=nobody')).status).toBe(400)
  expect((await asked('since=yesterday')).status).toBe(422)
})

test('without Redis the figures of the server are not made up', async () => {
  expect((await get('/api/v1/server')).body.data).toMatchObject({
    available: false,
    reason: expect.stringContaining('No Redis is configured'),
    server: null,
  })
})

test('settings are shown with where they come from, and no secret is', async () => {
  const { body, text } = await get('/api/v1/settings', 'admin')
  const byKey = Object.fromEntries(body.data.items.map((row: { key: string }) => [row.key, row]))
  expect(byKey['cache.max_bytes']).toMatchObject({
    env: 'CACHE_MAX_BYTES',
    value: '1MiB',
    source: 'environment',
  })
  expect(byKey['host']).toMatchObject({ value: '127.0.0.1', source: 'default' })
  expect(byKey['redis_url']).toMatchObject({ value: null, source: 'unset', secret: true })
  expect(byKey['llm.api_key']).toMatchObject({ value: null, source: 'environment', secret: true })
  expect(text).not.toContain('sk-secret')
  expect(text).not.toContain('thirty-two characters')
  expect((await get('/api/v1/settings')).status).toBe(403)
})
