import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionBasicSpace } from '../src/catalog/session.ts'
import { loadHistory, loadSession } from '../src/dialogue/session-store.ts'
import { createTracer } from '../src/trace.ts'
import { type Bench, openBench, saturday } from './setup.ts'

let bench: Bench
const clock = { now: saturday.now }

beforeAll(async () => {
  bench = await openBench({ clock })
})
afterAll(async () => {
  await bench.close()
})

describe('the first conversation', () => {
  test('asks for what is missing, remembers, sums up, and books after a yes', async () => {
    const first = await bench.say('我想订一张明天去上海的机票')
    expect(first.sessionId).toMatch(/^sess_[0-9a-f]{12}$/)
    expect(first.decision).toMatchObject({
      intent: 'booking_flight',
      slots: { arrival_city: '上海', departure_date: '2026-11-22' },
      missing: ['departure_city'],
      status: 'slot_filling',
      responseType: 'slot_prompt',
      nextAction: 'collect_missing_slots',
    })
    expect(first.response).toBe('好的，到达城市为上海，出发日期为2026-11-22。请告诉我出发城市是哪里？')

    const second = await bench.say('北京市', { session: first.sessionId })
    expect(second.decision).toMatchObject({
      slots: { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' },
      missing: [],
      status: 'slot_filling',
      nextAction: 'confirm',
    })
    expect(second.response).toBe(
      '请确认机票预订：出发城市为北京，到达城市为上海，出发日期为2026-11-22。回复“确认”继续，或告诉我要修改什么。',
    )
    const third = await bench.say('确认', { session: first.sessionId })
    expect(third.decision).toMatchObject({ status: 'completed', responseType: 'task_completion' })
    expect(third.response).toBe('已为您成功预订2026-11-22从北京到上海的机票！订单号：T0001')

    const again = await bench.say('我想订机票', { session: first.sessionId })
    expect(again.decision.slots).toEqual({})
  })

  test('speaks English to who speaks English', async () => {
    const first = await bench.say('I want to book a flight to Shanghai tomorrow')
    expect(first.response).toBe(
      'All right, arrival city Shanghai, departure date 2026-11-22. Which city are you leaving from?',
    )
    const second = await bench.say('Beijing', { session: first.sessionId })
    expect(second.response).toBe(
      'Please confirm your flight booking: departure city Beijing, arrival city Shanghai, ' +
        'departure date 2026-11-22. Say "yes" to go on, or tell me what to change.',
    )
  })

  test('takes a correction, a new intent, small talk and a cancellation as what they are', async () => {
    const { sessionId: session } = await bench.say('订一张从北京到上海的机票')
    const talk = await bench.say('谢谢你的帮助', { session })
    expect(talk.response).toBe(
      '您好！我可以帮您订机票、酒店和火车票，也可以查询余额。 我们继续：请告诉我出发日期是哪天？',
    )
    expect(talk.decision.slots).toEqual({ departure_city: '北京', arrival_city: '上海' })
    const changed = await bench.say('改成去广州', { session })
    expect(changed.decision.slots).toEqual({ departure_city: '北京', arrival_city: '广州' })
    const lost = await bench.say('请问量子力学的基本假设到底是什么呢', { session })
    expect(lost.decision).toMatchObject({ intent: null, status: 'incomplete' })
    expect(lost.response).toBe('抱歉，我没有理解。请告诉我出发日期是哪天？')
    const done = await bench.say('后天', { session })
    expect(done.decision).toMatchObject({ nextAction: 'confirm', slots: { departure_date: '2026-11-23' } })
    const amended = await bench.say('改成大后天', { session })
    expect(amended.decision).toMatchObject({
      nextAction: 'confirm',
      slots: { departure_city: '北京', arrival_city: '广州', departure_date: '2026-11-24' },
    })
    expect((await bench.say('经济舱', { session })).decision.slots).toMatchObject({
      arrival_city: '广州',
      travel_class: '经济舱',
    })
    const changedAgain = await bench.say('订去成都的机票', { session })
    expect(changedAgain.decision.slots).toMatchObject({ departure_city: '北京', arrival_city: '成都' })
    expect((await bench.say('我要订机票', { session })).decision.problems).toEqual({})
    const balance = await bench.say('查一下我的信用卡余额', { session })
    expect(balance.decision).toMatchObject({ intent: 'check_balance', slots: { account_type: '信用卡' } })
    await bench.say('我想订酒店', { session })
    const hotel = await bench.say('取消', { session })
    expect(hotel.response).toContain('已为您取消酒店预订')
    const flight = await bench.say('取消', { session })
    expect(flight.decision).toMatchObject({ intent: 'cancel', status: 'intent_cancelled', slots: {} })
    expect((await bench.say('北京', { session })).decision.intent).toBeNull()
  })
})

describe('values that break a rule', () => {
  test.each([
    [
      '订明天从北京到北京的机票',
      { arrival_city: /北京/ },
      { departure_city: '北京', departure_date: '2026-11-22' },
    ],
    [
      '订一张昨天去上海的机票',
      { departure_date: /2026-11-20.*2026-11-21.*2026-12-21/ },
      { arrival_city: '上海' },
    ],
    ['订12月22日去上海的机票', { departure_date: /2026-12-22/ }, { arrival_city: '上海' }],
  ])('%s', async (sentence, problems, slots) => {
    const { decision } = await bench.say(sentence)
    expect(decision).toMatchObject({ status: 'validation_error', responseType: 'validation_error_prompt' })
    expect(Object.keys(decision.problems)).toEqual(Object.keys(problems))
    for (const [name, pattern] of Object.entries(problems)) expect(decision.problems[name]).toMatch(pattern)
    expect(decision.slots).toEqual(slots)
  })

  test('the last day of the window is good', async () => {
    const { decision } = await bench.say('订12月21日去上海的机票')
    expect(decision.slots['departure_date']).toBe('2026-12-21')
  })

  test('an unknown city is named, and what was there before stays', async () => {
    const { sessionId: session } = await bench.say('我想订一张明天去上海的机票')
    const wrong = await bench.say('火星', { session })
    expect(wrong.decision.problems['departure_city']).toContain('“火星”')
    expect(wrong.decision.slots).toEqual({ arrival_city: '上海', departure_date: '2026-11-22' })
    expect((await bench.say('上海', { session })).decision.problems['departure_city']).toContain('上海')
    expect((await bench.say('深圳', { session })).decision.nextAction).toBe('confirm')
  })
})

describe('sessions', () => {
  test("are their owner's, from the cache and from the database alike", async () => {
    const { sessionId: session } = await bench.say('我想订机票', { user: 'anna' })
    const refusal = { code: 'SESSION_NOT_FOUND', status: 404 }
    await expect(bench.say('北京', { session, user: 'bob' })).rejects.toMatchObject(refusal)
    await bench.cache.open(sessionBasicSpace).delete({ session_id: session })
    await expect(bench.say('北京', { session, user: 'bob' })).rejects.toMatchObject(refusal)
    await expect(bench.say('北京', { session: 'sess_000000000000' })).rejects.toMatchObject(refusal)
    await expect(bench.say('北京', { session: 'a:{*}' })).rejects.toMatchObject({ status: 422 })
    expect((await bench.say('北京', { session, user: 'anna' })).decision.slots).toEqual({
      departure_city: '北京',
    })
  })

  test('carry the request context; temporary preferences go over stored ones', async () => {
    const { sessionId: session } = await bench.say('我想订机票', {
      context: {
        device_info: { platform: 'web' },
        location: '北京',
        business_context: { cost_center: 'CC1001' },
        temp_preferences: { currency: 'USD' },
      },
    })
    await bench.say('北京', { session, context: { temp_preferences: { theme: 'dark' } } })
    const kept = await bench.cache.open(sessionBasicSpace).get({ session_id: session })
    expect(kept?.context).toMatchObject({
      device_info: { platform: 'web' },
      location: { city: '北京' },
      business_context: { cost_center: 'CC1001' },
      temp_preferences: { currency: 'USD', theme: 'dark' },
      user_preferences: { currency: 'CNY' },
    })
    expect(kept).toMatchObject({
      current_intent: 'booking_flight',
      current_slots: { departure_city: '北京' },
    })
    expect(await loadSession(bench.database, session, clock.now)).toEqual(kept)
  })

  test('count days in their own zone', async () => {
    const { decision } = await bench.say('明天去上海的机票', {
      context: { temp_preferences: { timezone: 'America/Los_Angeles' } },
    })
    expect(decision.slots['departure_date']).toBe('2026-11-21')
  })

  test('run out after the time of the thresholds', async () => {
    const { sessionId: session } = await bench.say('我想订机票', { user: 'late' })
    await bench.cache.open(sessionBasicSpace).delete({ session_id: session })
    clock.now = new Date(saturday.now.getTime() + 25 * 3_600_000)
    await expect(bench.say('北京', { session, user: 'late' })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    })
    clock.now = saturday.now
  })

  test('lose no turn when two come at once, in one process or in two', async () => {
    const { sessionId } = await bench.say('我想订机票')
    const other = await bench.another()
    const turn = { userId: 'u1', sessionId }
    await Promise.all([
      bench.dialogue.turn({ ...turn, input: '从北京出发' }),
      other.dialogue.turn({ ...turn, input: '去上海' }),
      bench.dialogue.turn({ ...turn, input: '明天' }),
      other.dialogue.turn({ ...turn, input: '谢谢' }),
    ])
    const history = await loadHistory(bench.database, sessionId)
    expect(history.map((one) => one.turn)).toEqual([1, 2, 3, 4, 5])
    const session = await loadSession(bench.database, sessionId, clock.now)
    expect(session?.current_slots).toEqual({
      departure_city: '北京',
      arrival_city: '上海',
      departure_date: '2026-11-22',
    })
  })
})

