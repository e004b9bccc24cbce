import { invalidateCalls } from '@reprise/ai'
import OpenAI, { AuthenticationError, PermissionDeniedError, RateLimitError } from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chatClients, conversations } from './chat-clients.ts'
import { type GatewayRig, startGateway } from './gateway-rig.ts'

let rig: GatewayRig
beforeAll(async () => {
  rig = await startGateway()
})
beforeEach(() => rig.renew())
afterAll(() => rig.stop())

const messages = [{ role: 'user' as const, content: 'Hello' }]

async function ask(extra: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {}, headers = {}) {
  const { data, response } = await rig.openai.chat.completions
    .create({ model: 'gpt-5', messages, ...extra }, { headers })
    .withResponse()
  return { data, status: response.headers.get('cache-status'), headers: response.headers }
}

async function collect(extra: Partial<OpenAI.ChatCompletionCreateParamsStreaming> = {}, client = rig.openai) {
  const stream = client.chat.completions.stream({ model: 'gpt-5', messages, ...extra })
  const deltas: string[] = []
  stream.on('content', (delta) => deltas.push(delta))
  const whole = await stream.finalChatCompletion()
  return { whole, deltas }
}

describe('chat completions with the official client', () => {
  it('asks the upstream once, with its own key and never the client’s', async () => {
    const first = await ask()
    expect(first.data.choices[0]?.message.content).toBe('answer 1')
    expect(first.data.usage?.total_tokens).toBe(18)
    expect(first.status).toMatch(/^Reprise; fwd=uri-miss; key="gateway:model_call:shop-\d+:gpt-5:/)
    const second = await ask()
    expect(second.data).toEqual({
      ...first.data,
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    })
    expect(second.status).toMatch(/^Reprise; hit; key=/)
    expect(second.headers.get('age')).toBe('0')
    expect(second.headers.get('x-reprise-avoided-tokens')).toBe('input=11, output=7')
    expect(rig.upstream.asked).toHaveLength(1)
    expect(rig.upstream.asked[0]?.headers.authorization).toBe('Bearer upstream-secret')
    expect(JSON.stringify(rig.upstream.asked[0]?.headers)).not.toContain(rig.openai.apiKey)
  })

  it('answers streams and whole answers from each other', async () => {
    rig.upstream.manner.text = 'one two three'
    const streamed = await collect()
    expect(streamed.deltas).toEqual(['one ', 'two ', 'three'])
    const whole = await ask()
    expect(whole.status).toContain('hit')
    expect(whole.data.choices).toEqual(
      streamed.whole.choices.map(({ message, ...rest }) => ({
        ...rest,
        message: { role: 'assistant', content: message.content, refusal: null },
      })),
    )
    const replayed = await collect()
    expect(replayed.deltas.join('')).toBe('one two three')
    expect(replayed.whole.id).toBe('chatcmpl-1')
    expect(rig.upstream.asked).toHaveLength(1)
  })

  it('knows a request by its bytes, and asks for its answer all the same', async () => {
    const spent = () =>
      Object.fromEntries(
        rig.ledger
          .snapshot()
          .rows.filter(({ tenant }) => tenant === rig.tenant)
          .map(({ kind, calls }) => [kind, calls]),
      )
    const first = await ask()
    const hits = [await ask(), await ask(), await ask()]
    for (const { data, status } of hits) {
      expect(data).toEqual(hits[0]?.data)
      expect(status).toBe(first.status?.replace('fwd=uri-miss', 'hit'))
    }
    expect(spent()).toEqual({ spent: 1, avoided: 3 })
    const streams = [await collect(), await collect(), await collect()]
    expect(streams.map(({ whole }) => whole.choices[0]?.message.content)).toEqual(Array(3).fill('answer 1'))
    expect(spent()).toEqual({ spent: 1, avoided: 6 })
    // The same bytes of another tenant are another request.
    const other = await rig.openaiOf(`${rig.tenant}-b`).chat.completions.create({ model: 'gpt-5', messages })
    expect(other.choices[0]?.message.content).toBe('answer 2')
    await invalidateCalls(rig.cache, { tenant: rig.tenant })
    expect((await ask()).data.choices[0]?.message.content).toBe('answer 3')
    expect((await ask()).status).toContain('hit')
    expect(rig.upstream.asked).toHaveLength(3)
  })

  it('gives figures in a stream to those who asked, and nothing to those who did not pay', async () => {
    const wanted = await collect({ stream_options: { include_usage: true } })
    expect(wanted.whole.usage?.total_tokens).toBe(18)
    expect((await collect({ stream_options: { include_usage: true } })).whole.usage?.total_tokens).toBe(0)
    expect((await collect()).whole.usage).toBeUndefined()
    expect(rig.upstream.asked).toHaveLength(1)
  })

  it('keeps tool calls, put together from their pieces', async () => {
    rig.upstream.manner.finish = 'tool'
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    ]
    const streamed = await collect({ tools })
    const { data, status } = await ask({ tools })
    expect(status).toContain('hit')
    expect(data.choices[0]?.message.tool_calls).toEqual([
      { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"上海"}' } },
    ])
    const [call] = streamed.whole.choices[0]?.message.tool_calls ?? []
    expect(call).toMatchObject({ id: 'call_1', function: { arguments: '{"city":"上海"}' } })
    const replayed = await collect({ tools })
    expect(replayed.whole.choices[0]?.message.tool_calls).toEqual(
      streamed.whole.choices[0]?.message.tool_calls,
    )
    expect(rig.upstream.asked).toHaveLength(1)
  })

  it('tells two images apart, and takes one image for itself however it is spelled', async () => {
    const look = (url: string) =>
      ask({
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What?' },
              { type: 'image_url', image_url: { url } },
            ],
          },
        ],
      })
    await look('data:image/png;base64,AAAA')
    await look('data:image/png;base64,BBBB')
    expect(rig.upstream.asked).toHaveLength(2)
    await look('data:image/png;base64,AAAA')
    expect(rig.upstream.asked).toHaveLength(2)
  })

  it('keeps no cut answer and no broken stream', async () => {
    rig.upstream.manner.finish = 'length'
    expect((await ask()).data.choices[0]?.finish_reason).toBe('length')
    rig.upstream.manner.finish = undefined
    rig.upstream.manner.breakAfter = 2
    await expect(collect()).rejects.toThrow(/broke off|terminated|ended/)
    rig.upstream.manner.breakAfter = undefined
    expect((await ask()).status).toContain('fwd=uri-miss')
    expect((await ask()).status).toContain('hit')
    expect(rig.upstream.asked).toHaveLength(3)
  })

  it('gives the upstream’s refusals on as they are, and keeps none', async () => {
    rig.upstream.manner.fail = {
      status: 429,
      retryAfter: '3',
      body: { error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    }
    const refused = await ask().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RateLimitError)
    expect(refused).toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      message: expect.stringContaining('slow down') as string,
    })
    expect((refused as RateLimitError).headers.get('retry-after')).toBe('3')
    await expect(collect()).rejects.toBeInstanceOf(RateLimitError)
    rig.upstream.manner.fail = undefined
    expect((await ask()).status).toContain('fwd=uri-miss')
  })

  it('lets a client’s own retries succeed', async () => {
    rig.upstream.manner.fail = { status: 500 }
    const patient = new OpenAI({
      apiKey: rig.openai.apiKey,
      baseURL: rig.baseUrl,
      maxRetries: 2,
      fetch: async (...call) => {
        const answer = await fetch(...call)
        rig.upstream.manner.fail = undefined
        return answer
      },
    })
    const answer = await patient.chat.completions.create({ model: 'gpt-5', messages })
    expect(answer.choices[0]?.message.content).toBe('answer 2')
  })

  it('honours Cache-Control', async () => {
    expect(
      await ask({}, { 'cache-control': 'only-if-cached' }).catch((error: unknown) => error),
    ).toMatchObject({ status: 504 })
    await ask()
    expect((await ask({}, { 'cache-control': 'only-if-cached' })).status).toContain('hit')
    expect((await ask({}, { 'cache-control': 'max-age=3600' })).status).toContain('hit')
    const past = await ask({}, { 'cache-control': 'no-store' })
    expect([past.status, past.data.choices[0]?.message.content]).toEqual([
      'Reprise; fwd=bypass; detail=no-store',
      'answer 2',
    ])
    const anew = await ask({}, { 'cache-control': 'no-cache' })
    expect(anew.status).toContain('fwd=request')
    expect((await ask()).data.choices[0]?.message.content).toBe('answer 3')
    await expect(ask({}, { 'cache-control': 'max-age=soon' })).rejects.toMatchObject({ status: 400 })
  })

  it('shares nothing between tenants, nor with a caller who names none', async () => {
    await ask()
    await rig.openaiOf('other').chat.completions.create({ model: 'gpt-5', messages })
    const nameless = new OpenAI({ apiKey: rig.openai.apiKey, baseURL: rig.baseUrl, maxRetries: 0 })
    const { response } = await nameless.chat.completions
      .create({ model: 'gpt-5', messages, seed: 3 })
      .withResponse()
    expect(response.headers.get('cache-status')).toMatch(/key="gateway:model_call:user%3A\d+:/)
    expect(rig.upstream.asked).toHaveLength(3)
  })

  it('refuses who may not call models, in words that the client understands', async () => {
    const viewer = new OpenAI({
      apiKey: await rig.running.token('viewer'),
      baseURL: rig.baseUrl,
      maxRetries: 0,
    })
    await expect(viewer.chat.completions.create({ model: 'gpt-5', messages })).rejects.toBeInstanceOf(
      PermissionDeniedError,
    )
    const nobody = new OpenAI({ apiKey: 'sk-none', baseURL: rig.baseUrl, maxRetries: 0 })
    await expect(nobody.chat.completions.create({ model: 'gpt-5', messages })).rejects.toBeInstanceOf(
      AuthenticationError,
    )
    expect(rig.upstream.asked).toHaveLength(0)
  })

  it('makes one call for 20 at once, streaming or not', async () => {
    let open!: () => void
    rig.upstream.manner.hold = new Promise((resolve) => (open = resolve))
    const streams = Array.from({ length: 10 }, () => collect())
    const wholes = Array.from({ length: 10 }, () => ask())
    await expect.poll(() => rig.upstream.asked.length, { timeout: 20_000 }).toBe(1)
    open()
    const texts = [
      ...(await Promise.all(streams)).map(({ whole }) => whole.choices[0]?.message.content),
      ...(await Promise.all(wholes)).map(({ data }) => data.choices[0]?.message.content),
    ]
    expect(new Set(texts)).toEqual(new Set(['answer 1']))
    expect(rig.upstream.asked).toHaveLength(1)
  })

  it('loses nothing when the client that began a stream goes away', async () => {
    let open!: () => void
    rig.upstream.manner.text = 'one two three'
    rig.upstream.manner.hold = new Promise((resolve) => (open = resolve))
    const leaving = await rig.openai.chat.completions.create({ model: 'gpt-5', messages, stream: true })
    const staying = collect()
    for await (const _ of leaving) break
    open()
    expect((await staying).whole.choices[0]?.message.content).toBe('one two three')
    expect((await ask()).status).toContain('hit')
    expect([rig.upstream.asked.length, rig.upstream.aborted()]).toEqual([1, 0])
  })
})

describe('openai, AI SDK 6, AI SDK 7 and LangChain, streaming or not, share the entry of', () => {
  it.for(Object.entries(conversations))('%s', async ([, conversation], { expect: own }) => {
    rig.upstream.manner.text = '{"city":"上海"}'
    const { tenant, baseUrl: baseURL, openai } = rig
    const at = { baseURL, apiKey: openai.apiKey ?? '', headers: { 'x-reprise-tenant': tenant } }
    for (const streams of [false, true])
      for (const { name, ask: askThrough } of chatClients)
        own([name, await askThrough(at, conversation, streams)]).toEqual([name, '{"city":"上海"}'])
    own(rig.upstream.asked.map(({ body }) => body)).toHaveLength(1)
    // Each of them asks for what it alone wants.
    for (const { name, ask: askThrough } of chatClients) {
      const other = [{ user: `${name} asks` }, ...conversation.turns]
      await askThrough(at, { ...conversation, turns: other }, false)
    }
    own(rig.upstream.asked).toHaveLength(1 + chatClients.length)
  })
})
