import type { AIMessageChunk } from '@langchain/core/messages'
import { describe, expect, test } from 'vitest'
import { shareChatModel } from '../src/langchain/chat-model.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import {
  StandInModel,
  hello,
  nothing,
  openaiTool,
  paid,
  says,
  sdkTool,
  told,
  tokensOf,
  useChainRig,
} from './langchain-rig.ts'
import { read, said, settle, streamOf } from './model.ts'
import { endOf, textOf } from './rig.ts'

const rig = useChainRig()
const { manner, chain } = rig

test('a hit of LangChain’s own is the message that it was, without usage', async () => {
  manner.answer = () =>
    says({
      content: [{ type: 'text', text: 'look:' }],
      tool_calls: [{ id: 'c1', name: 'weather', args: { city: '上海' } }],
      additional_kwargs: { reasoning_content: 'think' },
      response_metadata: { ...told, finish_reason: 'tool_calls', system_fingerprint: 'fp-1' },
    })
  const given = { tools: [openaiTool] }
  const first = await chain().invoke('hello', given as never)
  const hit = await chain().invoke('hello', given as never)
  expect(manner.asked.length).toBe(1)
  expect([hit.content, hit.tool_calls, hit.id, hit.additional_kwargs]).toEqual([
    first.content,
    first.tool_calls,
    first.id,
    first.additional_kwargs,
  ])
  expect(hit.response_metadata).toMatchObject({ system_fingerprint: 'fp-1', finish_reason: 'tool_calls' })
  expect([first.usage_metadata, hit.usage_metadata]).toEqual([paid, nothing])
  const sdk = await rig.wrapped().doGenerate({ prompt: [hello], tools: [sdkTool] })
  expect(sdk.content).toEqual([
    { type: 'reasoning', text: 'think' },
    { type: 'text', text: 'look:' },
    { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"上海"}' },
  ])
  expect(sdk.finishReason.unified).toBe('tool-calls')
})

test('tool calls and reasoning of the AI SDK come as those of a message', async () => {
  rig.upstream.answer = async () => ({
    ...said('look:'),
    content: [
      { type: 'reasoning', text: 'think' },
      { type: 'text', text: 'look:' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"上海"}' },
    ],
    finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
  })
  await rig.wrapped().doGenerate({ prompt: [hello], tools: [sdkTool] })
  const hit = await chain().invoke('hello', { tools: [openaiTool] } as never)
  expect(hit.content).toBe('look:')
  expect(hit.tool_calls).toMatchObject([{ id: 'c1', name: 'weather', args: { city: '上海' } }])
  expect(hit.additional_kwargs).toEqual({ reasoning_content: 'think' })
})

describe('streams', () => {
  const collect = async (model = chain(), options = {}) => {
    const chunks: AIMessageChunk[] = []
    for await (const chunk of await model.stream('hello', options)) chunks.push(chunk)
    return chunks.reduce((whole, chunk) => whole.concat(chunk))
  }

  test('are shared with the AI SDK, either way, and with calls without', async () => {
    const first = await collect()
    expect([first.content, tokensOf(first)]).toEqual(['one two', 15])
    const { stream } = await rig.wrapped().doStream({ prompt: [hello] })
    const parts = await read(stream)
    expect(textOf(parts)).toBe('one two')
    expect(endOf(parts).usage.inputTokens.total).toBe(0)
    expect((await chain().invoke('hello')).content).toBe('one two')
    expect([manner.asked.length, rig.upstream.calls.length]).toEqual([1, 0])
    rig.upstream.parts = streamOf('three ', 'four')
    await read((await rig.wrapped().doStream({ prompt: [hello], seed: 2 })).stream)
    const followed = await collect(chain({ seed: 2 }))
    expect([followed.content, tokensOf(followed)]).toEqual(['three four', 0])
    expect(followed.response_metadata).toMatchObject({ finish_reason: 'stop', reprise: { cache: 'hit' } })
    expect(manner.asked.length).toBe(1)
  })

  test('bring tool calls, put together from their pieces', async () => {
    manner.pieces = [
      {
        tool_call_chunks: [
          { type: 'tool_call_chunk', index: 0, id: 'c1', name: 'weather', args: '{"city":' },
        ],
      },
      { tool_call_chunks: [{ type: 'tool_call_chunk', index: 0, args: '"上海"}' }] },
    ]
    const given = { tools: [openaiTool] }
    for (const whole of [await collect(chain(), given), await collect(chain(), given)])
      expect(whole.tool_calls).toMatchObject([{ id: 'c1', name: 'weather', args: { city: '上海' } }])
    expect(manner.asked.length).toBe(1)
  })

  test('one that runs is followed by a caller of the other library', async () => {
    const leading = rig.wrapped().doStream({ prompt: [hello] })
    await settle()
    const feed = rig.upstream.feeds[0]
    const following = chain().stream('hello')
    const [first, rest] = [streamOf('now').slice(0, 3), streamOf('now').slice(3)]
    feed?.push(...first)
    const iterator = (await following)[Symbol.asyncIterator]()
    expect((await iterator.next()).value?.content).toBe('now')
    feed?.push(...rest)
    feed?.end()
    await read((await leading).stream)
    while ((await iterator.next()).done !== true);
    expect([manner.asked.length, rig.upstream.calls.length]).toEqual([0, 1])
  })
})

test('calls at once are one call, entered once', async () => {
  const ledger = createLedger()
  const models = Array.from({ length: 20 }, () => chain({}, { ledger }))
  const answers = await Promise.all(models.map(async (model) => model.invoke('hello')))
  expect(new Set(answers.map(({ content }) => content))).toEqual(new Set(['answer 1']))
  const { totals } = ledger.snapshot()
  expect([totals.spent.calls, totals.coalesced.calls, totals.spent.input]).toEqual([1, 19, 10])
})

test.for([{ finish_reason: 'length' }, { finish_reason: 'content_filter' }])(
  'an answer that ended with %j is given and not kept',
  async (ended) => {
    manner.answer = () => says({ content: 'half', response_metadata: ended })
    await chain().invoke('hello')
    await chain().invoke('hello')
    expect(manner.asked.length).toBe(2)
  },
)

test('an answer that the AI SDK cannot say is given and not kept', async () => {
  manner.answer = () =>
    says({
      content: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: 'data:,x' },
      ],
    })
  await chain().invoke('hello')
  expect((await chain().invoke('hello')).content).toHaveLength(2)
  expect(manner.asked.length).toBe(2)
})

test('errors come as they are, and a closed cache is no reason for one', async () => {
  manner.answer = () => {
    throw new Error('overloaded')
  }
  await expect(chain().invoke('hello')).rejects.toThrow('overloaded')
  manner.answer = () => says({ content: 'whole' })
  const model = chain()
  await rig.cache.close()
  expect((await model.invoke('hello')).content).toBe('whole')
})

test('what bindTools makes anew goes through the cache too; a provider has to be named', async () => {
  class Renewing extends StandInModel {
    override bindTools(tools: object[]): this {
      const made = new Renewing({ manner, settings: { ...this.settings, tools } })
      return made as this
    }
  }
  const options = { cache: rig.cache, tenant: 'shop', provider: 'stand-in' }
  const bound = shareChatModel(new Renewing({ manner }), options).bindTools([openaiTool])
  await bound.invoke('hello')
  await bound.invoke('hello')
  expect(manner.asked.length).toBe(1)
  expect(() => shareChatModel(new StandInModel({ manner }), { ...options, provider: '' })).toThrow(
    expect.objectContaining({ code: 'E_CALL_OPTION' }),
  )
})
