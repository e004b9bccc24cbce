import { createCache, defineCatalog, defineSpace, systemClock } from '@reprise/cache'
import { flakyTier, mapTier } from '@reprise/cache/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createInvalidations } from '../src/invalidation/invalidations.ts'
import { type TestService, bearer, startService } from './start-service.ts'

const profiles = defineSpace({
  name: 'profile',
  key: 'profile:{tenant}:{user}',
  schema: z.string(),
  ttl: '1h',
  tags: ({ user }) => [`user:${user}`],
})
const notes = defineSpace({ name: 'note', key: 'note:{id}', schema: z.string(), ttl: '1h' })
const catalog = defineCatalog({ prefix: 'test', spaces: [profiles, notes] })
const tier = flakyTier(mapTier({ clock: systemClock }))

let running: TestService
let operator: string
let bound: string

beforeAll(async () => {
  running = await startService({ cache: { catalog, tiers: [tier] } })
  operator = await running.token('operator')
  await running.service.users.ensure('of-acme', 'operator')
  await running.database.query(`update service_users set tenant = 'acme' where username = 'of-acme'`)
  bound = await running.service.issueToken('of-acme')
})
beforeEach(async () => {
  tier.heal()
  await running.cache.clear()
  await running.database.query('delete from service_invalidations')
  const profile = running.cache.open(profiles)
  for (const tenant of ['acme', 'beta'])
    for (const user of ['ann', 'bob']) await profile.set({ tenant, user }, 'value')
  await running.cache.open(notes).set({ id: 1 }, 'value', { tags: ['user:ann'] })
})
afterAll(() => running.stop())

async function ask(body: object, options: { token?: string; key?: string } = {}) {
  const { token = operator, key } = options
  const response = await running.service.app.inject({
    method: 'POST',
    url: '/api/v1/invalidation',
    headers: { ...bearer(token), ...(key === undefined ? {} : { 'idempotency-key': key }) },
    payload: body,
  })
  return { status: response.statusCode, body: response.json() }
}

async function get(path: string, token = operator) {
  const response = await running.service.app.inject({ url: path, headers: bearer(token) })
  return { status: response.statusCode, body: response.json() }
}

async function keys(): Promise<string[]> {
  return (await running.cache.list({ limit: 100 })).items.map(({ key }) => key).toSorted()
}

test.each([
  [{ keys: ['profile:acme:ann', 'test:note:1', 'note:none'] }, 2],
  [{ tags: ['user:ann'] }, 3],
  [{ spaces: ['profile'] }, 4],
  [{ tenant: 'beta' }, 2],
  [{ tags: ['user:bob'], tenant: 'acme', keys: ['note:1', 'profile:beta:bob'] }, 4],
  [{ tags: ['nobody'] }, 0],
])('%j: the dry run counts what the real one makes disappear, and changes nothing', async (target, gone) => {
  const before = await keys()
  const dry = await ask({ ...target, dry_run: true })
  expect(dry.status).toBe(200)
  const { preview, invalidation } = dry.body.data
  expect([preview.entries, invalidation]).toEqual([gone, null])
  expect(await keys()).toEqual(before)
  const real = await ask({ ...target, reason: 'why' })
  expect(real.status).toBe(200)
  expect(real.body.data.invalidation).toMatchObject({
    origin: 'api',
    status: 'completed',
    attempts: 1,
    operator_id: 'the-operator',
    reason: 'why',
    error: null,
  })
  const left = await keys()
  const sampled = preview.samples.map(({ key }: { key: string }) => key).toSorted()
  expect(before.filter((key) => !left.includes(key))).toEqual(sampled)
  expect(sampled).toHaveLength(gone)
})

