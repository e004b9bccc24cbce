import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@reprise/api'
import { createLogger, loadSettings } from '@reprise/service'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Assistant, createAssistant } from '../src/wire.ts'

const folder = mkdtempSync(join(tmpdir(), 'reprise-chat-'))
let assistant: Assistant
let address: string
let token: string

beforeAll(async () => {
  const settings = loadSettings({
    env: { PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'silent', REPRISE_ADMIN_PASSWORD: 'a-password-of-mine' },
    cwd: folder,
  })
  assistant = await createAssistant({ settings, logger: createLogger({ level: 'silent' }) })
  address = await assistant.service.listen()
  await assistant.service.ensureAdministrator()
  const login = await post('/api/auth/login', { username: 'admin', password: 'a-password-of-mine' }, '')
  token = ((await login.json()) as { data: { token: string } }).data.token
})
afterAll(async () => {
  await assistant.close()
  rmSync(folder, { recursive: true })
})

function post(path: string, body: unknown, bearer = token): Promise<Response> {
  return fetch(`${address}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function stored(): Promise<readonly unknown[]> {
  const counts = await assistant.database.query(
    `SELECT (SELECT count(*) FROM sessions)::int AS sessions, (SELECT count(*) FROM conversations)::int AS turns`,
  )
  const { total } = await assistant.cache.entries({ pageSize: 1 })
  // That something was refused is logged, how the logs are doing is kept, every message counts for its user's limit, and
  // who calls is remembered.
  const beside = await Promise.all(
    ['async_log_status', 'rate_limit', 'system_configs', 'service_user'].map((space) =>
      assistant.cache.entries({ pageSize: 1, space }),
    ),
  )
  return [...counts.rows, beside.reduce((left, one) => left - one.total, total)]
}

let before: readonly unknown[]
beforeEach(async () => {
  before = await stored()
})

const good = { user_id: 'u1', input: '我想订机票' }
const long = 'x'.repeat(10_000)

test.each([
  ['no body', ''],
  ['no JSON', '{"user_id":'],
  ['a list', []],
  ['nothing in it', {}],
  ['no text', { user_id: 'u1' }],
  ['two texts', { ...good, message: '你好' }],
  ['an unknown field', { ...good, admin: true }],
  ['an unknown context field', { ...good, context: { debug: true } }],
  ['a field named __proto__', '{"user_id":"u1","input":"你好","__proto__":{"admin":true}}'],
  ['1 MB', { ...good, context: { business_context: { text: 'x'.repeat(1_048_576) } } }],
  ['a number for a text', { ...good, input: 5 }],
  ['a list for a text', { ...good, input: ['我想订机票'] }],
  ['null for a user', { ...good, user_id: null }],
  ['a text of blanks', { ...good, input: '  \u3000 ' }],
  ['a text of invisible signs', { ...good, input: '\u200b\u200b' }],
  ['a text of 1001 characters', { ...good, input: 'x'.repeat(1001) }],
  ['a text with NUL', { ...good, input: 'a\u0000b' }],
  ['no user', { ...good, user_id: '' }],
  ['a user of 10,000 characters', { ...good, user_id: long }],
  ['a user with a control character', { ...good, user_id: 'a\u0001b' }],
  ['a user with *', { ...good, user_id: 'u*' }],
  ['a user with {}', { ...good, user_id: '{u1}' }],
  ['a user with :', { ...good, user_id: 'u1:admin' }],
  ['a session of 10,000 characters', { ...good, session_id: long }],
  ['a session with *', { ...good, session_id: 'sess_*' }],
  ['a session with {}', { ...good, session_id: 'sess_{1}' }],
  ['a session with :', { ...good, session_id: 'sess:1' }],
  ['a session with a line break', { ...good, session_id: 'sess_1\n' }],
  ['a session that there is not', { ...good, session_id: 'sess_000000000000' }],
  ['a number for a session', { ...good, session_id: 12 }],
  ['a context that is text', { ...good, context: 'x' }],
  ['a context field named *', { ...good, context: { business_context: { '*': 1 } } }],
  ['a context field named {}', { ...good, context: { business_context: { deep: { '{a}': 1 } } } }],
  ['a context field named a:b', { ...good, context: { device_info: { 'a:b': 1 } } }],
  ['a context field with a control character', { ...good, context: { business_context: { 'a\u0000': 1 } } }],
  ['a context field of the wrong type', { ...good, context: { device_info: { platform: 5 } } }],
  ['a preference of the wrong type', { ...good, context: { temp_preferences: { timezone: 8 } } }],
])('%s is refused with the envelope, and nothing is stored', async (_, body) => {
  const response = await post('/api/v1/chat/interact', body)
  const envelope = (await response.json()) as Record<string, unknown>
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(response.status).toBeLessThan(500)
  expect(envelope).toMatchObject({
    success: false,
    data: null,
    error: { code: expect.any(String) as string, message: expect.any(String) as string },
    request_id: expect.any(String) as string,
  })
  expect(await stored()).toEqual(before)
})

test.each(['', 'nonsense', 'a.b.c'])('without a valid token (%j) the answer is 401', async (bearer) => {
  const response = await post('/api/v1/chat/interact', good, bearer)
  expect(response.status).toBe(401)
  expect(await stored()).toEqual(before)
})

test('quotes, brackets and SQL are what people say: answered and stored as they are', async () => {
  const input = `'; DROP TABLE sessions; -- <script>"\\x"</script> 我想订机票`
  const response = await post('/api/v1/chat/interact', { user_id: `o'brien "x" <y> 王`, input })
  expect(response.status).toBe(200)
  const { rows } = await assistant.database.query(
    'SELECT user_input FROM conversations ORDER BY id DESC LIMIT 1',
  )
  expect(rows).toEqual([{ user_input: input }])
})