describe('the cache', () => {
  test('what was said before is not recognised again; the trace shows it, apart for each request', async () => {
    const tracer = createTracer()
    const ask = () => tracer.follow(() => bench.say('帮我订一张大后天去成都的机票', { user: 'traced' }))
    const first = await ask()
    const outcome = (steps: typeof first.steps, space: string) =>
      steps.filter((step) => step.space === space).map((step) => [step.outcome, step.tier])
    expect(outcome(first.steps, 'intent_recognition')).toEqual([['miss', undefined]])
    expect(outcome(first.steps, 'user_profile')).toEqual([['miss', undefined]])
    const [second, third] = await Promise.all([ask(), ask()])
    for (const { steps } of [second, third]) {
      expect(outcome(steps, 'intent_recognition')).toEqual([['hit', 'memory']])
      expect(new Set(steps.map(({ space }) => space))).toEqual(new Set(first.steps.map(({ space }) => space)))
      expect(steps.every((step) => step.outcome === 'hit' && step.tier === 'memory')).toBe(true)
    }
    clock.now = new Date('2026-11-22T02:00:00Z')
    const tomorrow = await ask()
    expect(outcome(tomorrow.steps, 'intent_recognition')).toEqual([['miss', undefined]])
    expect(tomorrow.result.decision.slots['departure_date']).toBe('2026-11-25')
    clock.now = saturday.now
    tracer.stop()
  })

  test('holds what the database holds: history and slot values', async () => {
    const { sessionId } = await bench.say('我想订一张明天去上海的机票')
    await bench.say('北京', { session: sessionId })
    const stored = await loadHistory(bench.database, sessionId)
    const cached = await bench.dialogue.lookups
      .thresholds()
      .then(() => bench.cache.entries({ space: 'slot_values', pageSize: 1000 }))
    expect(stored.map((turn) => turn.slots_filled)).toEqual([
      { arrival_city: '上海', departure_date: '2026-11-22' },
      { departure_city: '北京', arrival_city: '上海', departure_date: '2026-11-22' },
    ])
    expect(stored[0]?.slots_extracted).toEqual({ arrival_city: '上海', departure_date: '明天' })
    expect(cached.items.length).toBeGreaterThan(0)
    expect(cached.items[0]?.key).toMatch(/^intent_system:slot_values:conv_\d+$/)
  })

  test('kept all that it was given', () => {
    expect(bench.errors).toEqual([])
  })
})
