// The contract of document 000: every template, a key of it after a scripted conversation, and who leaves a document there.
// `conversation`: a turn does · `call`: an answered call does · `rows`: made of the database when it is asked for ·
// `figures`, `events`, `logs`: what goes on in the background does.
import { type Server, createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { intentCatalog } from '../src/catalog/catalog.ts'
import { lives } from '../src/catalog/ttl.ts'
import { businessDay } from '../src/figures/business-day.ts'
import { type TravelApi, createTravelApi } from '../src/travel-api/server.ts'
import { type Member, type Place, idOf, openPlace, until } from './processes.ts'

type Template = keyof typeof lives
type Producer = 'conversation' | 'call' | 'rows' | 'figures' | 'events' | 'logs'

const user = 'enterprise_user_001'
const today = businessDay(new Date()).compact

/** `$session`, `$conversation`, `$nlu`, … are found out after the conversation. */
const contract: readonly (readonly [Template, string, Producer])[] = [
  ['session', 'session_context:$session', 'conversation'],
  ['session_basic', 'session:$session', 'conversation'],
  ['intent_recognition', '$nlu', 'conversation'],
  ['intent_config', 'intent_config:booking_flight', 'conversation'],
  ['user_profile', `user_profile:${user}`, 'conversation'],
  ['conversation_history', 'history:$session:20', 'conversation'],
  ['slot_definitions', 'slot_definitions:booking_flight', 'rows'],
  ['function_def', 'function_def:book_flight_api', 'conversation'],
  ['transfer_history', 'transfer_history:$session:20', 'rows'],
  ['stack', 'stack:$session', 'conversation'],
  ['stats_session', `stats:session:${user}`, 'figures'],
  ['rate_limit', 'rate_limit:ragflow', 'conversation'],
  ['ragflow_config', 'config:system_thresholds', 'conversation'],
  ['query_history', 'query_history:$session', 'conversation'],
  ['param_schemas', 'param_schemas:book_flight_api', 'call'],
  ['session_patterns', 'session_patterns:$session', 'rows'],
  ['enhanced_query', '$enhanced', 'conversation'],
  ['slot_dependencies', 'slot_dependencies:$intent', 'conversation'],
  ['slot_values', 'slot_values:$conversation', 'conversation'],
  ['slot_value_record', '$slot_value', 'conversation'],
  ['entity_types', 'entity_types:all', 'conversation'],
  ['entity_type', 'entity_type:city', 'rows'],
  ['entity_dictionary', 'entity_dict:city', 'conversation'],
  ['response_types', 'response_types:success', 'rows'],
  ['response_type', 'response_type:slot_prompt', 'conversation'],
  ['conversation_status_all', 'conv_status:all', 'conversation'],
  ['conversation_status', 'conv_status:completed', 'rows'],
  ['system_configs', 'system_config:security', 'rows'],
  ['prompt_templates', 'prompt_templates:$prompts', 'rows'],
  ['slot_extraction_rules', 'slot_rules:$slot', 'rows'],
  ['async_log_status', 'async_log_status:api_call', 'logs'],
  ['cache_invalidation', 'cache_invalidation:intents:$intent', 'events'],
  ['api_result', '$api_result', 'call'],
  ['stats_system_realtime', 'stats:system:realtime', 'figures'],
  ['cache_invalidation_notifications', 'cache_invalidation:notifications', 'events'],
  ['enterprise_users_active', 'enterprise:users:active', 'figures'],
  ['cost_center_daily', `cost_center:CC1001:daily:${today}`, 'figures'],
  ['cache_performance_hourly', 'cache:performance:hourly', 'figures'],
]

let place: Place
let travel: TravelApi
let rag: Server
let one: Member
let two: Member
let session = ''
const found = new Map<string, string>()
const prefix = `${intentCatalog.prefix}:`

const fill = (key: string): string =>
  `${key.startsWith('$') ? '' : prefix}${key.replaceAll(/\$\w+/g, (name) => found.get(name) ?? name)}`

async function say(input: string) {
  const reply = await one.client.call('chatInteract', {
    body: {
      user_id: user,
      input,
      ...(session === '' ? {} : { session_id: session }),
      context: {
        device_info: { platform: 'web', language: 'zh-CN' },
        location: { city: '北京', timezone: 'Asia/Shanghai' },
        client_system_id: 'enterprise_portal_v2.1',
        request_trace_id: 'req_trace_1',
        business_context: { department: 'sales', cost_center: 'CC1001' },
        temp_preferences: { currency: 'USD' },
      },
    },
  })
  session = reply.session_id
  return reply
}

async function keyOf(pattern: string): Promise<string> {
  const [, keys] = await place.redis.scan('0', 'MATCH', `${prefix}${pattern}`, 'COUNT', 10_000)
  return keys.toSorted((left, right) => left.localeCompare(right))[0] ?? ''
}

async function first(table: string, field: string, value: string): Promise<Record<string, unknown>> {
  const { rows } = await one.client.call('configList', { params: { table }, query: { page_size: '200' } })
  return rows.find((row) => row[field] === value) ?? {}
}

beforeAll(async () => {
  place = await openPlace('contract', 12)
  travel = createTravelApi({ token: 'secret' })
  rag = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer":"每位旅客可带一件行李。"}')
  })
  rag.listen(0, '127.0.0.1')
  await once(rag, 'listening')
  const address = await travel.listen(0)
  one = await place.start({ travel: address })
  two = await place.start({ travel: address })
  const { port } = rag.address() as AddressInfo
  const settings = { api_endpoint: `http://127.0.0.1:${port}/ask`, is_active: true }
  for (const [name, config_value] of Object.entries(settings)) {
    const { rows } = await one.client.call('configList', {
      params: { table: 'system_configs' },
      query: { page_size: '200' },
    })
    const row = rows.find(({ category, config_key }) => category === 'ragflow' && config_key === name) ?? {}
    const params = { table: 'system_configs', id: idOf(row) }
    await one.client.call('configChange', { params, body: { values: { config_value } } })
  }
  const intent = await first('intents', 'intent_name', 'booking_flight')
  const change = {
    params: { table: 'intents', id: idOf(intent) },
    body: { values: { priority: 11 }, reason: '提高优先级' },
  }
  await one.client.call('configChange', change)
  found.set('$intent', idOf(intent))
  found.set('$slot', idOf(await first('slots', 'slot_name', 'departure_date')))
  const prompts = await one.client.call('configList', { params: { table: 'prompt_templates' } })
  found.set('$prompts', (prompts.rows[0]?.['template_type'] as string | undefined) ?? '')
})
afterAll(async () => {
  await place.close()
  await travel.close()
  rag.close()
})

