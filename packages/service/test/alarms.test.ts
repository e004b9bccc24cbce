import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Cache, createCache, defineCatalog } from '@reprise/cache'
import { type FakeClock, createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AlarmNews } from '../src/alarms/alarm.ts'
import { type Alarms, type AlarmsOptions, openAlarms } from '../src/alarms/alarms.ts'
import { alarmRules } from '../src/alarms/rules.ts'
import { createService } from '../src/service.ts'
import { loadSettings } from '../src/settings/settings.ts'
import { type TestService, bearer, quotes, startService } from './start-service.ts'

const start = Date.UTC(2026, 0, 1)
let running: TestService
let database: Database
const closers: (() => unknown)[] = []
beforeAll(async () => {
  database = await openDatabase({})
  running = await startService({ database })
})
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
  await database.script(`truncate service_alarm_readings, service_alarm_phases, service_alarm_notices, service_alarms;
    update service_alarm_rounds set at = null`)
})
afterAll(async () => {
  await running.stop()
  await database.close()
})

interface Rig {
  readonly clock: FakeClock
  readonly cache: Cache
  readonly alarms: Alarms
  readonly tier: ReturnType<typeof flakyTier>
  readonly news: AlarmNews[]
  /** Moves time on by rounds of a minute. */
  readonly rounds: (count: number) => Promise<void>
}

async function open(
  options: Partial<AlarmsOptions> = {},
  shared?: { readonly clock: FakeClock },
): Promise<Rig> {
  const clock = shared?.clock ?? createFakeClock(start)
  const tier = flakyTier(mapTier({ clock }))
  const cache = await createCache({
    catalog: defineCatalog({ prefix: 'test', spaces: [quotes] }),
    tiers: [tier],
    clock,
    sweepEvery: 0,
  })
  closers.push(() => cache.close())
  const news: AlarmNews[] = []
  const alarms = openAlarms(database, {
    cache,
    clock,
    rules: { memory_share: 'off' },
    every: 60_000,
    onNews: (one) => void news.push(one),
    onError: () => {},
    ...options,
  })
  const rounds = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      await clock.advance(60_000)
      await alarms.round()
    }
  }
  return { clock, cache, alarms, tier, news, rounds }
}

const all = { state: 'all', before: Number.MAX_SAFE_INTEGER, limit: 50 } as const

test('a tier that cannot be reached raises one alarm, which is listed, acknowledged and ended', async () => {
  const { alarms, tier, rounds, news } = await open()
  await alarms.start()
  closers.push(() => alarms.stop())
  await rounds(1)
  expect(await alarms.list(all)).toEqual([])
  tier.break('ping', 'throw')
  await rounds(2)
  const [alarm] = await alarms.list({ ...all, state: 'active' })
  expect(alarm).toMatchObject({
    rule: 'tier_unreachable',
    subject: 'map',
    value: 1,
    ended_at: null,
    webhook: null,
  })
  expect(alarm?.message).toBe('tier map cannot be reached')
  await rounds(3)
  expect(await alarms.list(all)).toHaveLength(1)
  expect(Object.fromEntries(alarms.active)).toEqual({ tier_unreachable: 1 })

  const id = alarm?.id ?? 0
  const first = await alarms.acknowledge(id, { username: 'ann', note: 'looking' })
  const second = await alarms.acknowledge(id, { username: 'bob', note: 'me too' })
  expect([first?.acknowledged_by, second?.acknowledged_by, second?.note]).toEqual(['ann', 'ann', 'looking'])
  expect(await alarms.acknowledge(id + 1, { username: 'ann', note: null })).toBeUndefined()

  tier.heal()
  await rounds(2)
  expect(await alarms.list({ ...all, state: 'active' })).toEqual([])
  expect((await alarms.list({ ...all, state: 'past' }))[0]).toMatchObject({ id, last_value: 0 })
  await expect
    .poll(() => news.map(({ event }) => event))
    .toEqual(['raised', 'acknowledged', 'acknowledged', 'cleared'])
})

test('of many processes one evaluates a round, over what all of them see', async () => {
  const one = await open()
  const shared = { clock: one.clock }
  const others = [await open({}, shared), await open({}, shared), await open({}, shared)]
  const everybody = [one, ...others]
  others[2]?.tier.break('ping', 'throw')
  for (let n = 0; n < 4; n += 1) {
    await one.clock.advance(60_000)
    const evaluated = await Promise.all(everybody.map(({ alarms }) => alarms.round()))
    expect(evaluated.filter(Boolean)).toHaveLength(1)
  }
  expect(await one.alarms.list(all)).toMatchObject([{ rule: 'tier_unreachable', subject: 'map' }])
})

