import { createOpenAI as createOpenAI6 } from '@ai-sdk/openai'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import * as sdk6 from 'ai'
import * as sdk7 from 'ai-7'
import { createOpenAI as createOpenAI7 } from 'ai-sdk-openai-7'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayRig, startGateway } from './gateway-rig.ts'

let rig: GatewayRig
beforeAll(async () => {
  rig = await startGateway()
})
beforeEach(() => rig.renew())
afterAll(() => rig.stop())

it('the ledger says what was spent and what was saved, to each tenant its own', async () => {
  const request = { model: 'gpt-4.1', messages: [{ role: 'user' as const, content: 'Hello' }] }
  await rig.openai.chat.completions.create(request)
  await rig.openai.chat.completions.create(request)
  await rig.openai.embeddings.create({ model: 'embed-3', input: ['a', 'b'] })
  await rig.openai.embeddings.create({ model: 'embed-3', input: ['b', 'c'] })
  const { app } = rig.running.service
  const token = await rig.running.token('viewer')
  const answer = await app.inject({ url: '/api/v1/ledger', headers: { authorization: `Bearer ${token}` } })
  const { data } = answer.json<{
    data: {
      rows: {
        tenant: string
        kind: string
        model: string
        calls: number
        input_tokens: number
        cost: number
      }[]
    }
  }>()
  const own = data.rows.filter(({ tenant }) => tenant === rig.tenant)
  expect(own.map(({ kind, model, calls, input_tokens: input }) => [kind, model, calls, input])).toEqual([
    ['spent', 'gpt-4.1', 1, 11],
    ['avoided', 'gpt-4.1', 1, 11],
    ['spent', 'embed-3', 3, 3],
    ['avoided', 'embed-3', 1, 0],
  ])
  const costs = own.filter(({ model }) => model === 'gpt-4.1').map(({ cost }) => cost)
  expect(costs[0]).toBeGreaterThan(0)
  expect(costs[1]).toBe(costs[0])
  const metrics = await app.inject({ url: '/metrics' })
  expect(metrics.body).toMatch(/reprise_model_calls\{kind="avoided"\} [1-9]/)
})

describe('responses and embeddings with the official client', () => {
  it('keeps a response, streamed or not', async () => {
    rig.upstream.manner.text = 'one two'
    const stream = rig.openai.responses.stream({ model: 'gpt-5', input: 'Hello' })
    const deltas: string[] = []
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta))
    const streamed = await stream.finalResponse()
    expect(deltas).toEqual(['one ', 'two'])
    const whole = await rig.openai.responses.create({
      model: 'gpt-5',
      input: [{ role: 'user', content: 'Hello' }],
    })
    expect([whole.id, whole.output_text]).toEqual([streamed.id, 'one two'])
    const replayed = await rig.openai.responses.stream({ model: 'gpt-5', input: 'Hello' }).finalResponse()
    expect([replayed.output_text, replayed.usage?.total_tokens]).toEqual(['one two', 0])
    expect(rig.upstream.asked).toHaveLength(1)
  })

  it('goes past the cache where the answer is more than its text', async () => {
    for (const extra of [
      { background: true },
      { tools: [{ type: 'code_interpreter' as const, container: { type: 'auto' as const } }] },
    ]) {
      const { response } = await rig.openai.responses
        .create({ model: 'gpt-5', input: 'Hello', ...extra })
        .withResponse()
      expect(response.headers.get('cache-status')).toMatch(/fwd=bypass; detail=(background|hosted-tool)/)
    }
  })

  it('asks for the embeddings that are missing and no others', async () => {
    const embed = (input: string[]) => rig.openai.embeddings.create({ model: 'embed-3', input })
    const first = await embed(['a', 'bb'])
    expect(first.data.map(({ embedding }) => embedding)).toEqual([
      [1, 0.5, -0.25],
      [2, 0.5, -0.25],
    ])
    const second = await embed(['bb', 'ccc', 'a'])
    expect(second.data.map(({ embedding }) => embedding[0])).toEqual([2, 3, 1])
    expect(second.usage.total_tokens).toBe(1)
    expect(rig.upstream.asked.map(({ body }) => body['input'])).toEqual([['a', 'bb'], ['ccc']])
  })
})

describe('openai, AI SDK 6, AI SDK 7 and LangChain share', () => {
  function clients() {
    const { baseUrl: baseURL, tenant, openai } = rig
    const headers = { 'x-reprise-tenant': tenant }
    const at = { baseURL, apiKey: openai.apiKey ?? '' }
    const configuration = { baseURL, defaultHeaders: headers }
    return {
      openai,
      six: createOpenAI6({ ...at, headers }),
      seven: createOpenAI7({ ...at, headers }),
      langchain: { apiKey: at.apiKey, configuration, maxRetries: 0 },
    }
  }

  it('a response', async () => {
    const { openai, six, seven, langchain } = clients()
    const prompt = 'Hello'
    const chain = new ChatOpenAI({ ...langchain, model: 'gpt-4o', useResponsesApi: true })
    const texts = [
      (await openai.responses.create({ model: 'gpt-4o', input: prompt })).output_text,
      (await sdk6.generateText({ model: six.responses('gpt-4o'), prompt, maxRetries: 0 })).text,
      (await sdk7.generateText({ model: seven.responses('gpt-4o'), prompt, maxRetries: 0 })).text,
      (await chain.invoke(prompt)).text,
    ]
    expect(texts).toEqual(Array(4).fill('answer 1'))
    expect(rig.upstream.asked).toHaveLength(1)
  })

  it('the embedding of a text, alone or among others', async () => {
    const { openai, six, seven, langchain } = clients()
    const chain = new OpenAIEmbeddings({ ...langchain, model: 'embed-3' })
    const values = ['a', 'bb']
    const vectors = [
      (await openai.embeddings.create({ model: 'embed-3', input: values })).data[1]?.embedding,
      (await sdk6.embedMany({ model: six.embedding('embed-3'), values, maxRetries: 0 })).embeddings[1],
      (await sdk7.embed({ model: seven.embedding('embed-3'), value: 'bb', maxRetries: 0 })).embedding,
      await chain.embedQuery('bb'),
    ]
    expect(vectors).toEqual(vectors.map(() => [2, 0.5, -0.25]))
    expect(rig.upstream.asked).toHaveLength(1)
  })
})
