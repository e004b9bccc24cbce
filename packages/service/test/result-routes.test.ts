import { openDatabase } from '@reprise/database'
import { type Results, openResults } from '@reprise/results'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestService, bearer, startService } from './start-service.ts'

const types = { note: { keep: 3 }, plan: {} } as const
let running: TestService
let results: Results<typeof types>
let tokens: Record<'viewer' | 'operator' | 'admin', string>

beforeAll(async () => {
  const database = await openDatabase({})
  results = await openResults({ database, types })
  running = await startService({ database, service: { results } })
  tokens = {
    viewer: await running.token('viewer'),
    operator: await running.token('operator'),
    admin: await running.token('admin'),
  }
})
afterAll(async () => {
  await running.stop()
  await results.close()
  await running.database.close()
})

async function call(url: string, as: keyof typeof tokens = 'operator', payload?: object) {
  const headers = bearer(tokens[as])
  const method = payload === undefined ? 'GET' : 'POST'
  const request = { method, url: `/api/v1/results${url}`, headers } as const
  const response = await running.service.app.inject(payload === undefined ? request : { ...request, payload })
  return { status: response.statusCode, body: response.json(), data: response.json().data }
}

test('results are listed by type, target and state, by page, without their values', async () => {
  const site = results.forSite('list')
  const made: number[] = []
  for (let n = 0; n < 5; n += 1)
    made.push((await site.write('plan', `t${n}`, { n }, { derivation: { model: 'm1' } })).id)
  const begun = await site.begin('note', 'x')
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const { data } = await call(`?site=list&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`, 'viewer')
    seen.push(...data.items.map(({ id }: { id: number }) => id))
    cursor = data.next_cursor
  } while (cursor !== null)
  expect(seen).toEqual([begun.id, ...made.toReversed()])
  const { data } = await call('?site=list&type=plan&target=t3', 'viewer')
  expect(data.items).toHaveLength(1)
  expect(data.items[0]).toMatchObject({ id: made[3], status: 'valid', model: 'm1', strategy: 'unknown' })
  expect(data.items[0]).not.toHaveProperty('value')
  expect((await call('?site=list&status=generating', 'viewer')).data.items).toHaveLength(1)
  await begun.fail('given up')
})

test('history and one result show values, to operators only and to nobody of another site', async () => {
  const site = results.forSite('values')
  await site.write('plan', 'a', { n: 1 })
  const { id } = await site.write('plan', 'a', { n: 2 })
  const { data } = await call('/history?site=values&type=plan&target=a')
  expect(data.items.map(({ value }: { value: unknown }) => value)).toEqual([{ n: 2 }, { n: 1 }])
  expect((await call(`/${id}?site=values`)).data).toMatchObject({ id, value: { n: 2 } })
  expect((await call(`/${id}?site=other`)).status).toBe(404)
  expect((await call(`/${id}?site=values`, 'viewer')).status).toBe(403)
  expect((await call('/history?site=values&type=plan&target=a', 'viewer')).status).toBe(403)
})

test('an invalidation says who did it and why, and shelves count it', async () => {
  const site = results.forSite('undone')
  const { id } = await site.write('plan', 'a', 1, { derivation: { sources: ['ledger'] } })
  await site.write('plan', 'b', 2)
  const body = { site: 'undone', source: 'ledger', reason: 'corrected' }
  expect((await call('/invalidate', 'operator', body)).data).toEqual({ results: 1 })
  expect((await call(`/${id}?site=undone`)).data).toMatchObject({
    status: 'invalidated',
    invalidated_by: 'the-operator',
    reason: 'corrected',
  })
  const { data } = await call('/shelves?site=undone', 'viewer')
  expect(data.shelves).toMatchObject([
    { type: 'plan', total: 2, stuck: 0, keep: 20_000, keep_seconds: null, surplus: 0, declared: true },
  ])
  expect(data.shelves[0].results).toMatchObject({ valid: 1, invalidated: 1, expired: 0 })
  expect((await call('/sites', 'viewer')).data.items).toContainEqual({ site: 'undone' })
})

test('a caller who is bound to a tenant sees and changes the site of that name and no other', async () => {
  const theirs = await results.forSite('beta').write('plan', 'a', { secret: 'of beta' })
  await results.forSite('acme').write('plan', 'a', { n: 1 })
  await running.service.users.ensure('of-acme', 'admin')
  await running.database.query(`update service_users set tenant = 'acme' where username = 'of-acme'`)
  const headers = bearer(await running.service.issueToken('of-acme'))
  const get = async (url: string) => running.service.app.inject({ url: `/api/v1/results${url}`, headers })
  const post = async (url: string, payload: object) =>
    running.service.app.inject({ method: 'POST', url: `/api/v1/results${url}`, headers, payload })

  for (const url of [
    '?site=beta',
    '/shelves?site=beta',
    '/history?site=beta&type=plan&target=a',
    `/${theirs.id}?site=beta`,
  ])
    expect((await get(url)).statusCode).toBe(403)
  expect((await post('/invalidate', { site: 'beta', type: 'plan', target: 'a' })).statusCode).toBe(403)
  expect((await post('/trim', { site: 'beta', type: 'plan' })).statusCode).toBe(403)
  // Without a site it is the caller's own, where the other's id means nothing.
  expect((await get(`/${theirs.id}`)).statusCode).toBe(404)
  expect((await get('')).body).not.toContain('beta')
  expect((await get('/sites')).json().data.items).toEqual([{ site: 'acme' }])
  expect((await results.forSite('beta').read(theirs.id))?.status).toBe('valid')
})

test('a trim removes the surplus', async () => {
  const before = await openResults({ database: running.database, types: { note: {} } })
  for (let n = 0; n < 5; n += 1) await before.forSite('full').write('note', 'a', n)
  await before.close()
  expect((await call('/shelves?site=full')).data.shelves[0]).toMatchObject({ surplus: 2, keep: 3 })
  expect((await call('/trim', 'operator', { site: 'full', type: 'note' })).status).toBe(403)
  expect((await call('/trim', 'admin', { site: 'full', type: 'note' })).data).toEqual({ removed: 2 })
})

test.each([
  ['?limit=5', 'site'],
  ['?site=a&status=lost', 'status'],
  ['?site=a&cursor=x', 'cursor'],
  ['/shelves', 'site'],
])('%s is refused, naming the field', async (url, field) => {
  const { status, body } = await call(url)
  expect([status, body.error.details[0].field]).toEqual([422, field])
})

test.each([
  [{ site: 'a' }, 422],
  [{ site: 'a', target: 't' }, 422],
  [{ site: 'a', type: 'plan', tag: 't' }, 422],
  [{ site: 'a', type: 'unknown' }, 422],
  [{ site: '*', type: 'plan' }, 422],
  [{ site: 'a', id: 999_999 }, 404],
])('an invalidation of %j is refused', async (body, expected) => {
  const { status, body: answer } = await call('/invalidate', 'operator', body)
  expect([status, answer.success]).toEqual([expected, false])
})
