import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionBasicSpace } from '../src/catalog/session.ts'
import { stackSpace } from '../src/catalog/stack.ts'
import { loadHistory } from '../src/dialogue/session-store.ts'
import { type Bench, openBench, saturday } from './setup.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench({
    retriever: { ask: async ({ query }) => (query.includes('差旅标准') ? '每晚 500 元。' : undefined) },
  })
})
afterAll(async () => {
  await bench.close()
})

test('what was carried out while another process wrote to the session is told after it, and not done again', async () => {
  const { sessionId: session } = await bench.say('订明天从北京到上海的机票')
  const other = await bench.another()
  const calls = bench.travel.calls.length
  bench.travel.during = () => other.dialogue.turn({ userId: 'u1', sessionId: session, input: '谢谢' })
  const booked = await bench.say('确认', { session })
  expect(bench.travel.calls).toHaveLength(calls + 1)
  expect(booked).toMatchObject({ turn: 3, decision: { status: 'completed' } })
  const history = await loadHistory(bench.database, session)
  expect(history.map(({ user_input }) => user_input).slice(1)).toEqual(['谢谢', '确认'])
})

test('retrieval answers what no intent does, and the open question comes again', async () => {
  const { sessionId: session } = await bench.say('订从北京到上海的机票')
  const { decision, response } = await bench.say('差旅标准是多少', { session })
  expect(decision).toMatchObject({ status: 'ragflow_handled', responseType: 'qa_response' })
  expect(response).toBe('每晚 500 元。请告诉我出发日期是哪天？')
  expect((await bench.say('报销流程是什么', { session })).decision.status).toBe('interruption_handled')
})

describe('the stack', () => {
  const frame = (intent_name: string, last_updated: Date) => ({
    intent_name,
    intent_id: 1,
    status: 'interrupted' as const,
    confidence: 0.9,
    slots: {},
    pushed_at: last_updated.toISOString(),
    last_updated: last_updated.toISOString(),
    completion_status: 'in_progress',
  })
  async function withFrames(hoursAgo: number): Promise<string> {
    const { sessionId: session } = await bench.say('我想订机票')
    const at = new Date(saturday.now.getTime() - hoursAgo * 3_600_000)
    const frames = ['booking_train', 'check_balance', 'expense_report', 'visa'].map((name) => frame(name, at))
    await bench.cache.open(stackSpace).set(
      { session_id: session },
      {
        session_id: session,
        user_id: 'u1',
        intent_stack: frames,
        stack_depth: 4,
        max_stack_depth: 5,
        last_operation: 'intent_pushed',
        last_operation_at: at.toISOString(),
      },
    )
    return session
  }

  test('is five deep: a sixth task is refused, and nothing is lost', async () => {
    const session = await withFrames(1)
    const { decision, response } = await bench.say('我想订酒店', { session })
    expect(decision).toMatchObject({ responseType: 'error_with_alternatives', status: 'incomplete' })
    expect(decision.standing.task?.intent_name).toBe('booking_flight')
    expect(decision.standing.interrupted).toHaveLength(4)
    expect(response).toContain('火车票预订')
  })

  test('forgets frames after 24 hours', async () => {
    const session = await withFrames(24)
    const { decision } = await bench.say('我想订酒店', { session })
    expect(decision.standing.task?.intent_name).toBe('booking_hotel')
    expect(decision.standing.interrupted.map(({ intent_name }) => intent_name)).toEqual(['booking_flight'])
  })
})

test('a session that is a moment behind carries nothing out', async () => {
  const { sessionId: session } = await bench.say('订明天从北京到上海的机票')
  const sessions = bench.cache.open(sessionBasicSpace)
  const behind = await sessions.get({ session_id: session })
  if (behind === undefined) throw new Error('The session is not kept')
  await bench.say('确认', { session })
  const calls = bench.travel.calls.length
  await sessions.set({ session_id: session }, behind)
  const again = await bench.say('确认', { session })
  expect(bench.travel.calls).toHaveLength(calls)
  expect(again.turn).toBe(3)
  expect(again.decision.status).not.toBe('completed')
})
