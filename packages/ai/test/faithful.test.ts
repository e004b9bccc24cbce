import type { LanguageModelV3GenerateResult, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { read, settle, usage } from './model.ts'
import { ask, endOf, useRig } from './rig.ts'

const rig = useRig()

describe('faithful', () => {
  const rich: LanguageModelV3GenerateResult = {
    content: [
      { type: 'reasoning', text: 'thinking', providerMetadata: { anthropic: { signature: 'sig' } } },
      { type: 'text', text: 'look:', providerMetadata: { openai: { itemId: 'i1' } } },
      { type: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2, 255]) },
      { type: 'source', sourceType: 'url', id: 's1', url: 'https://a.b', title: 'A' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{"at":"left"}' },
      { type: 'tool-call', toolCallId: 'c2', toolName: 'search', input: '{}', providerExecuted: true },
      { type: 'tool-result', toolCallId: 'c2', toolName: 'search', result: { $date: 5 } },
    ],
    finishReason: { unified: 'tool-calls', raw: 'tool_use' },
    usage,
    providerMetadata: { anthropic: { cacheCreationInputTokens: 5 } },
    request: { body: { secret: true } },
    response: {
      id: 'r1',
      modelId: 'm-1-2026',
      timestamp: new Date(5_000),
      headers: { 'set-cookie': 'x' },
      body: {},
    },
    warnings: [{ type: 'other', message: 'careful' }],
  }
  const withoutCache = ({ usage: _usage, providerMetadata, ...rest }: LanguageModelV3GenerateResult) => {
    const { reprise: _mark, ...others } = providerMetadata ?? {}
    return { ...rest, providerMetadata: others }
  }

  test('a hit of a call without a stream is what the model said, without usage, headers and bodies', async () => {
    rig.upstream.answer = async () => structuredClone(rich)
    const model = rig.wrapped()
    const first = await model.doGenerate(ask())
    expect(withoutCache(first)).toEqual(withoutCache(rich))
    expect(first.usage).toEqual(usage)
    const hit = await model.doGenerate(ask())
    const { request: _request, ...kept } = withoutCache(rich)
    expect(withoutCache(hit)).toEqual({
      ...kept,
      response: { id: 'r1', modelId: 'm-1-2026', timestamp: new Date(5_000) },
    })
    expect(hit.usage.inputTokens).toEqual({ total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 })
    expect(JSON.stringify(await rig.cache.entries())).not.toContain('secret')
  })

  test('a hit cannot be changed by who got one before', async () => {
    const model = rig.wrapped()
    await model.doGenerate(ask())
    const [one, other] = await Promise.all([model.doGenerate(ask()), model.doGenerate(ask())])
    ;(one.content[0] as { text: string }).text = 'changed'
    expect(other.content).toEqual([{ type: 'text', text: 'answer 1' }])
    expect((await model.doGenerate(ask())).content).toEqual([{ type: 'text', text: 'answer 1' }])
  })

  test('what a follower of a stream does to a part is seen by nobody else and not kept', async () => {
    const parts = (): LanguageModelV3StreamPart[] => [
      { type: 'tool-result', toolCallId: 'c', toolName: 'look', result: { seen: [1] } },
      { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage },
    ]
    rig.upstream.parts = parts()
    const model = rig.wrapped()
    const [one, other] = await Promise.all([model.doStream(ask()), model.doStream(ask())])
    const spoil = (part: LanguageModelV3StreamPart | undefined): void => {
      if (part?.type === 'tool-result') (part.result as { seen: number[] }).seen.push(2)
    }
    spoil((await read(one.stream))[0])
    expect((await read(other.stream))[0]).toEqual(parts()[0])
    await settle()
    const replays = await Promise.all([model.doStream(ask()), model.doStream(ask())])
    spoil((await read(replays[0].stream))[0])
    expect((await read(replays[1].stream))[0]).toEqual(parts()[0])
    expect(rig.upstream.calls.length).toBe(1)
  })

  test('a stream is replayed with its tool calls, reasoning and metadata, and read as the same result', async () => {
    const parts: LanguageModelV3StreamPart[] = [
      { type: 'stream-start', warnings: [{ type: 'other', message: 'careful' }] },
      { type: 'response-metadata', id: 'r1', modelId: 'm-1-2026', timestamp: new Date(5_000) },
      { type: 'reasoning-start', id: 'a' },
      { type: 'reasoning-delta', id: 'a', delta: 'think' },
      { type: 'text-start', id: 'b' },
      { type: 'text-delta', id: 'b', delta: 'lo' },
      { type: 'reasoning-delta', id: 'a', delta: 'ing' },
      { type: 'reasoning-delta', id: 'a', delta: '', providerMetadata: { anthropic: { signature: 'sig' } } },
      { type: 'reasoning-end', id: 'a' },
      { type: 'text-delta', id: 'b', delta: 'ok' },
      { type: 'text-delta', id: 'b', delta: ':' },
      { type: 'text-end', id: 'b' },
      { type: 'tool-input-start', id: 'c1', toolName: 'look' },
      { type: 'tool-input-delta', id: 'c1', delta: '{}' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{}' },
      { type: 'file', mediaType: 'image/png', data: new Uint8Array([7]) },
      {
        type: 'finish',
        finishReason: { unified: 'tool-calls', raw: 'tool_use' },
        usage,
        providerMetadata: { x: { y: 1 } },
      },
    ]
    rig.upstream.parts = parts
    const model = rig.wrapped()
    const live = await read((await model.doStream(ask())).stream)
    expect(live.slice(0, -1)).toEqual(parts.slice(0, -1))
    await settle()
    const replayed = await read((await model.doStream(ask())).stream)
    const joined = parts.flatMap((part) =>
      part.type === 'text-delta' && part.delta === ':'
        ? []
        : part.type === 'text-delta' && part.delta === 'ok'
          ? [{ ...part, delta: 'ok:' }]
          : [part],
    )
    expect(replayed.slice(0, -1)).toEqual(joined.slice(0, -1))
    expect(endOf(replayed)).toMatchObject({
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      providerMetadata: { x: { y: 1 } },
    })
    const result = await model.doGenerate(ask())
    expect(withoutCache(result)).toEqual({
      content: [
        { type: 'reasoning', text: 'thinking', providerMetadata: { anthropic: { signature: 'sig' } } },
        { type: 'text', text: 'look:' },
        { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{}' },
        { type: 'file', mediaType: 'image/png', data: new Uint8Array([7]) },
      ],
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      providerMetadata: { x: { y: 1 } },
      response: { id: 'r1', modelId: 'm-1-2026', timestamp: new Date(5_000) },
      warnings: [{ type: 'other', message: 'careful' }],
    })
    expect(rig.upstream.calls.length).toBe(1)
  })
})