test('the scripted conversation', async () => {
  expect(await say('我想订一张明天去上海的机票')).toMatchObject({ missing_slots: ['departure_city'] })
  expect(await say('查一下我的信用卡余额')).toMatchObject({
    intent: 'check_balance',
    api_result: { account: '信用卡' },
  })
  expect(await say('北京')).toMatchObject({ next_action: 'confirm' })
  expect(await say('确认')).toMatchObject({
    status: 'completed',
    api_result: { order_id: expect.any(String) as string },
  })
  await say('行李托运的重量规定是什么？')
  expect(travel.orders()).toHaveLength(1)
  await one.assistant.backstage.logs.run()

  const { rows } = await one.assistant.database.query<{ id: number }>(
    `SELECT c.id FROM conversations c JOIN slot_values v ON v.conversation_id = c.id ORDER BY c.id LIMIT 1`,
  )
  found.set('$session', session)
  found.set('$conversation', `conv_${rows[0]?.id}`)
  found.set('$nlu', await keyOf(`nlu_result:*:${user}`))
  found.set('$slot_value', await keyOf(`slot_value:conv_${rows[0]?.id}:*`))
  found.set('$api_result', await keyOf('api_result:check_balance_api:*'))
  found.set('$enhanced', await keyOf('enhanced_query:*'))
})

test('has every template of the catalog', () => {
  expect(contract.map(([template]) => template).toSorted()).toEqual(
    intentCatalog.spaces.map(({ name }) => name as Template).toSorted(),
  )
})

test.each(contract)('%s: %s, left by %s', async (template, pattern, producer) => {
  const key = fill(pattern)
  expect(intentCatalog.parse(key)?.space.name).toBe(template)
  if (['rows', 'figures'].includes(producer)) await one.client.call('document', { query: { key } })

  // What another program sees: plain JSON of the documented shape, at the documented key, for the documented time.
  const text = await place.redis.get(key)
  expect(text).not.toBeNull()
  const document = JSON.parse(text ?? 'null') as object
  const schema = intentCatalog.find(template).space.schema
  expect((await schema?.['~standard'].validate(document))?.issues).toBeUndefined()
  const left = await place.redis.ttl(key)
  expect(left).toBeLessThanOrEqual(lives[template].seconds)
  expect(left).toBeGreaterThan(lives[template].seconds - 60)
  if (Array.isArray(document)) expect(document.length).toBeGreaterThan(0)
  expect(text).not.toContain('"Bearer secret"')

  // What another program writes there is understood by a process that did not make it.
  await one.assistant.cache.invalidate({ keys: [key] })
  const mark = (value: object): object => ({ ...value, written_by: 'another program' })
  const foreign = Array.isArray(document)
    ? document.map((item) => mark(item as object))
    : mark({ ...document, _cache: undefined })
  await place.redis.set(key, JSON.stringify(foreign), 'EX', 60)
  await until(async () => {
    const read = await two.client.call('document', { query: { key } })
    return JSON.stringify(read.document).includes('"written_by":"another program"')
  })
  expect((await two.client.call('document', { query: { key } })).document).toEqual(
    JSON.parse(JSON.stringify(foreign)),
  )
})

test.each(['session:$session', 'session_context:$session', 'stack:$session', 'history:$session:20'])(
  '%s is made of the rows where the entry is gone',
  async (pattern) => {
    const key = fill(pattern)
    await one.assistant.cache.invalidate({ keys: [key] })
    await place.redis.del(key)
    const { document } = await one.client.call('document', { query: { key } })
    const schema = intentCatalog.parse(key)?.space.space.schema
    expect((await schema?.['~standard'].validate(document))?.issues).toBeUndefined()
    expect(JSON.stringify(document)).toContain(pattern.startsWith('history') ? '北京' : session)
    expect(await place.redis.exists(key)).toBe(1)
    const unknown = key.replace(session, 'sess_no_such_one')
    if (!pattern.startsWith('history')) {
      await expect(one.client.call('document', { query: { key: unknown } })).rejects.toMatchObject({
        status: 404,
      })
    }
  },
)