test('the hit rate is that since the last round, and a rule that is switched off takes its alarm with it', async () => {
  const { cache, alarms, rounds, clock } = await open({
    rules: { memory_share: 'off', hit_rate: { for: 0 } },
  })
  const space = cache.open(quotes)
  const read = async (misses: number, hits: number): Promise<void> => {
    for (let n = 0; n < misses; n += 1) await space.get({ market: 'none', symbol: n })
    await space.set({ market: 'sh', symbol: 1 }, { price: 1 })
    for (let n = 0; n < hits; n += 1) await space.get({ market: 'sh', symbol: 1 })
  }
  await read(0, 1_000)
  await rounds(1)
  await read(80, 40)
  await rounds(1)
  const [alarm] = await alarms.list(all)
  expect(alarm).toMatchObject({ rule: 'hit_rate', threshold: 0.5, ended_at: null })
  expect(alarm?.value).toBeCloseTo(1 / 3)
  expect(alarm?.message).toBe('the hit rate is 33.3 %, below 50 %')
  const off = await open({ rules: { memory_share: 'off', hit_rate: 'off' } }, { clock })
  await off.rounds(1)
  expect((await alarms.list(all))[0]?.ended_at).not.toBeNull()
})

test('a webhook is told once of each, signed; one that is away is tried again, and one that never answers is given up', async () => {
  const taken: { body: string; signature: string }[] = []
  let status = 500
  const receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      if (status < 300) taken.push({ body, signature: String(request.headers['x-reprise-signature']) })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => receiver.close(resolve)))
  closers.push(() => receiver.closeAllConnections())
  const secret = 'a-secret-of-the-webhook'
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  const errors: unknown[] = []
  const { alarms, tier, rounds, clock } = await open({
    webhook: { url, secret },
    onError: (error) => errors.push(error),
  })
  tier.break('ping', 'throw')
  await rounds(2)
  expect((await alarms.list(all))[0]?.webhook).toBe('pending')
  expect(errors).toHaveLength(1)
  status = 204
  await rounds(2)
  expect((await alarms.list(all))[0]?.webhook).toBe('delivered')
  expect(taken).toHaveLength(1)
  const { body, signature } = taken[0] ?? { body: '', signature: '' }
  expect(JSON.parse(body)).toMatchObject({
    event: 'raised',
    alarm: { rule: 'tier_unreachable', subject: 'map' },
  })
  const [, time = '', digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  expect(digest).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'))
  expect(Number(time)).toBe(clock.now() / 1_000 - 60)

  status = 503
  tier.heal()
  await rounds(60)
  expect((await alarms.list(all))[0]).toMatchObject({ webhook: 'failed' })
  expect(errors).toHaveLength(1 + 12)
  expect(taken).toHaveLength(1)
})

test('the API lists alarms and rules, and lets operators acknowledge', async () => {
  const { alarms, tier, rounds } = await open()
  tier.break('ping', 'throw')
  await rounds(2)
  const [alarm] = await alarms.list(all)
  const call = async (url: string, token: string, payload?: object) => {
    const request = { method: payload === undefined ? 'GET' : 'POST', headers: bearer(token) } as const
    const address = `/api/v1/alarms${url}`
    const response = await running.service.app.inject(
      payload === undefined ? { ...request, url: address } : { ...request, url: address, payload },
    )
    return { status: response.statusCode, data: response.json().data }
  }
  const [viewer, operator] = [await running.token('viewer'), await running.token('operator')]
  const { data } = await call('?state=active', viewer)
  expect(data.items).toMatchObject([
    { id: alarm?.id, rule: 'tier_unreachable', subject: 'map', webhook: 'none' },
  ])
  const rules = (await call('/rules', viewer)).data
  expect(rules.rules.map(({ rule }: { rule: string }) => rule)).toEqual(Object.keys(alarmRules))
  expect(rules.evaluated_at).toBe(new Date(start + 120_000).toISOString())
  expect(rules.rules.at(-1).figures[0]).toMatchObject({ subject: 'map', phase: 'active', value: 1 })
  const path = `/${alarm?.id}/acknowledge`
  expect((await call(path, viewer, { note: 'x' })).status).toBe(403)
  expect((await call(path, operator, { note: 'on it' })).data).toMatchObject({
    acknowledged_by: 'the-operator',
    note: 'on it',
  })
  expect((await call('/999999/acknowledge', operator, {})).status).toBe(404)
  expect((await call('?state=past', viewer)).data.items).toEqual([])
})

test('a service that listens runs rounds by itself and tells those who watch', async () => {
  const clock = createFakeClock(start)
  const { cache, tier } = await open({}, { clock })
  const settings = loadSettings({
    env: { PORT: '0', DATA_DIR: running.dataDir, LOG_LEVEL: 'silent' },
    cwd: running.dataDir,
  })
  const service = await createService({ cache, database, settings, clock })
  closers.push(() => service.close())
  await service.listen()
  const told: string[] = []
  const leave = service.app.live.listen(() => {
    const item = service.app.live.after(service.app.live.newest - 1)
    if (typeof item === 'object') told.push(item.frame)
  })
  tier.break('ping', 'throw')
  for (let n = 0; n < 8 && told.length === 0; n += 1) {
    const before = (await service.alarms.standing()).at
    await clock.advance(30_000)
    await expect.poll(async () => (await service.alarms.standing()).at).not.toEqual(before)
  }
  await expect.poll(() => told.join()).toContain('tier map cannot be reached')
  leave()
})
