import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getCacheKey } from '../src/catalog/catalog.ts'
import type { Call, Executor } from '../src/dialogue/execute.ts'
import { type CallReport, type ExecutorOptions, createExecutor } from '../src/execute/executor.ts'
import { paramsHash } from '../src/execute/parameters.ts'
import { loadFunctionDefinition } from '../src/knowledge/functions.ts'
import { type TravelApi, createTravelApi } from '../src/travel-api/server.ts'
import { type Bench, openBench } from './setup.ts'

const seedOrigin = 'https://api.enterprise-travel.com'
const secret = 'a-token-that-nobody-may-see'
let bench: Bench
let travel: TravelApi
let address: string
const reports: CallReport[] = []

beforeAll(async () => {
  bench = await openBench()
  travel = createTravelApi({ token: secret })
  address = await travel.listen(0)
})
afterAll(async () => {
  await travel.close()
  await bench.close()
})

function executor(options: Partial<ExecutorOptions> = {}): Executor {
  return createExecutor({
    cache: bench.cache,
    database: bench.database,
    lookups: bench.dialogue.lookups,
    environment: { API_TOKEN: secret },
    origins: { [seedOrigin]: address },
    onCall: (report) => reports.push(report),
    policy: { firstPause: 1, longestPause: 2 },
    ...options,
  })
}

async function call(name: string, values: Partial<Call> & Pick<Call, 'slots'>): Promise<Call> {
  const definition = await loadFunctionDefinition(bench.database, name)
  if (definition === undefined) throw new Error(name)
  return { definition, userId: 'u1', sessionId: 'sess_1', idempotencyKey: 'key-1', ...values }
}

