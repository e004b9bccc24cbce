import type { LanguageModelV3CallOptions } from '@ai-sdk/provider'
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { describe, expect, test } from 'vitest'
import { cacheModelCallsV4 } from '../src/ai-sdk/middleware.ts'
import type { SharedChatOptions } from '../src/langchain/chat-model.ts'
import { hello, nothing, openaiTool, says, schema, sdkTool, useChainRig, user } from './langchain-rig.ts'
import { said } from './model.ts'
import { markOf } from './rig.ts'

const rig = useChainRig()
const { manner, chain } = rig

interface Case {
  readonly name: string
  readonly messages: readonly BaseMessage[]
  readonly settings?: object
  readonly options?: object
  readonly params: LanguageModelV3CallOptions
}

/** One request, as LangChain and as the AI SDK say it. */
const cases: readonly Case[] = [
  { name: 'a question', messages: [new HumanMessage('hello')], params: { prompt: [hello] } },
  {
    name: 'instructions and settings',
    messages: [new SystemMessage('be short'), new HumanMessage([{ type: 'text', text: 'hello' }])],
    settings: { temperature: 0.2, top_p: 0.9, max_tokens: 100, seed: 7, frequency_penalty: 0.1, user: 'u-1' },
    options: { stop: ['END'] },
    params: {
      prompt: [{ role: 'system', content: 'be short' }, hello],
      temperature: 0.2,
      topP: 0.9,
      maxOutputTokens: 100,
      seed: 7,
      frequencyPenalty: 0.1,
      stopSequences: ['END'],
    },
  },
  {
    name: 'tools and a choice',
    messages: [new HumanMessage('hello')],
    options: { tools: [openaiTool], tool_choice: 'required' },
    params: { prompt: [hello], tools: [sdkTool], toolChoice: { type: 'required' } },
  },
  {
    name: 'results of tools',
    messages: [
      new HumanMessage('hello'),
      new AIMessage({ content: '', tool_calls: [{ id: 'c1', name: 'weather', args: { city: '上海' } }] }),
      new ToolMessage({ content: 'sunny', tool_call_id: 'c1' }),
    ],
    params: {
      prompt: [
        hello,
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: '上海' } }],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'c1',
              toolName: 'weather',
              output: { type: 'text', value: 'sunny' },
            },
          ],
        },
      ],
    },
  },
  {
    name: 'an image',
    messages: [
      new HumanMessage({
        content: [
          { type: 'text', text: 'What?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      }),
    ],
    params: {
      prompt: [
        user(
          { type: 'text', text: 'What?' },
          { type: 'file', mediaType: 'image/png', data: new Uint8Array([0, 0, 0]) },
        ),
      ],
    },
  },
  {
    name: 'JSON of a schema',
    messages: [new HumanMessage('hello')],
    options: { response_format: { type: 'json_schema', json_schema: { name: 'place', schema } } },
    params: { prompt: [hello], responseFormat: { type: 'json', name: 'place', schema } },
  },
]

describe('one request is one entry', () => {
  test.for(cases)('$name, of AI SDK 6 first', async ({ messages, settings, options, params }) => {
    rig.upstream.answer = async () => said('{"city":"上海"}')
    await rig.wrapped().doGenerate(params)
    const hit = await chain(settings).invoke([...messages], options)
    expect([hit.content, manner.asked.length]).toEqual(['{"city":"上海"}', 0])
    expect(hit.usage_metadata).toEqual(nothing)
    expect(hit.response_metadata).toMatchObject({ finish_reason: 'stop', reprise: { cache: 'hit' } })
  })

  test.for(cases)('$name, of LangChain first', async ({ messages, settings, options, params }) => {
    manner.answer = () => says({ content: '{"city":"上海"}' })
    await chain(settings).invoke([...messages], options)
    const v4 = cacheModelCallsV4({ cache: rig.cache, tenant: 'shop' })
    const call = {
      model: rig.upstream,
      doGenerate: async () => said('never'),
      doStream: async () => undefined,
    }
    for (const hit of [await rig.wrapped().doGenerate(params), await v4.wrapGenerate({ ...call, params })]) {
      expect(hit.content).toEqual([{ type: 'text', text: '{"city":"上海"}' }])
      expect(hit.finishReason).toEqual({ unified: 'stop', raw: 'stop' })
      expect(markOf(hit)).toMatchObject({ cache: 'hit', avoided: { inputTokens: 10, outputTokens: 5 } })
    }
    expect([manner.asked.length, rig.upstream.calls.length]).toEqual([1, 0])
  })

  test('what differs shares nothing', async () => {
    const ask = (text: string, settings: object = {}, options: Partial<SharedChatOptions> = {}, given = {}) =>
      chain(settings, options).invoke([new HumanMessage(text)], given)
    await ask('hello')
    await ask('hello!')
    await ask('hello', { temperature: 0.5 })
    await ask('hello', { reasoning_effort: 'high' })
    await ask('hello', {}, { tenant: 'shop-2' })
    await ask('hello', {}, { provider: 'another' })
    await ask('hello', {}, { model: 'm-2' })
    await ask('hello', {}, { call: { prompt: { id: 'coach', version: 'v2' } } })
    await ask('hello', {}, {}, { stop: ['END'] })
    await ask('hello', {}, {}, { tools: [openaiTool] })
    const image = (url: string) => new HumanMessage({ content: [{ type: 'image_url', image_url: { url } }] })
    await chain().invoke([image('data:image/png;base64,AAAA')])
    await chain().invoke([image('data:image/png;base64,BBBB')])
    expect(manner.asked.length).toBe(12)
    await ask('hello', { stream: true, user: 'u-2' })
    expect(manner.asked.length).toBe(12)
  })
})
