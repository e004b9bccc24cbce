import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestService, bearer, startService } from './start-service.ts'

const profiles = defineSpace({
  name: 'profile',
  key: 'profile:{tenant}:{user}',
  schema: z.unknown(),
  ttl: '1h',
  tags: ({ user }) => [`user:${user}`],
})
const anything = defineSpace({ name: 'general', key: 'general:{key}', schema: z.json(), ttl: '5m' })
const tokens = defineSpace({
  name: 'access_token',
  key: 'access_token:{app}',
  schema: z.string(),
  ttl: '2h',
  secret: true,
})

let running: TestService
let store: Database
let operator: string
let viewer: string
let bound: string

beforeAll(async () => {
  store = await openDatabase({})
  const catalog = defineCatalog({ prefix: 'test', spaces: [profiles, anything, tokens] })
  running = await startService({
    database: store,
    cache: {
      catalog,
      tiers: [sqlTier({ database: store })],
      log: sqlLog({ database: store, catalog: 'test' }),
    },
  })
  operator = await running.token('operator')
  viewer = await running.token('viewer')
  await running.service.users.ensure('of-acme', 'operator')
  await running.database.query(`update service_users set tenant = 'acme' where username = 'of-acme'`)
  bound = await running.service.issueToken('of-acme')
})
beforeEach(async () => {
  await running.cache.clear()
})
afterAll(async () => {
  await running.stop()
  await store.close()
})

async function call(
  method: 'GET' | 'PUT' | 'DELETE',
  path: string,
  options: { query?: Record<string, string>; body?: object; token?: string } = {},
) {
  const { query = {}, body, token = operator } = options
  const text = new URLSearchParams(query).toString()
  const response = await running.service.app.inject({
    method,
    url: text === '' ? path : `${path}?${text}`,
    headers: bearer(token),
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: response.statusCode, body: response.json(), text: response.body }
}

async function listAll(query: Record<string, string>, token = viewer): Promise<string[]> {
  const keys: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: Record<string, string> = cursor === '' ? query : { ...query, cursor }
    const { status, body } = await call('GET', '/api/v1/entries', { query: more, token })
    expect(status).toBe(200)
    keys.push(...body.data.items.map(({ key }: { key: string }) => key))
    cursor = body.data.next_cursor
  }
  return keys
}

