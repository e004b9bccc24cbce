import { assert as holds, date, property } from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { businessDay, spanOfDay } from '../src/figures/business-day.ts'
import { createCounters } from '../src/figures/counters.ts'
import { peakHours } from '../src/figures/enterprise.ts'
import { type Figures, openFigures } from '../src/figures/figures.ts'
import { type Bench, openBench, saturday } from './setup.ts'

let bench: Bench
let figures: Figures
const errors: unknown[] = []
const now = (): Date => saturday.now
const open = (): Figures =>
  openFigures({ cache: bench.cache, database: bench.database, now, onError: (error) => errors.push(error) })

beforeAll(async () => {
  bench = await openBench()
  figures = open()
  figures.start()
})
afterAll(async () => {
  await figures.close()
  await bench.close()
})

it('counts of several processes are one sum', async () => {
  const two = createCounters(bench.database, now)
  figures.counters.add('requests', 3)
  figures.counters.add('request_ms', 30)
  two.add('requests', 2)
  two.add('request_ms', 20)
  two.add('request_errors')
  await Promise.all([figures.counters.flush(), two.flush()])
  const system = await figures.system()
  expect(system.system_metrics).toMatchObject({ average_response_time_ms: 10, error_rate_5min: 0.2 })
  // 02:00:00 is the first second of a minute: the minute before counts, and 60 seconds of it.
  expect(system.system_metrics.requests_per_second).toBeCloseTo(5 / 60, 1)
})

it('live figures are those of what was said and done', async () => {
  await bench.say('我想订一张明天去上海的机票', { user: 'enterprise_user_001' })
  await bench.say('量子力学是什么颜色的呀')
  figures.counters.add('api_calls', 4)
  figures.counters.add('api_failures', 1)
  figures.counters.add('api_timeouts', 1)
  figures.counters.add('api_ms', 400)
  await bench.cache.invalidate({ spaces: ['stats_system_realtime'] })
  const system = await figures.system()
  const turns = await bench.database.query(`SELECT intent_recognized FROM conversations`)
  const understood = turns.rows.filter(({ intent_recognized: intent }) => intent !== null).length
  expect(system.intent_metrics).toMatchObject({
    total_intent_recognitions: 2,
    successful_recognitions: understood,
    fallback_cases: 2 - understood,
    ambiguous_cases: 0,
  })
  expect(system.api_metrics).toEqual({
    total_api_calls: 4,
    successful_calls: 3,
    failed_calls: 1,
    average_api_response_time_ms: 100,
    timeout_rate: 0.25,
  })
  expect(system.system_metrics.active_sessions).toBe(2)
  expect(system.enterprise_metrics).toEqual({
    enterprise_users_active: 1,
    approval_pending_count: 0,
    cost_center_distribution: { CC1001: 1 },
  })
  const enterprise = await figures.enterprise()
  expect(enterprise).toMatchObject({
    total_users: 1,
    active_sessions: 2,
    users_by_department: { sales: 1 },
    users_by_level: { senior: 1 },
    activity_summary: { peak_hours: ['10:00-11:00'], average_session_duration_minutes: 0 },
  })
  expect(enterprise.activity_summary.intent_distribution['booking_flight']).toBe(1)
  expect(await figures.session('enterprise_user_001')).toMatchObject({
    total_sessions: 1,
    active_sessions: 1,
    total_turns: 1,
    average_turns_per_session: 1,
    intent_distribution: { booking_flight: 1 },
  })
})

it('the hour of the cache is what was read, by kind of key', async () => {
  const { hour, cache_statistics: whole, key_type_performance: kinds } = await figures.performance()
  expect(hour).toBe('2026-11-21T02:00:00.000Z')
  expect(whole.total_requests).toBe(whole.cache_hits + whole.cache_misses)
  const requests = Object.values(kinds).reduce((total, kind) => total + kind.requests, 0)
  expect(requests).toBe(whole.total_requests)
  expect(kinds['intent_recognition']).toEqual({ requests: 2, hits: 0, hit_rate: 0 })
  expect(kinds['entity_types']?.hits).toBeGreaterThan(0)
})

it("a cost centre's day adds up its bookings", async () => {
  const insert = `INSERT INTO bookings (idempotency_key, function_name, user_id, params, status, booking_type, amount,
      currency, cost_center, department, approval_status, started_at, finished_at)
    VALUES ($1, 'f', $2, '{}', $3, $4, $5, 'CNY', $6, 'sales', $7, $8, $8)`
  const add = (key: string, ...rest: unknown[]): Promise<unknown> =>
    bench.database.query(insert, [key, ...rest])
  const inside = '2026-11-20T16:00:00Z'
  await add('a', 'u1', 'confirmed', 'flight', 580, 'CC7', 'auto_approved', inside)
  await add('b', 'u2', 'confirmed', 'hotel', 1160, 'CC7', 'pending_approval', '2026-11-21T15:59:59Z')
  await add('c', 'u2', 'confirmed', 'flight', 10, 'CC7', 'rejected', inside)
  await add('d', 'u1', 'failed', 'flight', 99, 'CC7', 'auto_approved', inside)
  await add('e', 'u1', 'confirmed', 'flight', 99, 'CC8', 'auto_approved', inside)
  await add('f', 'u1', 'confirmed', 'flight', 99, 'CC7', 'auto_approved', '2026-11-21T16:00:00Z')
  expect(await figures.costCenter('CC7', '20261121')).toMatchObject({
    cost_center: 'CC7',
    date: '2026-11-21',
    department: 'sales',
    statistics: {
      total_bookings: 3,
      total_amount: 1750,
      currency: 'CNY',
      booking_types: { flight: 2, hotel: 1 },
      approval_status: { auto_approved: 1, pending_approval: 1, approved: 0, rejected: 1 },
      average_booking_amount: 583.33,
    },
    top_users: [
      { user_id: 'u2', bookings: 2, amount: 1170 },
      { user_id: 'u1', bookings: 1, amount: 580 },
    ],
  })
  expect(await figures.costCenter('CC7', '20261341')).toBeUndefined()
  expect(errors).toEqual([])
  expect(await figures.costCenter('CC9', '20261121')).toMatchObject({
    statistics: { total_bookings: 0 },
    top_users: [],
  })
})

it('days of the enterprise end at midnight in Shanghai', () => {
  expect(businessDay(new Date('2026-11-20T15:59:59Z')).compact).toBe('20261120')
  expect(businessDay(new Date('2026-11-20T16:00:00Z')).compact).toBe('20261121')
  holds(
    property(
      date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      (at) => {
        const span = spanOfDay(businessDay(at).compact)
        expect(span !== undefined && span.from <= at && at < span.to).toBe(true)
      },
    ),
  )
})

it('peak hours are spans without gaps or overlap', () => {
  expect(peakHours([])).toEqual([])
  const hours = [9, 10, 11, 14, 15, 16].map((hour) => ({ hour, count: 10 }))
  expect(peakHours([...hours, { hour: 3, count: 1 }])).toEqual(['09:00-12:00', '14:00-17:00'])
})
