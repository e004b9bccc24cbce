import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Call } from '../src/dialogue/execute.ts'
import { createExecutor } from '../src/execute/executor.ts'
import { createSweeper } from '../src/execute/sweeper.ts'
import { loadFunctionDefinition } from '../src/knowledge/functions.ts'
import { type TravelApi, createTravelApi } from '../src/travel-api/server.ts'
import { type Bench, openBench } from './setup.ts'

const seedOrigin = 'https://api.enterprise-travel.com'
const environment = { API_TOKEN: 'a-token-that-nobody-may-see' }
let bench: Bench
let travel: TravelApi
let address: string

beforeAll(async () => {
  bench = await openBench()
  travel = createTravelApi({ token: environment.API_TOKEN })
  address = await travel.listen(0)
})
afterAll(async () => {
  await travel.close()
  await bench.close()
})

const executor = () =>
  createExecutor({
    cache: bench.cache,
    database: bench.database,
    lookups: bench.dialogue.lookups,
    environment,
    origins: { [seedOrigin]: address },
  })

async function flight(idempotencyKey: string): Promise<Call> {
  const definition = await loadFunctionDefinition(bench.database, 'book_flight_api')
  if (definition === undefined) throw new Error('The seed has no book_flight_api')
  const slots = { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' }
  return { definition, userId: 'u1', sessionId: 'sess_1', idempotencyKey, slots }
}

describe('bookings that a process left when it died', () => {
  const began = Date.parse('2026-11-21T02:00:00Z')
  const sweeper = (minutes: number, origin = address) =>
    createSweeper({
      cache: bench.cache,
      database: bench.database,
      lookups: bench.dialogue.lookups,
      environment,
      origins: { [seedOrigin]: origin },
      now: () => new Date(began + minutes * 60_000),
      onError: (error) => errors.push(error),
    })
  const errors: unknown[] = []
  const leave = (key: string, name = 'book_flight_api') =>
    bench.database.query(
      `INSERT INTO bookings (idempotency_key, function_name, user_id, params, status, booking_type, cost_center, started_at)
       VALUES ($1, $2, 'u1', '{}', 'started', 'flight', 'CC7', $3)
       ON CONFLICT (idempotency_key) DO UPDATE SET status = 'started', result = NULL, started_at = $3`,
      [key, name, new Date(began)],
    )
  const statusOf = async (key: string): Promise<unknown> => {
    const { rows } = await bench.database.query(
      'SELECT status, result, error FROM bookings WHERE idempotency_key = $1',
      [key],
    )
    return rows[0]
  }

  it('are confirmed where the service has them, and failed where not; it is never told to book', async () => {
    const booking = await flight('left')
    const done = await executor().execute(booking)
    await leave('left')
    await leave('never sent')
    const before = travel.orders().length
    expect(await sweeper(5).run()).toEqual({ confirmed: 0, failed: 0, open: 0 })
    expect(await sweeper(7).run()).toEqual({ confirmed: 1, failed: 1, open: 0 })
    expect(await statusOf('left')).toMatchObject({
      status: 'confirmed',
      result: { order_id: done.ok ? done.result['order_id'] : '' },
    })
    expect(await statusOf('never sent')).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no order') as string,
    })
    expect(travel.orders()).toHaveLength(before)
    expect(errors).toEqual([])
    // The same yes once more: the service still books once.
    expect(await executor().execute(booking)).toEqual(done)
  })

  it('wait while the service is away, and for a day where it cannot be asked', async () => {
    await leave('away')
    expect(await sweeper(7, 'http://127.0.0.1:1').run()).toEqual({ confirmed: 0, failed: 0, open: 1 })
    expect(errors).toHaveLength(1)
    expect(await sweeper(7.5).run()).toEqual({ confirmed: 0, failed: 0, open: 0 })
    expect(await sweeper(9).run()).toEqual({ confirmed: 0, failed: 1, open: 0 })
    await leave('unknown', 'a_function_that_went')
    expect(await sweeper(60).run()).toEqual({ confirmed: 0, failed: 0, open: 1 })
    expect(await sweeper(60 * 25).run()).toEqual({ confirmed: 0, failed: 1, open: 0 })
    expect(await statusOf('unknown')).toMatchObject({ status: 'failed' })
  })

  it('of two sweepers are settled by one', async () => {
    await leave('once more')
    const reports = await Promise.all([sweeper(7).run(), sweeper(7).run()])
    expect(reports.map(({ failed }) => failed).toSorted((a, b) => a - b)).toEqual([0, 1])
  })
})