describe('one entry', () => {
  test.each([[0], [''], [{}], [[]], [null], [false], ['text'], [{ deep: [1, null] }]])(
    '%j is a value: written, read and deleted',
    async (value: unknown) => {
      const query = { key: 'general:some' }
      const written = await call('PUT', '/api/v1/entry', { query, body: { value, model: 'm', tags: ['t'] } })
      expect(written.body.data).toEqual({ key: 'test:general:some', space: 'general', kept: true })
      const read = await call('GET', '/api/v1/entry', { query: { ...query, default: '"other"' } })
      expect(read.body.data).toMatchObject({
        found: true,
        value,
        hidden: false,
        entry: {
          key: 'test:general:some',
          state: 'fresh',
          tiers: ['memory', 'sql'],
          tags: ['t'],
          model: 'm',
        },
        explanation: { sentence: expect.stringMatching(/^A read would be answered from memory/) },
      })
      const gone = await call('DELETE', '/api/v1/entry', { query })
      expect(gone.body.data).toMatchObject({ deleted: true })
      expect((await call('DELETE', '/api/v1/entry', { query })).body.data).toMatchObject({ deleted: false })
    },
  )

  test('what is not there is 404 with what was looked for, or the default, also a falsy one', async () => {
    const query = { key: 'test:general:nothing' }
    const { status, body } = await call('GET', '/api/v1/entry', { query })
    expect(status).toBe(404)
    expect(body.message).toBe(
      'There is no entry test:general:nothing of the space "general" (memory: absent, sql: absent). A read of space "general" would call the loader, since no tier has it.',
    )
    for (const value of [0, null, '', { a: 1 }]) {
      const given = await call('GET', '/api/v1/entry', {
        query: { ...query, default: JSON.stringify(value) },
      })
      expect(given.body.data).toMatchObject({ found: false, value, entry: null })
    }
    const bad = await call('GET', '/api/v1/entry', { query: { ...query, default: '{' } })
    expect([bad.status, bad.body.error.details[0].field]).toEqual([422, 'default'])
    const unknown = await call('GET', '/api/v1/entry', { query: { key: 'nobody:knows:this:one' } })
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'E_KEY_UNKNOWN'])
    expect(unknown.body).toMatchObject({
      type: '/docs/errors#E_KEY_UNKNOWN',
      title: 'A full key does not belong to any space of the catalog',
      detail: unknown.body.message,
    })
  })

  test('a TTL of 0 keeps nothing and removes what is there; looking is not reading', async () => {
    const query = { key: 'general:some' }
    await call('PUT', '/api/v1/entry', { query, body: { value: 1 } })
    const before = running.cache.stats().total
    await call('GET', '/api/v1/entry', { query })
    await call('GET', '/api/v1/entry/explain', { query })
    await call('GET', '/api/v1/entries')
    expect(running.cache.stats().total).toMatchObject({ hits: before.hits, misses: before.misses })
    const { body } = await call('PUT', '/api/v1/entry', { query, body: { value: 2, ttl_seconds: 0 } })
    expect(body.data.kept).toBe(false)
    expect((await call('GET', '/api/v1/entry', { query })).status).toBe(404)
  })

  test('without a value nothing is written', async () => {
    const { status, body } = await call('PUT', '/api/v1/entry', { query: { key: 'general:some' }, body: {} })
    expect([status, body.error.details?.[0]?.field]).toEqual([422, 'value'])
  })

  test('explain tells what killed it', async () => {
    await running.cache.open(profiles).set({ tenant: 'acme', user: 'ann' }, 1)
    await running.cache.open(profiles).set({ tenant: 'acme', user: 'bob' }, 1)
    await running.cache.invalidate({ tags: ['user:ann'] })
    const query = { key: 'profile:acme:ann' }
    const { body } = await call('GET', '/api/v1/entry/explain', { query, token: viewer })
    expect(body.data.tiers[0]).toMatchObject({ tier: 'memory', state: 'invalidated', mark: 't:user:ann' })
    expect(body.data.sentence).toMatch(/since it was invalidated/)
    expect((await call('GET', '/api/v1/entry', { query })).status).toBe(404)
  })

  test('a secret value is in no answer', async () => {
    await running.cache.open(tokens).set({ app: 'wx1' }, 'the-secret-token')
    const query = { key: 'access_token:wx1' }
    const read = await call('GET', '/api/v1/entry', { query })
    expect(read.body.data).toMatchObject({ found: true, hidden: true, value: null, entry: { bytes: 18 } })
    const others = [
      await call('GET', '/api/v1/entry/explain', { query }),
      await call('GET', '/api/v1/entries'),
    ]
    for (const { text } of [read, ...others]) expect(text).not.toContain('the-secret')
  })
})

describe('many at once', () => {
  test('each gets its own entry and its own default, and what is confined stays so', async () => {
    const keys = ['profile:acme:ann', 'profile:acme:bob', 'profile:other:ann']
    for (const key of keys) {
      const [, tenant = '', user = ''] = key.split(':')
      await running.cache.open(profiles).set({ tenant, user }, { 名: key })
    }
    const read = async (query: Record<string, string>, token = operator) =>
      call('GET', '/api/v1/entry', { query, token })
    const asked = Array.from({ length: 30 }, (_, at) => keys[at % 3] as string)
    const found = await Promise.all(asked.map(async (key) => read({ key })))
    expect(found.map(({ body }) => body.data.value)).toEqual(asked.map((key) => ({ 名: key })))
    expect(new Set(found.map(({ body }) => body.request_id)).size).toBe(30)
    const none = 'profile:acme:dan'
    const other = 'profile:other:ann'
    const mixed = await Promise.all([
      read({ key: none, default: '1' }),
      read({ key: none, default: '2' }),
      read({ key: none }),
      read({ key: other }),
      read({ key: other }, bound),
      read({ key: other }, viewer),
    ])
    expect(mixed.map(({ status }) => status)).toEqual([200, 200, 404, 200, 403, 403])
    expect(mixed.slice(0, 2).map(({ body }) => body.data.value)).toEqual([1, 2])
  })
})