test('alone, the process has applied what it has completed', async () => {
  const { invalidation_id: id } = (await ask({ tags: ['user:ann'] })).body.data.invalidation
  const { data } = (await get(`/api/v1/invalidations/${id}/deliveries`)).body
  expect(data).toMatchObject({ status: 'completed', applied: 1, pending: 0, silent: 0 })
  expect(data.processes).toMatchObject([{ own: true, state: 'applied', behind: 0 }])
  expect(data.processes[0].position.n).toBeGreaterThan(0)
  expect((await get(`/api/v1/invalidations/${id}/deliveries`, bound)).status).toBe(403)
})

test('repeated with the same Idempotency-Key it is one; the key with another target is refused', async () => {
  const first = await ask({ tags: ['user:ann'] }, { key: 'k-1' })
  await running.cache.open(notes).set({ id: 1 }, 'newer', { tags: ['user:ann'] })
  const second = await ask({ tags: ['user:ann'] }, { key: 'k-1' })
  expect(second.body.data.invalidation).toEqual(first.body.data.invalidation)
  expect(await keys()).toContain('test:note:1')
  expect((await ask({ tags: ['user:bob'] }, { key: 'k-1' })).status).toBe(422)
  expect((await ask({ tags: ['user:bob'] }, { key: 'not ok' })).body.error.details[0].field).toBe(
    'Idempotency-Key',
  )
  const all = await Promise.all([1, 2, 3].map(async () => ask({ tenant: 'acme' }, { key: 'k-2' })))
  expect(new Set(all.map(({ body }) => body.data.invalidation.invalidation_id)).size).toBe(1)
})

test.each([
  [{}, 422],
  [{ keys: [] }, 422],
  [{ keys: ['nobody:knows:this:key'] }, 404],
  [{ spaces: ['nobody'] }, 400],
  [{ tags: [''] }, 422],
  [{ tags: 'user:ann' }, 422],
  [{ tags: ['a'], all: true }, 422],
])('%j is refused and nothing is written down', async (body, status) => {
  expect((await ask(body)).status).toBe(status)
  expect((await get('/api/v1/invalidations')).body.data.items).toEqual([])
})

test('with a tier away it waits, and completes by itself after its return', async () => {
  tier.break('remove', 'throw')
  const { status, body } = await ask({ keys: ['note:1'] })
  expect(status).toBe(202)
  const { invalidation_id: id } = body.data.invalidation
  expect(body.data.invalidation).toMatchObject({
    status: 'pending',
    error: expect.stringContaining('note:1'),
  })
  tier.heal()
  await running.database.query(`update service_invalidations set next_attempt_at = now()`)
  await ask({ tags: ['anything'] })
  const after = await get(`/api/v1/invalidations/${id}`)
  expect(after.body.data.invalidation).toMatchObject({
    status: 'completed',
    error: null,
    next_attempt_at: null,
  })
  expect(after.body.data.invalidation.attempts).toBeGreaterThan(1)
})

test('a tier that says it removed and did not is found out: it is not completed before the entry is gone', async () => {
  tier.break('remove', 'lie')
  const { status, body } = await ask({ keys: ['note:1'] })
  expect(status).toBe(202)
  const { invalidation_id: id } = body.data.invalidation
  expect(body.data.invalidation).toMatchObject({
    status: 'pending',
    error: expect.stringMatching(/test:note:1 is still in /),
    completed_at: null,
  })
  tier.heal()
  await running.database.query(`update service_invalidations set next_attempt_at = now()`)
  await ask({ tags: ['anything'] })
  expect((await get(`/api/v1/invalidations/${id}`)).body.data.invalidation.status).toBe('completed')
  expect(await keys()).not.toContain('test:note:1')
})

