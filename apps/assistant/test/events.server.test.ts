import { afterAll, beforeAll, expect, test } from 'vitest'
import { getCacheKey } from '../src/catalog/catalog.ts'
import { type Member, type Place, type Way, idOf, openPlace, openWay, until } from './processes.ts'

let place: Place
let way: Way
let one: Member
let two: Member

beforeAll(async () => {
  place = await openPlace('events', 14)
  way = await openWay(place.redisUrl)
  one = await place.start({ redisUrl: way.url })
  two = await place.start()
})
afterAll(async () => {
  await place.close()
  way.close()
})

async function intentId(name: string): Promise<string> {
  const { rows } = await one.client.call('configList', { params: { table: 'intents' } })
  return idOf(rows.find((row) => row['intent_name'] === name) ?? {})
}

async function setThreshold(member: Member, value: number) {
  const params = { table: 'intents', id: await intentId('check_balance') }
  return member.client.call('configChange', { params, body: { values: { confidence_threshold: value } } })
}

/** Whichever process was first to hear of an event carries it out. */
async function completed(member: Member, id: string): Promise<boolean> {
  const { invalidations } = await member.client.call('invalidations')
  return invalidations.find((event) => event.invalidation_id === id)?.status === 'completed'
}

// A user may send so many messages in a minute, and these are asked until something holds.
let asked = 0
const hear = (member: Member) =>
  member.client.call('chatInteract', { body: { user_id: `u${(asked += 1)}`, input: '查余额' } })

test("a changed threshold changes another process's behaviour", async () => {
  expect(await hear(two)).toMatchObject({ intent: 'check_balance' })
  const { invalidation } = await setThreshold(one, 1)
  await until(() => completed(one, invalidation.invalidation_id))
  // The other process has heard of it by the log, or hears of it now: nothing else is waited for.
  await until(async () => (await hear(two)).intent !== 'check_balance')
  await setThreshold(two, 0.75)
  await until(async () => (await hear(one)).intent === 'check_balance')
})

test('a rule of how a slot is found is what another process reads by', async () => {
  const { rows } = await one.client.call('configList', {
    params: { table: 'slots' },
    query: { page_size: '200' },
  })
  const airline = rows.find((row) => row['slot_name'] === 'airline')
  const found = async (): Promise<unknown> => {
    const body = { user_id: `rules${(asked += 1)}`, input: '订明天去上海的机票，飞常准航空' }
    return (await two.client.call('chatInteract', { body })).slots['airline']
  }
  expect(await found()).toBeUndefined()
  const values = { slot_id: airline?.['id'] ?? 0, rule_type: 'keyword', pattern: '飞常准 = 国航' }
  const params = { table: 'slot_extraction_rules' }
  const { row } = await one.client.call('configCreate', { params, body: { values } })
  await until(async () => (await found()) === '国航')
  await one.client.call('configRemove', { params: { ...params, id: idOf(row) } })
  await until(async () => (await found()) === undefined)
})

test('a bad change leaves no event', async () => {
  const before = await one.client.call('invalidations')
  await expect(setThreshold(one, 7)).rejects.toMatchObject({ status: 422 })
  expect((await one.client.call('invalidations')).total).toBe(before.total)
})

test('with Redis away a change stays pending, and is completed after its return', async () => {
  const key = getCacheKey('intent_config', { intent_name: 'check_balance' })
  await hear(two)
  expect(await place.redis.exists(key)).toBe(1)
  // The other process would carry the event out, which is the point of it: here it is not there.
  await two.assistant.backstage.invalidator.close()
  way.cut()
  const { row, invalidation } = await setThreshold(one, 0.9)
  expect(row['confidence_threshold']).toBe(0.9)
  expect(invalidation).toMatchObject({
    status: 'pending',
    completed_at: null,
    error: expect.any(String) as string,
  })
  expect(await place.redis.get(key)).toContain('"confidence_threshold":0.75')

  await way.mend()
  await until(() => completed(two, invalidation.invalidation_id))
  const stored = await place.redis.get(key)
  expect(stored === null || stored.includes('"confidence_threshold":0.9')).toBe(true)
  const [event] = (await two.client.call('invalidations')).invalidations
  expect(event?.attempts).toBeGreaterThan(1)
  await until(async () => {
    const found = await two.client.call('document', { query: { key } })
    return (found.document as { confidence_threshold: number }).confidence_threshold === 0.9
  })
})