describe('the list', () => {
  const put = async (tenant: string, user: string): Promise<void> =>
    running.cache.open(profiles).set({ tenant, user }, user)

  test('is confined by space, parameters, patterns, tag and tenant', async () => {
    for (const tenant of ['acme', 'beta']) for (const user of ['ann', 'anton', 'bob']) await put(tenant, user)
    await running.cache.open(anything).set({ key: 'x' }, 1, { tags: ['user:bob'] })
    expect(await listAll({ limit: '2' })).toHaveLength(7)
    expect(await listAll({ space: 'general' })).toEqual(['test:general:x'])
    expect((await listAll({ params: 'user=an*', limit: '1' })).toSorted()).toEqual(
      ['acme', 'beta'].flatMap((tenant) => [`test:profile:${tenant}:ann`, `test:profile:${tenant}:anton`]),
    )
    expect(await listAll({ params: 'user=*n&tenant=acme' })).toEqual([
      'test:profile:acme:ann',
      'test:profile:acme:anton',
    ])
    expect(await listAll({ params: 'user=*nt*o*' })).toHaveLength(2)
    expect((await listAll({ tag: 'user:bob' })).toSorted()).toEqual([
      'test:general:x',
      'test:profile:acme:bob',
      'test:profile:beta:bob',
    ])
    expect(await listAll({ tenant: 'beta' })).toHaveLength(3)
    expect(await listAll({ space: 'profile', params: 'nobody=1' })).toEqual([])
  })

  test.each([
    [{ params: 'user=' }, 422],
    [{ params: 'user=a&user=b' }, 422],
    [{ cursor: 'nonsense' }, 400],
    [{ space: 'nobody' }, 400],
    [{ limit: '201' }, 422],
  ])('%j is refused', async (query: Record<string, string>, status) => {
    expect((await call('GET', '/api/v1/entries', { query })).status).toBe(status)
  })

  test('who is bound to a tenant sees and changes its entries alone', async () => {
    for (const tenant of ['acme', 'beta']) for (const user of ['ann', 'bob']) await put(tenant, user)
    await running.cache.open(anything).set({ key: 'x' }, 1)
    expect((await listAll({}, bound)).toSorted()).toEqual(['test:profile:acme:ann', 'test:profile:acme:bob'])
    const token = bound
    const other = await call('GET', '/api/v1/entries', { query: { tenant: 'beta' }, token })
    expect(other.status).toBe(403)
    for (const key of ['profile:beta:ann', 'general:x']) {
      const query = { key }
      expect((await call('GET', '/api/v1/entry', { query, token })).status).toBe(403)
      expect((await call('GET', '/api/v1/entry/explain', { query, token })).status).toBe(403)
      expect((await call('DELETE', '/api/v1/entry', { query, token })).status).toBe(403)
      expect((await call('PUT', '/api/v1/entry', { query, body: { value: 1 }, token })).status).toBe(403)
    }
    expect(
      (await call('DELETE', '/api/v1/entry', { query: { key: 'profile:acme:ann' }, token })).status,
    ).toBe(200)
    expect(await listAll({})).toHaveLength(4)
  })
})

test('the pages of several tiers: each entry once, while others come and go', async () => {
  const memoryOnly = await createCache({
    catalog: defineCatalog({ prefix: 'test', spaces: [anything] }),
    sweepEvery: 0,
  })
  const stay = Array.from({ length: 300 }, (_, at) => `stay-${at}`)
  for (const cache of [running.cache, memoryOnly]) {
    const handle = cache.open(anything)
    await handle.setMany(stay.map((key) => ({ params: { key }, value: key })))
    const seen: string[] = []
    let cursor: string | undefined
    let turn = 0
    do {
      const page = await cache.list({ limit: 7, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ params }) => params['key'] ?? ''))
      cursor = page.cursor
      await handle.set({ key: `a-${turn}` }, 1)
      await handle.set({ key: `z-${turn}` }, 1)
      await handle.delete({ key: `a-${turn - 2}` })
      await handle.set({ key: stay[(turn * 13) % 300] ?? '' }, 'again')
      turn += 1
    } while (cursor !== undefined)
    expect(seen.filter((key) => key.startsWith('stay')).toSorted()).toEqual(stay.toSorted())
    expect(new Set(seen).size).toBe(seen.length)
  }
  await memoryOnly.close()
})
