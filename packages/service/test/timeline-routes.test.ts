import { openDatabase } from '@reprise/database'
import { type Timelines, openTimelines } from '@reprise/results'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestService, bearer, startService } from './start-service.ts'

let running: TestService
let timelines: Timelines
let operator: string

beforeAll(async () => {
  const database = await openDatabase({})
  timelines = await openTimelines({ database })
  running = await startService({ database, service: { timelines } })
  operator = await running.token('operator')
  const site = timelines.forSite('shop')
  const session = { sessionId: 's1', scene: '1' }
  await site.appendEvents(session, [
    { category: 'mood', resource: 'a.png', payload: { warm: true }, model: 'm1', strategy: 'premium' },
    { category: 'mood', resource: 'a.png', payload: { warm: false } },
    { category: 'mood', resource: 'b.png', payload: null },
    { category: 'reply', payload: 'hi' },
  ])
  await site.appendEvent({ sessionId: 's2', category: 'reply', payload: 0 })
})
afterAll(async () => {
  await running.stop()
  await timelines.close()
  await running.database.close()
})

async function call(url: string, token = operator) {
  const response = await running.service.app.inject({
    url: `/api/v1/timelines${url}`,
    headers: bearer(token),
  })
  return { status: response.statusCode, body: response.json(), data: response.json().data }
}

const payloads = (data: { items: { payload: unknown }[] }): unknown[] =>
  data.items.map(({ payload }) => payload)

test('sites and their living sessions are listed', async () => {
  expect((await call('/sites')).data).toEqual({ items: [{ site: 'shop', sessions: 2 }], next_cursor: null })
  const { data } = await call('/sessions?site=shop&limit=1')
  expect(data.items).toMatchObject([{ session_id: 's2', scene: '' }])
  const next = await call(`/sessions?site=shop&limit=1&cursor=${data.next_cursor}`)
  expect(next.data).toMatchObject({ items: [{ session_id: 's1', scene: '1' }], next_cursor: null })
})

test('a session is found by its id, at whichever site it is and in every scene', async () => {
  expect((await call('/sites?session_id=s1')).data.items).toEqual([{ site: 'shop', sessions: 1 }])
  expect((await call('/sites?session_id=s3')).data.items).toEqual([])
  const found = await call('/sessions?site=shop&session_id=s1')
  expect(found.data.items).toMatchObject([{ session_id: 's1', scene: '1' }])
  expect((await call('/sessions?site=other&session_id=s1')).data.items).toEqual([])
})

test('the events of a session are told newest first, by category, resource and page', async () => {
  const of = '/events?site=shop&session_id=s1&scene=1'
  const { data } = await call(`${of}&limit=3`)
  expect(payloads(data)).toEqual(['hi', null, { warm: false }])
  expect(payloads((await call(`${of}&cursor=${data.next_cursor}`)).data)).toEqual([{ warm: true }])
  expect(payloads((await call(`${of}&category=mood&resource=a.png`)).data)).toEqual([
    { warm: false },
    { warm: true },
  ])
  const latest = await call('/latest?site=shop&session_id=s1&scene=1')
  expect(payloads(latest.data)).toEqual(['hi', null, { warm: false }])
  expect((await call(`${of}&category=mood&resource=a.png`)).data.items[1]).toMatchObject({
    model: 'm1',
    strategy: 'premium',
    category: 'mood',
  })
  expect((await call('/events?site=other&session_id=s1&scene=1')).data.items).toEqual([])
})

test('looking at a session does not keep it', async () => {
  const ends = async (): Promise<unknown> =>
    (await call('/sessions?site=shop')).data.items.map(({ expires_at }: { expires_at: string }) => expires_at)
  const before = await ends()
  await call('/events?site=shop&session_id=s1&scene=1')
  await call('/latest?site=shop&session_id=s1&scene=1')
  expect(await ends()).toEqual(before)
})

test('a session needs its site and its id, and an operator', async () => {
  expect((await call('/events?site=shop')).body.error.details[0].field).toBe('session_id')
  expect((await call('/events?session_id=s1')).body.error.details[0].field).toBe('site')
  expect((await call('/sessions?site=shop', await running.token('viewer'))).status).toBe(403)
})

test('a caller who is bound to a tenant sees the sessions of that one alone', async () => {
  await timelines.forSite('acme').appendEvent({ sessionId: 'a1', category: 'reply', payload: 'theirs' })
  await running.service.users.ensure('of-acme', 'operator')
  await running.database.query(`update service_users set tenant = 'acme' where username = 'of-acme'`)
  const bound = await running.service.issueToken('of-acme')
  for (const url of [
    '/sessions?site=shop',
    '/events?site=shop&session_id=s1&scene=1',
    '/latest?site=shop&session_id=s1&scene=1',
  ])
    expect((await call(url, bound)).status).toBe(403)
  expect((await call('/sites', bound)).data.items).toEqual([{ site: 'acme', sessions: 1 }])
  expect(payloads((await call('/events?session_id=a1', bound)).data)).toEqual(['theirs'])
  expect(payloads((await call('/events?session_id=s1&scene=1', bound)).data)).toEqual([])
})
