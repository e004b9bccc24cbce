// Two processes behind one Redis and one PostgreSQL: each has a cache, a memory and a dialogue of its own. The keys are
// the documented ones, so the test has a database number of Redis for itself.
import { createCache } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { openDatabase } from '@reprise/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getCacheKey, intentCatalog } from '../src/catalog/catalog.ts'
import { lives } from '../src/catalog/ttl.ts'
import { UserProfile } from '../src/catalog/profile.ts'
import { RecognitionResult } from '../src/catalog/recognition.ts'
import { SessionBasic, SessionContext } from '../src/catalog/session.ts'
import { SlotValue, SlotValues } from '../src/catalog/slot-value.ts'
import { IntentStack } from '../src/catalog/stack.ts'
import { ConversationHistory } from '../src/catalog/history.ts'
import { type Dialogue, createDialogue } from '../src/dialogue/turn.ts'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import { loadSeed } from '../src/seed/load.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'
import { askRedis } from './redis-line.ts'
import { saturday } from './setup.ts'
import { createTravel } from './travel.ts'

const schema = 'test_assistant_two_processes'
const redis = (process.env['REPRISE_TEST_REDIS_URL'] ?? '').replace(/\/\d*$/, '') + '/11'
const server = process.env['REPRISE_TEST_DATABASE_URL'] ?? ''
const travel = createTravel()
const processes: { dialogue: Dialogue; close: () => Promise<void> }[] = []
const errors: unknown[] = []

async function run(statements: string): Promise<void> {
  const database = await openDatabase({ url: server })
  await database.script(statements)
  await database.close()
}

async function start(url: string): Promise<void> {
  const database = await openDatabase({ url })
  const shared = redisShared({
    prefix: intentCatalog.prefix,
    descriptor: 'two-processes',
    url: redis,
    deadline: '5s',
  })
  const cache = await createCache({ catalog: intentCatalog, shared })
  const dialogue = createDialogue({
    cache,
    database,
    recogniser: createEmbeddedRecogniser(),
    executor: travel,
    now: () => saturday.now,
    onError: (error) => errors.push(error),
  })
  const close = async (): Promise<void> => {
    await cache.close()
    await database.close()
  }
  processes.push({ dialogue, close })
}