test('what the service was asked for is among the notices, too, in the order of time (row A12)', async () => {
  const keys = [getCacheKey('intent_config', { intent_name: 'check_balance' })]
  const byKey = await one.client.call('invalidate', { body: { keys, reason: '余额规则' } })
  const byTag = await one.client.call('invalidate', { body: { tags: ['user:u1', 'user:u2'] } })
  const common = { action: 'invalidate', operator_id: 'admin', timestamp: expect.any(String) as string }
  const notices = async (): Promise<readonly { timestamp: string }[]> => {
    const key = getCacheKey('cache_invalidation_notifications', {})
    return JSON.parse((await place.redis.get(key)) ?? '[]') as { timestamp: string }[]
  }
  // Whichever process carried it out writes the entry.
  await expect
    .poll(async () => (await notices()).slice(-2))
    .toEqual([
      {
        ...common,
        invalidation_id: byKey.invalidation?.invalidation_id,
        type: 'intent_config',
        target: keys[0],
        affected_keys: keys,
        reason: '余额规则',
      },
      {
        ...common,
        invalidation_id: byTag.invalidation?.invalidation_id,
        type: 'tag',
        target: 'user:u1 and 1 more',
        affected_keys: [],
        reason: '',
      },
    ])
  const times = (await notices()).map(({ timestamp }) => timestamp)
  expect(times).toEqual(times.toSorted())
})

test('an event that a process left when it died is carried out by another', async () => {
  const { database, backstage } = one.assistant
  await database.query(
    `INSERT INTO cache_invalidation_logs (invalidation_id, table_name, record_id, operation, data, subject, target,
       cache_keys, operator_id, status, claimed_at, created_at)
     VALUES ('inv_left', 'intents', '1', 'UPDATE', '{}', 'intent_config', 'booking_flight',
       ARRAY['intent_system:intent_config:booking_flight'], 'admin', 'processing', now() - interval '1 minute', now())`,
  )
  await backstage.invalidator.run()
  const { rows } = await database.query(
    `SELECT status FROM cache_invalidation_logs WHERE invalidation_id = 'inv_left'`,
  )
  expect(rows).toEqual([{ status: 'completed' }])
})

test('an event that can never be carried out fails, and can be tried again', async () => {
  const { database, backstage } = one.assistant
  await database.query(
    `INSERT INTO cache_invalidation_logs (invalidation_id, table_name, record_id, operation, data, subject, target,
       cache_keys, operator_id, attempts)
     VALUES ('inv_bad', 'intents', '1', 'UPDATE', '{}', 'intent_config', 'x', ARRAY['no:such:key'], 'admin', 4)`,
  )
  // It is due by the database's clock, which may be a little ahead; and the other process may be at it.
  const failed = async (): Promise<unknown> => {
    await backstage.invalidator.run()
    return (await one.client.call('invalidations', { query: { status: 'failed' } })).invalidations
  }
  await expect
    .poll(failed)
    .toMatchObject([{ invalidation_id: 'inv_bad', error: expect.stringContaining('no:such:key') as string }])
  await database.query(
    `UPDATE cache_invalidation_logs SET cache_keys = ARRAY['intent_system:intent_config:cancel'] WHERE invalidation_id = 'inv_bad'`,
  )
  const params = { invalidation_id: 'inv_bad' }
  expect(await one.client.call('invalidationRetry', { params })).toMatchObject({
    invalidation: { status: 'completed' },
  })
})