test('message is another name of input, and the reply is the documented one', async () => {
  const response = await post('/api/v1/chat/interact', {
    user_id: 'u1',
    message: '我想订一张明天去上海的机票',
  })
  const { success, data } = (await response.json()) as { success: boolean; data: Record<string, unknown> }
  expect(success).toBe(true)
  expect(Object.keys(data)).toEqual([
    'response',
    'session_id',
    'intent',
    'confidence',
    'slots',
    'status',
    'response_type',
    'next_action',
    'missing_slots',
    'trace',
  ])
  expect(data).toMatchObject({ intent: 'booking_flight', status: 'slot_filling' })
})

async function configure(category: string, key: string, value: number): Promise<void> {
  await assistant.database.query(
    'UPDATE system_configs SET config_value = $3 WHERE category = $1 AND config_key = $2',
    [category, key, JSON.stringify(value)],
  )
  await assistant.cache.invalidate({ spaces: ['system_configs', 'ragflow_config'] })
}

test('a user who has sent the messages of a minute is told to wait, others are not', async () => {
  await configure('security', 'requests_per_minute', 2)
  const say = async (user: string) => {
    const response = await post('/api/v1/chat/interact', { user_id: user, input: '你好' })
    return [response.status, ((await response.json()) as { error?: { message: string } }).error?.message]
  }
  const many = [await say('busy'), await say('busy'), await say('busy'), await say('busy'), await say('busy')]
  // A minute may begin between two of them, and two more are answered then.
  const refused = many.filter(([status]) => status === 429)
  expect(refused.length).toBeGreaterThanOrEqual(1)
  expect(refused[0]).toEqual([429, expect.stringContaining('2 messages') as string])
  expect((await say('calm'))[0]).toBe(200)
  await configure('security', 'requests_per_minute', 100)
})

test('a session ends with its last turn, and a new one begins', async () => {
  await configure('system_thresholds', 'max_conversation_turns', 2)
  const say = async (session?: string) => {
    const body = { user_id: 'long', input: '你好', ...(session === undefined ? {} : { session_id: session }) }
    const response = await post('/api/v1/chat/interact', body)
    return (await response.json()) as { data: { session_id: string } | null; error?: { code: string } }
  }
  const first = await say()
  const session = first.data?.session_id ?? ''
  expect((await say(session)).data?.session_id).toBe(session)
  expect(await say(session)).toMatchObject({ data: null, error: { code: 'SESSION_FULL' } })
  expect((await say()).data?.session_id).not.toBe(session)
  await configure('system_thresholds', 'max_conversation_turns', 50)
})

test('operators read who talks, and of a session its stack, slots and turns', async () => {
  const client = createClient({ baseUrl: address, token })
  const say = (input: string, session?: { session_id: string }) =>
    client.call('chatInteract', { body: { user_id: 'seen', input, ...session } })
  const { session_id } = await say('我想订一张明天去上海的机票')
  await say('先帮我订后天北京的酒店', { session_id })
  const { items } = await client.call('conversationList', { query: { user_id: 'seen' } })
  const seen = { session_id, user_id: 'seen', turns: 2, current_intent: 'booking_hotel' }
  expect(items).toMatchObject([{ ...seen, status: 'active' }])
  const [newest] = (await client.call('conversationList', { query: { limit: 1 } })).items
  expect(newest).toEqual(items[0])

  const read = () => client.call('conversationRead', { params: { session_id } })
  const { conversation, context, stack, slots, history, keys } = await read()
  expect(conversation).toEqual(newest)
  expect(context).toMatchObject({ user_id: 'seen', current_intent: 'booking_hotel' })
  expect(stack?.frames).toMatchObject([
    { intent: 'booking_flight', status: 'interrupted', slots: { arrival_city: '上海' } },
    { intent: 'booking_hotel', status: 'active', slots: { city: '北京' } },
  ])
  expect(slots.values).toContainEqual(
    expect.objectContaining({ slot: 'check_in_date', said: '后天', status: 'valid' }),
  )
  expect(slots.filled).toBe(slots.values.length)
  expect(history.map(({ turn, said, intent }) => [turn, said, intent])).toEqual([
    [1, '我想订一张明天去上海的机票', 'booking_flight'],
    [2, '先帮我订后天北京的酒店', 'booking_hotel'],
  ])
  expect(keys).toHaveLength(4)
  expect(keys).toContain(`intent_system:stack:${session_id}`)

  // Nothing is open in a session that has run out; what was said is still there.
  const over = `UPDATE sessions SET expires_at = now() - interval '1 hour' WHERE session_id = $1`
  await assistant.database.query(over, [session_id])
  await assistant.cache.invalidate({ tags: [`session:${session_id}`] })
  expect(await read()).toMatchObject({
    conversation: { status: 'expired' },
    context: null,
    stack: null,
    history,
  })
  await expect(
    client.call('conversationRead', { params: { session_id: 'sess_nobody' } }),
  ).rejects.toMatchObject({ status: 404 })
})
