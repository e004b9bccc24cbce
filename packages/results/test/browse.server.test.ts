/** What operators see, as the application's role: of one site, or names of sites and nothing in them. */
import type { Database } from '@reprise/database'
import { type Results, type Timelines, openResults, openTimelines } from '@reprise/results'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer } from './server.ts'

const server = await testServer('browse')
const types = { note: { keep: 3, keepFor: '10d' }, other: {} } as const
let application: Database
let results: Results<typeof types>
let timelines: Timelines

beforeAll(async () => {
  const owner = await server.open()
  await (await openResults({ database: owner, types })).close()
  await (await openTimelines({ database: owner })).close()
  await server.grant()
  await owner.script(`grant usage on all sequences in schema test_results_browse to test_results_browse_app`)
  application = await server.open(server.applicationUrl)
  results = await openResults({ database: application, types, lease: '1h' })
  timelines = await openTimelines({ database: application })
})
afterAll(async () => {
  await timelines.close()
  await results.close({ timeout: 0 })
})

test('results are listed in every state, newest first, by page, and of one site only', async () => {
  const [mine, yours] = [results.forSite('mine'), results.forSite('yours')]
  const first = await mine.write('note', 'a', { n: 1 })
  const second = await mine.write('note', 'b', { n: 2 }, { expiresAt: new Date(Date.now() + 3_600_000) })
  const begun = await mine.begin('other', 'c')
  await yours.write('note', 'a', { n: 3 })
  await mine.invalidate({ type: 'note', target: 'a' }, { by: 'ann' })
  const all = await mine.list()
  expect(all.map(({ id, status }) => [id, status])).toEqual([
    [begun.id, 'generating'],
    [second.id, 'valid'],
    [first.id, 'invalidated'],
  ])
  const page = await mine.list({ limit: 2 })
  expect([...page, ...(await mine.list({ before: page[1]?.id }))]).toEqual(all)
  expect((await mine.list({ type: 'note', status: 'valid' })).map(({ target }) => target)).toEqual(['b'])
  expect((await mine.list({ type: 'note', target: 'a' })).map(({ id }) => id)).toEqual([first.id])
  await expect(mine.list({ limit: 0 })).rejects.toMatchObject({ code: 'E_RESULT_OPTION' })
  expect(await mine.read(second.id)).toMatchObject({ value: { n: 2 }, status: 'valid' })
  expect(await mine.read(begun.id)).toMatchObject({ value: null, status: 'generating' })
  expect(await yours.read(second.id)).toBeNull()
  await begun.fail('no more')
  expect(await mine.read(begun.id)).toMatchObject({ status: 'failed', failure: 'no more' })
})

test('a result whose life is over is told as expired before anything has marked it', async () => {
  const site = results.forSite('life')
  const { id } = await site.write('note', 'a', 1, { expiresAt: new Date(Date.now() + 200) })
  const over = async (): Promise<string | undefined> => (await site.read(id))?.status
  await expect.poll(over, { interval: 20, timeout: 5_000 }).toBe('expired')
  expect((await site.find(id))?.status).toBe('valid')
  expect((await site.list({ status: 'expired' })).map((one) => one.id)).toEqual([id])
  expect(await site.list({ status: 'valid' })).toEqual([])
  expect((await site.shelves())[0]?.results).toMatchObject({ valid: 0, expired: 1 })
})

test('shelves count what is there, and a trim removes the surplus that they tell', async () => {
  // Written where the type keeps all of them, so that nothing is trimmed behind a write.
  const before = await openResults({ database: application, types: { note: {} } })
  for (let n = 0; n < 5; n += 1) await before.forSite('shelf').write('note', 'one', n)
  await before.close()
  const site = results.forSite('shelf')
  const [shelf] = await site.shelves()
  expect(shelf).toMatchObject({ type: 'note', surplus: 2, stuck: 0, results: { valid: 5, failed: 0 } })
  expect(shelf?.kept).toEqual({ keep: 3, keepFor: 10 * 86_400_000 })
  expect(await site.trim('note')).toBe(2)
  expect((await site.shelves())[0]).toMatchObject({ surplus: 0, results: { valid: 3 } })
  await expect(site.trim('unknown')).rejects.toMatchObject({ code: 'E_RESULT_OPTION' })
})

test('sites are named and stuck generations counted over all of them, though no site sees another', async () => {
  expect(await results.sites('', 2)).toEqual(['life', 'mine'])
  expect(await results.sites('mine')).toEqual(['shelf', 'yours'])
  expect(await results.stuck()).toBe(0)
  const dying = await openResults({ database: application, types, lease: '30ms' })
  await dying.forSite('stuck').begin('note', 'a', { heartbeats: false })
  await dying.forSite('stuck-too').begin('note', 'a', { heartbeats: false })
  await expect.poll(() => results.stuck(), { interval: 20, timeout: 5_000 }).toBe(2)
  expect((await results.forSite('stuck').shelves())[0]?.stuck).toBe(1)
  await dying.close({ timeout: 0 })
})

test('sessions and events are listed by page, and looking slides no life', async () => {
  const [mine, yours] = [timelines.forSite('mine'), timelines.forSite('yours')]
  await mine.appendEvent({ sessionId: 's1', category: 'note', resource: 'r1', payload: 1 })
  await mine.appendEvent({ sessionId: 's1', category: 'note', resource: 'r1', payload: 2 })
  await mine.appendEvent({ sessionId: 's1', category: 'mood', resource: 'r1', payload: 3 })
  await mine.appendEvent({ sessionId: 's2', scene: 'x', category: 'note', payload: 4 })
  await yours.appendEvent({ sessionId: 's1', category: 'note', payload: 5 })
  const before = await mine.listSessions()
  expect(before.map(({ sessionId, scene }) => [sessionId, scene])).toEqual([
    ['s2', 'x'],
    ['s1', ''],
  ])
  const [newest] = await mine.listSessions({ limit: 1 })
  expect(await mine.listSessions({ before: newest?.cursor ?? 0 })).toEqual(before.slice(1))

  const payloads = async (query: object): Promise<unknown[]> =>
    (await mine.listEvents({ sessionId: 's1', ...query })).map(({ payload }) => payload)
  expect(await payloads({})).toEqual([3, 2, 1])
  expect(await payloads({ category: 'note' })).toEqual([2, 1])
  expect(await payloads({ resource: 'other' })).toEqual([])
  expect(await payloads({ latest: true })).toEqual([3, 2])
  const [last] = await mine.listEvents({ sessionId: 's1', limit: 1 })
  expect(await payloads({ before: last?.sequence })).toEqual([2, 1])
  expect(await payloads({ scene: 'x' })).toEqual([])
  expect(await mine.listSessions()).toEqual(before)

  expect(await timelines.sites()).toEqual([
    { site: 'mine', sessions: 2 },
    { site: 'yours', sessions: 1 },
  ])
  expect(await timelines.sites({ after: 'mine' })).toEqual([{ site: 'yours', sessions: 1 }])
  expect(await timelines.sites({ only: 'mine', limit: 1 })).toEqual([{ site: 'mine', sessions: 2 }])
})
