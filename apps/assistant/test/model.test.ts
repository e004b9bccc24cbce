import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import { createModelRecogniser } from '../src/recognise/model.ts'
import { type Bench, openBench, saturday } from './setup.ts'

interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: {
    readonly model: string
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly response_format?: { readonly type: string; readonly json_schema: { readonly schema: unknown } }
  }
}

// Speaks the chat-completions protocol; `answer` is what the model says, or a status, or silence.
const silence = Symbol('silence')
let answer: string | number | typeof silence = ''
const asked: Asked[] = []
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked['body']
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, body })
    if (answer === silence) return
    response.setHeader('content-type', 'application/json')
    if (typeof answer === 'number') {
      response.statusCode = answer
      response.end(JSON.stringify({ error: { message: 'no', type: 'invalid_request_error' } }))
      return
    }
    const message = { role: 'assistant', content: answer }
    response.end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_795_000_000,
        model: body.model,
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      }),
    )
  })
})
let bench: Bench
let baseUrl: string

beforeAll(async () => {
  bench = await openBench()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await bench.close()
})

async function recognise(
  says: typeof answer,
  options: { model?: () => Promise<string>; timeout?: number; signal?: AbortSignal } = {},
) {
  answer = says
  asked.length = 0
  const failures: unknown[] = []
  const recogniser = createModelRecogniser({
    baseUrl,
    apiKey: 'sk-test',
    model: options.model ?? 'test-model',
    fallback: createEmbeddedRecogniser(),
    onFailure: (error) => failures.push(error),
    timeout: options.timeout ?? 10_000,
  })
  const text = '我想订一张明天去魔都的机票'
  const recognition = await recogniser.recognise({
    text,
    knowledge: bench.knowledge,
    ...saturday,
    signal: options.signal,
  })
  return { recognition, failures }
}

const good = {
  intent: 'booking_flight',
  confidence: 0.97,
  slots: [
    { name: 'arrival_city', value: 'Shanghai', original_text: '魔都' },
    { name: 'departure_date', value: '2026-11-22', original_text: '明天' },
  ],
  only_values: false,
}

test('asks the model that is named at the time of the sentence', async () => {
  const { recognition } = await recognise(JSON.stringify(good), { model: async () => 'the-best-one' })
  expect([recognition.model, asked[0]?.body.model]).toEqual(['the-best-one', 'the-best-one'])
})

test('asks with the intents and today, and takes the answer by the dictionaries', async () => {
  const { recognition, failures } = await recognise(JSON.stringify(good))
  expect(failures).toEqual([])
  expect(recognition).toMatchObject({
    model: 'test-model',
    confidence: 0.97,
    intent: { intent_name: 'booking_flight', display_name: '机票预订', confidence: 0.97 },
    slots: {
      arrival_city: {
        normalized_value: '上海',
        canonical_form: '上海市',
        source: 'llm',
        original_text: '魔都',
      },
      departure_date: { value: '明天', normalized_value: '2026-11-22', source: 'llm' },
    },
  })
  const [request] = asked
  expect(request).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-test' })
  expect(request?.body.model).toBe('test-model')
  expect(request?.body.response_format?.type).toBe('json_schema')
  expect(JSON.stringify(request?.body.response_format)).toContain('check_balance')
  expect(request?.body.messages[0]?.content).toContain('Today is 2026-11-21')
})

test('no intent, and one below its threshold, is no intent', async () => {
  const none = await recognise(JSON.stringify({ ...good, intent: 'none', slots: [] }))
  expect(none.recognition).toMatchObject({ intent: null, slots: {}, model: 'test-model' })
  const unsure = await recognise(JSON.stringify({ ...good, confidence: 0.5 }))
  expect(unsure.recognition).toMatchObject({ intent: null, confidence: 0.5, slots: {} })
})

test('several intents are candidates, each with its own slots, the likeliest first', async () => {
  const others = [
    { intent: 'booking_train', confidence: 0.99 },
    { intent: 'none', confidence: 0.2 },
    { intent: 'check_balance', confidence: 0.1 },
  ]
  const { recognition } = await recognise(JSON.stringify({ ...good, others }))
  expect(recognition.intent).toMatchObject({ intent_name: 'booking_train', confidence: 0.99 })
  expect(recognition.candidates?.map(({ intent_name, confidence }) => [intent_name, confidence])).toEqual([
    ['booking_train', 0.99],
    ['booking_flight', 0.97],
    ['check_balance', 0.1],
  ])
  expect(recognition.candidates?.map(({ slots }) => Object.keys(slots))).toEqual([
    ['arrival_city', 'departure_date'],
    ['arrival_city', 'departure_date'],
    [],
  ])
})

test('two intents of the model that are as likely are a question to the user', async () => {
  const recogniser = createModelRecogniser({
    baseUrl,
    model: 'test-model',
    fallback: createEmbeddedRecogniser(),
  })
  const own = await openBench({ recogniser })
  answer = JSON.stringify({
    ...good,
    confidence: 0.9,
    others: [{ intent: 'booking_train', confidence: 0.88 }],
  })
  const { decision } = await own.say('明天去上海的票')
  expect(decision.status).toBe('ambiguous')
  expect(decision.candidates.map(({ intent }) => intent)).toEqual(['booking_flight', 'booking_train'])
  await own.close()
})

test('what the assistant is not for is not offered to the model', async () => {
  await recognise(JSON.stringify(good))
  expect(JSON.stringify(asked[0]?.body)).not.toContain('out_of_scope')
})

test.each([
  ['an intent that there is not', JSON.stringify({ ...good, intent: 'launch_rocket' })],
  ['text instead of JSON', 'Sure! You want to fly.'],
  ['a refusal', 401],
  ['nothing in time', silence],
] as const)('the embedded recogniser answers after %s, and the result says so', async (_, says) => {
  const { recognition, failures } = await recognise(says, says === silence ? { timeout: 200 } : {})
  expect(failures).toHaveLength(1)
  expect(recognition).toMatchObject({ model: 'embedded', intent: { intent_name: 'booking_flight' } })
  expect(recognition.slots['arrival_city']?.normalized_value).toBe('上海')
})

test('who leaves gets no fallback', async () => {
  await expect(recognise(silence, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
})

test('what stood in for the model is not kept: the model is asked again', async () => {
  const recogniser = createModelRecogniser({
    baseUrl,
    model: 'test-model',
    fallback: createEmbeddedRecogniser(),
  })
  const own = await openBench({ recogniser })
  answer = 401
  expect((await own.say('我想订一张明天去魔都的机票')).decision.intent).toBe('booking_flight')
  answer = JSON.stringify({ ...good, intent: 'check_balance', slots: [] })
  expect((await own.say('我想订一张明天去魔都的机票')).decision.intent).toBe('check_balance')
  answer = 401
  expect((await own.say('我想订一张明天去魔都的机票')).decision.intent).toBe('check_balance')
  await own.close()
})