test('one that a process left half done is taken over; one refused for good fails and can be tried again', async () => {
  await running.database.query(
    `insert into service_invalidations (invalidation_id, origin, keys, operator_id, status, attempts, claimed_at)
     values ('left', 'api', '{test:note:1}', 'x', 'processing', 1, now() - interval '1 minute'),
       ('bad', 'api', '{of:nobody:at:all}', 'x', 'pending', 4, null)`,
  )
  await ask({ tags: ['anything'] })
  expect((await get('/api/v1/invalidations/left')).body.data.invalidation).toMatchObject({
    status: 'completed',
    attempts: 2,
  })
  expect((await get('/api/v1/invalidations/bad')).body.data.invalidation).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('of:nobody:at:all'),
  })
  const retry = async (id: string) =>
    running.service.app.inject({
      method: 'POST',
      url: `/api/v1/invalidations/${id}/retry`,
      headers: bearer(operator),
    })
  expect((await retry('left')).statusCode).toBe(409)
  await running.database.query(
    `update service_invalidations set keys = '{test:note:1}' where invalidation_id = 'bad'`,
  )
  expect((await retry('bad')).json().data.invalidation.status).toBe('completed')
})

test('the log, page by page, the newest first', async () => {
  for (const at of [1, 2, 3, 4, 5]) await ask({ keys: [`note:${at}`] })
  const first = (await get('/api/v1/invalidations?limit=3')).body.data
  const second = (await get(`/api/v1/invalidations?limit=3&cursor=${first.next_cursor}`)).body.data
  const shown = [...first.items, ...second.items].map((row: { keys: string[] }) => row.keys[0])
  expect(shown).toEqual([5, 4, 3, 2, 1].map((at) => `test:note:${at}`))
  expect(second.next_cursor).toBeNull()
  expect((await get('/api/v1/invalidations?status=failed')).body.data.items).toEqual([])
  expect((await get('/api/v1/invalidations?cursor=x')).status).toBe(422)
  expect((await get('/api/v1/invalidations/nobody')).status).toBe(404)
})

test('who is bound to a tenant reaches its keys, and sees what was done to it', async () => {
  const token = bound
  expect((await ask({ tags: ['user:ann'] }, { token })).status).toBe(403)
  expect((await ask({ spaces: ['profile'] }, { token })).status).toBe(403)
  expect((await ask({ tenant: 'beta' }, { token })).status).toBe(403)
  expect((await ask({ keys: ['profile:beta:ann'] }, { token })).status).toBe(403)
  expect((await ask({ keys: ['profile:acme:ann'] }, { token })).status).toBe(200)
  expect(await keys()).toHaveLength(4)
  await ask({ tenant: 'beta' })
  await ask({ tenant: 'acme' })
  const { items } = (await get('/api/v1/invalidations', token)).body.data
  expect(items.map(({ tenant, keys: named }: { tenant: string; keys: string[] }) => [tenant, named])).toEqual(
    [
      ['acme', []],
      [null, ['test:profile:acme:ann']],
    ],
  )
  const other = (await get('/api/v1/invalidations')).body.data.items[1]
  expect((await get(`/api/v1/invalidations/${other.invalidation_id}`, token)).status).toBe(404)
})

test('it is written in the transaction of what causes it, or not at all, and is told when it is done', async () => {
  const told: string[] = []
  const cache = await createCache({ catalog, tiers: [tier], sweepEvery: 0 })
  const { database } = running
  const invalidations = createInvalidations({
    cache,
    database,
    onCompleted: async ({ about }) => void told.push(about),
  })
  const asking = {
    target: { keys: ['test:note:1'] },
    origin: 'configuration',
    operator: 'x',
    about: 'rows/1',
  }
  await expect(
    database.transaction(async (transaction) => {
      await invalidations.ask(asking, transaction)
      throw new Error('the change failed')
    }),
  ).rejects.toThrow('the change failed')
  expect(await invalidations.findAbout('rows/1')).toBeUndefined()
  await database.transaction(async (transaction) =>
    invalidations.ask({ ...asking, event: { a: [1] } }, transaction),
  )
  await invalidations.run()
  // The service's own carrier may have taken it first, and be at work on it.
  await expect
    .poll(() => invalidations.findAbout('rows/1'))
    .toMatchObject({ status: 'completed', event: { a: [1] } })
  expect(await invalidations.since(new Date(0), 10)).toHaveLength(1)
  expect(told.length).toBeLessThanOrEqual(1)
  await invalidations.close()
  await cache.close()
})