const flight = { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' }

describe('calls that may be repeated (row A8)', () => {
  it('are asked for once, and kept without secrets', async () => {
    const balance = await call('check_balance_api', { slots: { account_type: '信用卡' } })
    const [one, two] = await Promise.all([executor().execute(balance), executor().execute(balance)])
    expect(one).toMatchObject({ ok: true, result: { account: '信用卡', employee_id: 'u1' } })
    expect(two).toEqual(one)
    expect(await executor().execute(balance)).toEqual(one)
    expect(reports.map(({ attempts }) => attempts).toSorted((left, right) => left - right)).toEqual([0, 0, 1])

    const params = { account: '信用卡', employee_id: 'u1' }
    const params_hash = paramsHash(params, balance)
    const key = { function_name: 'check_balance_api', params_hash }
    const { items } = await bench.cache.entries({ space: 'api_result' })
    expect(items.map((item) => item.key)).toEqual([getCacheKey('api_result', key)])
    const { rows } = await bench.database.query(`SELECT * FROM reprise_entries`)
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(paramsHash({ employee_id: 'u1', account: '信用卡' }, balance)).toBe(params_hash)
  })

  it('are told apart by user', async () => {
    const slots = { account_type: '储蓄卡' }
    const mine = await executor().execute(await call('check_balance_api', { slots }))
    const other = await executor().execute(await call('check_balance_api', { slots, userId: 'u2' }))
    expect(other).not.toEqual(mine)
  })
})

describe('calls that may not', () => {
  it('are made once for one key, and their result is durable', async () => {
    const booking = await call('book_flight_api', { slots: flight, idempotencyKey: 'once' })
    const first = await executor().execute(booking)
    expect(first).toMatchObject({
      ok: true,
      result: {
        success: true,
        order_id: expect.stringMatching(/^FL\d{12}$/) as string,
        approval_status: 'auto_approved',
      },
    })
    expect(await executor().execute(booking)).toEqual(first)
    const mine = travel.orders().filter(({ idempotency_key: key }) => key === 'once')
    expect(mine.map(({ requests }) => requests)).toEqual([1])
    const { items } = await bench.cache.entries({ space: 'api_result' })
    expect(items.some(({ key }) => key.includes('book_flight'))).toBe(false)
  })

  it('are made again under their key after a crash, and the service books once', async () => {
    const booking = await call('book_flight_api', { slots: flight, idempotencyKey: 'crash' })
    await executor().execute(booking)
    // The process died after the service had answered and before it was written down.
    await bench.database.query(
      `UPDATE bookings SET status = 'started', result = NULL WHERE idempotency_key = 'crash'`,
    )
    expect(await executor().execute(booking)).toMatchObject({ ok: true })
    const mine = travel.orders().filter(({ idempotency_key: key }) => key === 'crash')
    expect(mine.map(({ requests }) => requests)).toEqual([2])
  })

  it('refuse a key that belongs to another user or another order', async () => {
    const booking = await call('book_flight_api', { slots: flight, idempotencyKey: 'mine' })
    await executor().execute(booking)
    for (const other of [
      { ...booking, userId: 'u2' },
      { ...booking, slots: { ...flight, arrival_city: '广州' } },
    ]) {
      expect(await executor().execute(other)).toMatchObject({ ok: false, code: 'REFUSED' })
    }
  })

  it('above the limit wait for a manager', async () => {
    await bench.database.query(
      `UPDATE system_configs SET config_value = '{"approval_amount_threshold":1,"max_booking_window_days":30,"require_manager_approval":true,"cost_center_validation":true}'
       WHERE config_key = 'enterprise_specific'`,
    )
    await bench.cache.invalidate({ spaces: ['ragflow_config'] })
    const booking = await call('book_flight_api', {
      slots: flight,
      idempotencyKey: 'dear',
      businessContext: { cost_center: 'CC1001', department: 'sales' },
    })
    expect(await executor().execute(booking)).toMatchObject({
      result: { approval_status: 'pending_approval' },
    })
    const { rows } = await bench.database.query(
      `SELECT status, booking_type, cost_center, department, amount > 0 AS paid FROM bookings WHERE idempotency_key = 'dear'`,
    )
    expect(rows).toEqual([
      { status: 'confirmed', booking_type: 'flight', cost_center: 'CC1001', department: 'sales', paid: true },
    ])
  })
})

describe('a service that fails', () => {
  let server: Server
  let asked = 0
  let status = 503
  let silent = false
  beforeAll(async () => {
    server = createServer((_, response) => {
      asked += 1
      if (!silent) response.writeHead(status, { 'content-type': 'application/json' }).end('{"balance":1}')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const failing = (): Partial<ExecutorOptions> => ({
    origins: { [seedOrigin]: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  })
  const balance = (account: string) => call('check_balance_api', { slots: { account_type: account } })

  it('is asked again for a query, and not for a booking', async () => {
    asked = 0
    expect(await executor(failing()).execute(await balance('公司账户'))).toMatchObject({
      ok: false,
      code: 'FAILED',
    })
    expect(asked).toBe(4)
    asked = 0
    const booking = await call('book_flight_api', { slots: flight, idempotencyKey: 'fails' })
    expect(await executor(failing()).execute(booking)).toMatchObject({ ok: false, code: 'FAILED' })
    expect(asked).toBe(1)
    const { rows } = await bench.database.query(`SELECT status FROM bookings WHERE idempotency_key = 'fails'`)
    expect(rows).toEqual([{ status: 'failed' }])
  })

  it('is left alone after five failures in a row, and asked again after a rest', async () => {
    const own = executor({ ...failing(), policy: { firstPause: 1, longestPause: 1, rest: 1 } })
    const resting = executor({ ...failing(), policy: { firstPause: 1, longestPause: 1 } })
    await resting.execute(await balance('A'))
    await resting.execute(await balance('B'))
    await own.execute(await balance('A2'))
    await own.execute(await balance('B2'))
    asked = 0
    expect(await resting.execute(await balance('C'))).toMatchObject({ ok: false, code: 'LEFT_ALONE' })
    expect(asked).toBe(0)
    status = 200
    expect(await own.execute(await balance('D'))).toMatchObject({ ok: true })
    status = 503
  })

  it('is neither repeated nor left alone for what the caller did wrong', async () => {
    status = 404
    const own = executor(failing())
    asked = 0
    for (const account of ['E', 'F', 'G', 'H', 'I', 'J']) {
      expect(await own.execute(await balance(account))).toMatchObject({ ok: false, code: 'REFUSED' })
    }
    expect(asked).toBe(6)
    status = 503
  })

  it('that is silent is waited for as long as it may take', async () => {
    silent = true
    const one = await call('book_flight_api', { slots: flight, idempotencyKey: 'silent' })
    const quick = { ...one, definition: { ...one.definition, timeout_seconds: 0.05 } }
    expect(await executor(failing()).execute(quick)).toMatchObject({ ok: false, code: 'TIMED_OUT' })
    silent = false
  })
})

describe('what is not configured', () => {
  it('is told by the name of the variable, and never taken from another one', async () => {
    const one = await call('book_flight_api', { slots: flight, idempotencyKey: 'none' })
    expect(await executor({ environment: {} }).execute(one)).toMatchObject({
      code: 'NOT_CONFIGURED',
      message: expect.stringContaining('API_TOKEN') as string,
    })
    const greedy = { ...one, definition: { ...one.definition, headers: { 'X-A': '${DATABASE_URL}' } } }
    expect(await executor({ environment: { DATABASE_URL: 'secret' } }).execute(greedy)).toMatchObject({
      code: 'NOT_CONFIGURED',
    })
    const less = await call('book_flight_api', { slots: { departure_city: '北京' } })
    expect(await executor().execute(less)).toMatchObject({
      message: expect.stringContaining('needs to') as string,
    })
  })
})