beforeAll(async () => {
  await run(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`)
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  const database = await openDatabase({ url: url.href })
  await migrateAssistant(database)
  await loadSeed(database)
  await database.close()
  await askRedis(redis, 'FLUSHDB')
  await start(url.href)
  await start(url.href)
})
afterAll(async () => {
  for (const { close } of processes) await close()
  await askRedis(redis, 'FLUSHDB')
  await run(`DROP SCHEMA ${schema} CASCADE`)
})

/** Says the sentences in one session, each in the process that `places` names in turn. */
async function talk(userId: string, sentences: readonly string[], places: readonly number[]) {
  let sessionId: string | undefined
  const replies = []
  for (const [index, input] of sentences.entries()) {
    const place = processes[places[index % places.length] ?? 0]
    if (place === undefined) throw new Error('There is no such process')
    const reply = await place.dialogue.turn({ userId, input, sessionId })
    sessionId = reply.sessionId
    const { response, decision } = reply
    const { status, slots, standing, nextAction } = decision
    const stack = standing.interrupted.map(({ intent_name: name }) => name)
    replies.push({
      response: response.replace(/T\d{4}/, 'T'),
      status,
      slots,
      task: standing.task?.intent_name,
      stack,
      nextAction,
    })
  }
  return { replies, sessionId: sessionId ?? '' }
}

const conversation = [
  '我想订一张明天去上海的机票',
  '查余额',
  '信用卡',
  '北京',
  '不对，是后天',
  '我想订酒店',
  '以后再说吧',
  '继续订机票',
  '确认',
  '继续',
  '杭州',
]

test('a conversation whose turns alternate between them behaves as in one', async () => {
  const alone = await talk('anna', conversation, [0])
  const alternating = await talk('berta', conversation, [0, 1])
  const mixed = await talk('clara', conversation, [1, 1, 0, 0, 1])
  expect(alone.replies.at(-1)).toMatchObject({ task: 'booking_hotel', slots: { city: '杭州' } })
  expect(alternating.replies).toEqual(alone.replies)
  expect(mixed.replies).toEqual(alone.replies)
  expect(travel.orders.size).toBe(3)
  expect(errors).toEqual([])
})

test('two yeses at once, one in each process, book once', async () => {
  const before = travel.orders.size
  const { sessionId } = await talk('dora', ['订明天从北京到上海的机票'], [0])
  const yes = { userId: 'dora', sessionId, input: '确认' }
  const replies = await Promise.all(processes.map(({ dialogue }) => dialogue.turn(yes)))
  expect(travel.orders.size).toBe(before + 1)
  expect(new Set(replies.map(({ turn }) => turn))).toEqual(new Set([2, 3]))
})

test('a yes that is overtaken by a change books what was confirmed, once, and is not lost', async () => {
  const before = travel.orders.size
  const { sessionId } = await talk('ella', ['订明天从北京到上海的机票'], [0])
  const [first, second] = processes
  const replies = await Promise.all([
    first?.dialogue.turn({ userId: 'ella', sessionId, input: '确认' }),
    second?.dialogue.turn({ userId: 'ella', sessionId, input: '改成大后天' }),
  ])
  expect(new Set(replies.map((reply) => reply?.turn))).toEqual(new Set([2, 3]))
  const orders = [...travel.orders.values()].slice(before)
  expect(orders).toHaveLength(1)
})

test('another user is refused by the process that did not see the session, too', async () => {
  const { sessionId } = await talk('fay', ['我想订机票'], [0])
  for (const { dialogue } of processes) {
    await expect(dialogue.turn({ userId: 'gil', sessionId, input: '北京' })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    })
  }
})

test('the entries of a conversation are at the documented keys, in the documented shapes, with their lives', async () => {
  const { sessionId } = await talk('hugo', ['订从北京到上海的机票', '我想订酒店'], [0, 1])
  const read = async (space: keyof typeof lives, key: string): Promise<unknown> => {
    const left = Number(await askRedis(redis, 'TTL', key))
    expect([key, left > lives[space].seconds - 60 && left <= lives[space].seconds]).toEqual([key, true])
    return JSON.parse(String(await askRedis(redis, 'GET', key)))
  }
  const session = SessionBasic.parse(await read('session_basic', `intent_system:session:${sessionId}`))
  expect(session).toMatchObject({
    user_id: 'hugo',
    current_intent: 'booking_hotel',
    context: { session_id: sessionId },
  })
  const context = SessionContext.parse(await read('session', `intent_system:session_context:${sessionId}`))
  expect(context).toEqual(session.context)
  const history = ConversationHistory.parse(
    await read('conversation_history', `intent_system:history:${sessionId}:20`),
  )
  expect(history.map(({ user_input }) => user_input)).toEqual(['订从北京到上海的机票', '我想订酒店'])
  const stack = IntentStack.parse(await read('stack', `intent_system:stack:${sessionId}`))
  expect(stack).toMatchObject({
    user_id: 'hugo',
    stack_depth: 2,
    max_stack_depth: 5,
    last_operation: 'intent_pushed',
    intent_stack: [
      {
        intent_name: 'booking_flight',
        status: 'interrupted',
        slots: { departure_city: '北京', arrival_city: '上海' },
      },
      { intent_name: 'booking_hotel', status: 'active' },
    ],
  })
  UserProfile.parse(await read('user_profile', 'intent_system:user_profile:hugo'))

  const scanned = String(
    await askRedis(
      redis,
      'EVAL',
      "return table.concat(redis.call('KEYS', ARGV[1]), ' ')",
      '0',
      'intent_system:*',
    ),
  )
  const keys = scanned.split(' ')
  const recognised = keys.find((key) => /^intent_system:nlu_result:[0-9a-f]{16}:hugo$/.test(key)) ?? ''
  expect(RecognitionResult.parse(await read('intent_recognition', recognised)).user_id).toBe('hugo')
  const values = await Promise.all(
    keys
      .filter((key) => key.startsWith('intent_system:slot_values:'))
      .map(async (key) => [key, await askRedis(redis, 'GET', key)]),
  )
  const mine = values.map(([key, text]) => ({ key, value: SlotValues.parse(JSON.parse(String(text))) }))
  const filled = mine.find(({ value }) => value.slot_values.length === 2 && value.missing_count === 1)
  expect(filled?.key).toBe(`intent_system:slot_values:conv_${filled?.value.conversation_id}`)
  expect(filled?.value.filled_count).toBe(2)
  const [one] = filled?.value.slot_values ?? []
  const record = `intent_system:slot_value:conv_${filled?.value.conversation_id}:${one?.slot_id}`
  expect(SlotValue.parse(await read('slot_value_record', record))).toEqual(one)
})

test('a stack that another program wrote is understood', async () => {
  const { sessionId } = await talk('iris', ['我想订酒店'], [0])
  const at = saturday.now.toISOString()
  const frame = {
    status: 'interrupted',
    confidence: 0.9,
    pushed_at: at,
    last_updated: at,
    completion_status: 'in_progress',
  }
  const stack = {
    session_id: sessionId,
    user_id: 'iris',
    intent_stack: [
      {
        ...frame,
        intent_name: 'booking_train',
        intent_id: 3,
        slots: { departure_city: '北京', arrival_city: '天津' },
      },
    ],
    stack_depth: 1,
    max_stack_depth: 5,
    last_operation: 'intent_pushed',
    last_operation_at: at,
  }
  await askRedis(
    redis,
    'SET',
    getCacheKey('stack', { session_id: sessionId }),
    JSON.stringify(stack),
    'EX',
    '3600',
  )
  const reply = await processes[1]?.dialogue.turn({ userId: 'iris', sessionId, input: '取消' })
  expect(reply?.decision.standing.task).toMatchObject({
    intent_name: 'booking_train',
    slots: { departure_city: '北京', arrival_city: '天津' },
  })
})
