import { openDatabase } from '@reprise/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadHistory, loadSession } from '../src/dialogue/session-store.ts'
import { type Bench, openBench, saturday } from './setup.ts'

const schema = 'test_assistant_dialogue'
const server = process.env['REPRISE_TEST_DATABASE_URL'] ?? ''
let bench: Bench

async function run(statements: string): Promise<void> {
  const database = await openDatabase({ url: server })
  await database.script(statements)
  await database.close()
}

beforeAll(async () => {
  await run(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`)
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  bench = await openBench({ url: url.href })
})
afterAll(async () => {
  await bench.close()
  await run(`DROP SCHEMA ${schema} CASCADE`)
})

test('the first conversation on PostgreSQL', async () => {
  const { sessionId: session } = await bench.say('我想订一张明天去上海的机票')
  expect((await bench.say('北京', { session })).decision.nextAction).toBe('confirm')
  const { decision } = await bench.say('确认', { session })
  expect(decision).toMatchObject({
    status: 'completed',
    slots: { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' },
  })
  const history = await loadHistory(bench.database, session)
  expect(history.map((turn) => turn.slots_filled)).toEqual([
    { arrival_city: '上海', departure_date: '2026-11-22' },
    { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' },
    { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' },
  ])
  expect(history.at(-1)?.api_call_result).toEqual({ order_id: 'T0001' })
})

test('turns of one session from two processes wait for the row and none is lost', async () => {
  const { sessionId } = await bench.say('我想订机票')
  const other = await bench.another()
  const turn = { userId: 'u1', sessionId }
  await Promise.all([
    bench.dialogue.turn({ ...turn, input: '从北京出发' }),
    other.dialogue.turn({ ...turn, input: '去上海' }),
    bench.dialogue.turn({ ...turn, input: '明天' }),
    other.dialogue.turn({ ...turn, input: '经济舱' }),
  ])
  const history = await loadHistory(bench.database, sessionId)
  expect(history.map((one) => one.turn)).toEqual([1, 2, 3, 4, 5])
  const session = await loadSession(bench.database, sessionId, saturday.now)
  expect(session?.current_slots).toEqual({
    departure_city: '北京',
    arrival_city: '上海',
    departure_date: '2026-11-22',
    travel_class: '经济舱',
  })
  expect(bench.errors).toEqual([])
})
