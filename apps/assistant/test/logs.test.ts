import { type Cache, createCache } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { intentCatalog } from '../src/catalog/catalog.ts'
import { type AsyncLogs, openLogs } from '../src/logs/async-logs.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'

let database: Database
let cache: Cache
let logs: AsyncLogs
const clock = createFakeClock(Date.parse('2026-11-21T02:00:00Z'))
const errors: unknown[] = []

beforeAll(async () => {
  database = await openDatabase({})
  await migrateAssistant(database)
  cache = await createCache({ catalog: intentCatalog, clock })
  logs = openLogs({ cache, database, clock, onError: (error) => errors.push(error) })
})
afterAll(async () => {
  await logs.close()
  await cache.close()
  await database.close()
})

const call = (name: string, milliseconds = 5) => ({
  function_name: name,
  user_id: 'u1',
  outcome: 'ok',
  attempts: 1,
  milliseconds,
  details: { session_id: 'sess_1' },
})
const count = async (table: string): Promise<number> =>
  (await database.query(`SELECT 1 FROM ${table}`)).rowCount

it('entries are queued and written in batches, and the status says so', async () => {
  for (let index = 0; index < 120; index += 1) logs.write('api_call', call(`f${index}`))
  logs.write('security_audit', { action: 'login', user_id: null, details: {} })
  logs.write('error', { code: 'ERROR', message: 'no', details: {} })
  logs.write('performance', { operation: 'turn', milliseconds: 12, details: {} })
  expect(await count('async_log_queue')).toBe(0)
  await logs.run()
  expect(await count('api_call_logs')).toBe(120)
  expect([
    await count('security_audit_logs'),
    await count('error_logs'),
    await count('performance_logs'),
  ]).toEqual([1, 1, 1])
  expect(await logs.status('api_call')).toMatchObject({
    log_type: 'api_call',
    queue_status: { pending_count: 0, processing_count: 0, completed_count: 120, failed_count: 0 },
    performance: { throughput_per_minute: 120 },
    last_processed_at: '2026-11-21T02:00:00.000Z',
  })
})

it('one bad entry does not keep the others back, is tried three times, and fails', async () => {
  logs.write('api_call', call('good'))
  logs.write('api_call', { ...call('bad'), milliseconds: 'slow' as unknown as number })
  await logs.run()
  const { rows } = await database.query(
    `SELECT function_name FROM api_call_logs WHERE function_name IN ('good', 'bad')`,
  )
  expect(rows).toEqual([{ function_name: 'good' }])
  const state = async (): Promise<unknown> =>
    (
      await database.query(
        `SELECT status, attempts FROM async_log_queue WHERE log_data ->> 'function_name' = 'bad'`,
      )
    ).rows[0]
  expect(await state()).toEqual({ status: 'pending', attempts: 1 })
  await logs.run()
  expect(await state()).toEqual({ status: 'pending', attempts: 1 })
  for (const attempts of [2, 3]) {
    await clock.advance(10_000)
    await logs.run()
    expect(await state()).toEqual({ status: attempts === 3 ? 'failed' : 'pending', attempts })
  }
  expect(await logs.status('api_call')).toMatchObject({ queue_status: { failed_count: 1 } })
  expect(errors).toHaveLength(3)
})

it('what a process that died had taken is written by another, once', async () => {
  const queue = `INSERT INTO async_log_queue (id, log_type, log_data, status, claimed_at, created_at, next_attempt_at, attempts)
    VALUES ($1, 'api_call', $2, 'processing', $3, $3, $3, 1)`
  const before = new Date(clock.now() - 120_000)
  await database.query(queue, [9001, call('left'), before])
  // This one was written, and the process died before it could say so.
  await database.query(queue, [9002, call('written'), before])
  await database.query(`INSERT INTO api_call_logs VALUES (9002, 'written', 'u1', 'ok', 1, 5, '{}', now())`)
  await database.query(queue, [9003, call('under way'), new Date(clock.now())])
  await logs.run()
  const { rows } = await database.query(
    `SELECT function_name FROM api_call_logs WHERE queue_id > 9000 ORDER BY queue_id`,
  )
  expect(rows).toEqual([{ function_name: 'left' }, { function_name: 'written' }])
})

it('what waits is queued at the end', async () => {
  const other = openLogs({ cache, database, clock, onError: (error) => errors.push(error) })
  other.write('performance', { operation: 'last', milliseconds: 1, details: {} })
  await other.close()
  expect((await database.query(`SELECT 1 FROM performance_logs WHERE operation = 'last'`)).rowCount).toBe(1)
})
