import { type Cache, createCache, memoryLog, systemClock } from '@reprise/cache'
import { type FlakyTier, flakyTier, mapTier } from '@reprise/cache/testing'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getCacheKey, intentCatalog } from '../src/catalog/catalog.ts'
import { responseTypeSpace } from '../src/catalog/response.ts'
import { publishChange } from '../src/events/event.ts'
import { type Invalidator, createInvalidator } from '../src/events/invalidator.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'

let database: Database
let tier: FlakyTier
let cache: Cache
let invalidator: Invalidator
const errors: unknown[] = []
const params = { type_code: 'api_result' }
const key = getCacheKey('response_type', params)
const answer = {
  id: 1,
  type_code: 'api_result',
  type_name: '结果',
  description: '',
  template_format: 'text',
  default_template: '好的',
}

beforeAll(async () => {
  database = await openDatabase({})
  await migrateAssistant(database)
  tier = flakyTier(mapTier({ clock: systemClock }))
  cache = await createCache({ catalog: intentCatalog, tiers: [tier], log: memoryLog() })
  invalidator = createInvalidator({
    cache,
    database,
    asked: { since: async () => [] },
    onError: (error) => errors.push(error),
  })
})
afterAll(async () => {
  await invalidator.close()
  await cache.close()
  await database.close()
})

async function publish(): Promise<string> {
  return database.transaction((transaction) =>
    publishChange(
      transaction,
      {
        table: 'response_types',
        record: '1',
        operation: 'UPDATE',
        data: {},
        subject: 'response_type',
        target: 'api_result',
        keys: [key, key],
        tags: [],
        operator: 'admin',
        reason: '',
      },
      new Date(),
    ),
  )
}

/** Brings every event's next attempt forward. */
const hurry = (): Promise<unknown> =>
  database.query(`UPDATE cache_invalidation_logs SET next_attempt_at = now() - interval '1 s'`)

const stateOf = async (id: string): Promise<unknown> =>
  (
    await database.query(
      `SELECT status, attempts, error, cache_keys FROM cache_invalidation_logs WHERE invalidation_id = $1`,
      [id],
    )
  ).rows[0]

it('an event is completed only when its keys are seen to be gone', async () => {
  await cache.open(responseTypeSpace).set(params, answer)
  tier.break('remove', 'lie')
  const id = await publish()
  await invalidator.run()
  expect(await stateOf(id)).toMatchObject({
    status: 'pending',
    attempts: 1,
    error: expect.stringMatching(/response_type:api_result is still in/) as string,
    cache_keys: [key],
  })
  tier.break('remove', 'throw')
  await hurry()
  await invalidator.run()
  expect(await stateOf(id)).toMatchObject({ status: 'pending', attempts: 2 })
  tier.heal()
  await hurry()
  await invalidator.run()
  expect(await stateOf(id)).toMatchObject({ status: 'completed', attempts: 3, error: null })
  expect(await tier.read([key])).toEqual([undefined])
  expect(errors).toHaveLength(2)
})

it('what was loaded since does not count as left over', async () => {
  const id = await publish()
  await cache.open(responseTypeSpace).set(params, answer)
  await invalidator.run()
  expect(await stateOf(id)).toMatchObject({ status: 'completed' })
})

it('a change that is rolled back leaves no event', async () => {
  const before = await database.query('SELECT 1 FROM cache_invalidation_logs')
  await expect(
    database.transaction(async (transaction) => {
      await publishChange(
        transaction,
        {
          table: 't',
          record: '1',
          operation: 'INSERT',
          data: {},
          subject: 's',
          target: 't',
          keys: [],
          tags: [],
          operator: 'o',
          reason: '',
        },
        new Date(),
      )
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect((await database.query('SELECT 1 FROM cache_invalidation_logs')).rowCount).toBe(before.rowCount)
})
