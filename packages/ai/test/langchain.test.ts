import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import { type BaseChatModelParams, BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import { type Cache, createCache, defineCatalog } from '@reprise/cache'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { invalidateCalls } from '../src/call-tags.ts'
import { type LangChainCacheOptions, langchainCache } from '../src/langchain/cache.ts'
import { langchainSpace } from '../src/langchain/space.ts'

let cache: Cache
let asked: BaseMessage[][]
let notes: string[]
let answer: () => AIMessage

beforeEach(async () => {
  const catalog = defineCatalog({ prefix: 'chain', spaces: [langchainSpace({ ttl: '1h' })] })
  cache = await createCache({ catalog, sweepEvery: 0 })
  asked = []
  notes = []
  answer = () => says({ content: `answer ${asked.length}`, response_metadata: { finish_reason: 'stop' } })
})
afterEach(() => cache.close())

/** A message of a model; the class leaves `usage_metadata` out of its own types. */
const says = (fields: object): AIMessage => new AIMessage(fields)

class StandInModel extends BaseChatModel {
  temperature: number
  constructor({ temperature = 0, ...params }: BaseChatModelParams & { temperature?: number }) {
    super(params)
    this.temperature = temperature
  }
  override _llmType(): string {
    return 'stand-in'
  }
  override _identifyingParams(): Record<string, unknown> {
    return { model_name: 'm-1', temperature: this.temperature }
  }
  override async _generate(
    messages: BaseMessage[],
    _options: this['ParsedCallOptions'],
    _manager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    asked.push(messages)
    const message = answer()
    return { generations: [{ text: message.text, message, generationInfo: { logprobs: [0.5] } }] }
  }
}
const model = (options: Partial<LangChainCacheOptions> = {}, temperature = 0) =>
  new StandInModel({
    temperature,
    cache: langchainCache({
      cache,
      tenant: 'shop',
      onNote: ({ reason }) => notes.push(reason),
      ...options,
    }),
  })

test('a hit is the message that the model gave, with tool calls and metadata, and no usage', async () => {
  answer = () =>
    says({
      content: [{ type: 'text', text: 'look:' }],
      id: 'msg-1',
      tool_calls: [{ id: 'c1', name: 'look', args: { at: 'left' } }],
      additional_kwargs: { reasoning_content: 'think' },
      response_metadata: { finish_reason: 'tool_calls', model: 'm-1-2026', tokenUsage: { totalTokens: 15 } },
      usage_metadata: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    })
  const first = await model().invoke('hello')
  const hit = await model().invoke('hello')
  expect(asked.length).toBe(1)
  expect(hit).toBeInstanceOf(AIMessage)
  expect(hit.content).toEqual(first.content)
  expect(hit.tool_calls).toEqual(first.tool_calls)
  expect([hit.id, hit.additional_kwargs]).toEqual([first.id, first.additional_kwargs])
  expect(hit.response_metadata).toEqual({ finish_reason: 'tool_calls', model: 'm-1-2026', logprobs: [0.5] })
  expect(hit.usage_metadata).toEqual({ input_tokens: 0, output_tokens: 0, total_tokens: 0 })
  expect(first.usage_metadata).toMatchObject({ total_tokens: 15 })
})

test.for([
  [{ finish_reason: 'length' }],
  [{ stop_reason: 'max_tokens' }],
  [{ finishReason: 'SAFETY' }],
  [{ finish_reason: 'something new' }],
])('an answer that ended with %j is not kept', async ([metadata]) => {
  answer = () => says({ content: 'half', response_metadata: { ...metadata } })
  await model().invoke('hello')
  await model().invoke('hello')
  expect(asked.length).toBe(2)
  expect(notes).toContain('refused')
})

test('images are not in the text that LangChain shows its cache: such calls go past it', async () => {
  const shows = (url: string) =>
    new HumanMessage({
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url } },
      ],
    })
  const first = await model().invoke([shows('data:image/png;base64,AAAA')])
  const second = await model().invoke([shows('data:image/png;base64,BBBB')])
  expect([first.content, second.content]).toEqual(['answer 1', 'answer 2'])
  expect(notes).toContain('hidden-content')
})

test('tenants, settings of the model, prompts and questions share nothing', async () => {
  await model().invoke('hello')
  await model({ tenant: 'shop-2' }).invoke('hello')
  await model({}, 0.7).invoke('hello')
  await model({ prompt: { id: 'coach', version: 'v2' } }).invoke('hello')
  await model().invoke('hello!')
  await model().invoke('hello', { stop: ['END'] })
  expect(asked.length).toBe(6)
  await model().invoke('hello')
  await model({ tenant: () => 'shop-2' }).invoke('hello')
  expect(asked.length).toBe(6)
})

test('a tenant that cannot be told, and a closed cache: the model is asked', async () => {
  await model({ tenant: () => undefined }).invoke('hello')
  await model({ tenant: () => undefined }).invoke('hello')
  expect(asked.length).toBe(2)
  const open = model()
  await cache.close()
  expect((await open.invoke('hello')).content).toBe('answer 3')
  expect(notes).toContain('error')
  expect(() => langchainCache({ cache, tenant: '' })).toThrow(
    expect.objectContaining({ code: 'E_CALL_OPTION' }),
  )
})

test.for([{ model: 'm-1' }, { prompt: { id: 'coach' } }, { tenant: 'shop' }])(
  'it is invalidated by %j',
  async (target) => {
    const own = model({ prompt: { id: 'coach', version: 'v1' } })
    await own.invoke('hello')
    await own.invoke('hello')
    await invalidateCalls(cache, target)
    await own.invoke('hello')
    expect(asked.length).toBe(2)
  },
)

test('what a caller does to a hit is seen by nobody else', async () => {
  await model().invoke('hello')
  const hit = await model().invoke('hello')
  hit.content = 'changed'
  expect((await model().invoke('hello')).content).toBe('answer 1')
})
