import type {
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'
import type { Cache } from '@reprise/cache'
import { generateText, streamText, wrapLanguageModel } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheModelCalls } from '../src/ai-sdk/middleware.ts'
import type { CallNote, MiddlewareOptions } from '../src/ai-sdk/settings.ts'
import { type StandIn, open, read, said, settle, standIn, streamOf, usage } from './model.ts'

let cache: Cache
let upstream: StandIn
let notes: CallNote[]

beforeEach(async () => {
  cache = await open()
  upstream = standIn()
  notes = []
})
afterEach(() => cache.close())

const ask = (text = 'hello', more: Partial<LanguageModelV3CallOptions> = {}): LanguageModelV3CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
})
const wrapped = (options: Partial<MiddlewareOptions> = {}) =>
  wrapLanguageModel({
    model: upstream,
    middleware: cacheModelCalls({ cache, tenant: 'shop', onNote: (note) => notes.push(note), ...options }),
  })
const own = (result: { providerMetadata?: Record<string, unknown> | undefined }) =>
  result.providerMetadata?.['reprise']
const last = (parts: readonly LanguageModelV3StreamPart[]) =>
  parts.at(-1) as Extract<LanguageModelV3StreamPart, { type: 'finish' }>
const text = (parts: readonly LanguageModelV3StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')

describe('one call for all', () => {
  test('20 identical calls at once are 1 call of the model; one pays', async () => {
    const model = wrapped()
    const results = await Promise.all(Array.from({ length: 20 }, async () => model.doGenerate(ask())))
    expect(upstream.calls.length).toBe(1)
    expect(results.map(({ content }) => content)).toEqual(
      Array(20).fill([{ type: 'text', text: 'answer 1' }]),
    )
    expect(results.reduce((sum, result) => sum + (result.usage.inputTokens.total ?? 0), 0)).toBe(10)
    expect(results.map((result) => (own(result) as { cache: string }).cache).toSorted()).toEqual([
      'miss',
      ...Array(19).fill('shared'),
    ])
  })

  test('20 identical streams at once are 1 call of the model; late ones get what was and follow on', async () => {
    const model = wrapped()
    const early = Array.from({ length: 10 }, async () => read((await model.doStream(ask())).stream))
    await settle()
    const parts = streamOf('one ', 'two ', 'three')
    upstream.feeds[0]?.push(...parts.slice(0, 3))
    await settle()
    const late = Array.from({ length: 10 }, async () => read((await model.doStream(ask())).stream))
    await settle()
    upstream.feeds[0]?.push(...parts.slice(3))
    upstream.feeds[0]?.end()
    const all = await Promise.all([...early, ...late])
    expect(upstream.calls.length).toBe(1)
    for (const one of all) expect(one.slice(0, -1)).toEqual(parts.slice(0, -1))
    expect(all.reduce((sum, one) => sum + (last(one).usage.outputTokens.total ?? 0), 0)).toBe(5)
  })

  test('parts are given as they come, not at the end', async () => {
    const { stream } = await (async () => {
      const opened = wrapped().doStream(ask())
      await settle()
      upstream.feeds[0]?.push(...streamOf('first').slice(0, 3))
      return opened
    })()
    const reader = stream.getReader()
    const seen = [await reader.read(), await reader.read(), await reader.read()]
    expect(seen.at(-1)?.value).toEqual({ type: 'text-delta', id: '0', delta: 'first' })
    upstream.feeds[0]?.end()
  })

  test('streams and calls without one share a call and an entry', async () => {
    const model = wrapped()
    const stream = model.doStream(ask())
    await settle()
    const result = model.doGenerate(ask())
    upstream.feeds[0]?.push(...streamOf('one ', 'two'))
    upstream.feeds[0]?.end()
    await read((await stream).stream)
    expect((await result).content).toEqual([{ type: 'text', text: 'one two' }])
    expect(text(await read((await model.doStream(ask())).stream))).toBe('one two')
    expect(upstream.calls.length).toBe(1)
  })

  test('the same through generateText and streamText', async () => {
    const model = wrapped()
    const first = await generateText({ model, prompt: 'hello' })
    const again = await generateText({ model, prompt: 'hello', headers: { 'user-agent': 'another' } })
    const streamed = streamText({ model, prompt: 'hello' })
    expect([first.text, again.text, await streamed.text]).toEqual(['answer 1', 'answer 1', 'answer 1'])
    expect([first.usage.totalTokens, again.usage.totalTokens, (await streamed.usage).totalTokens]).toEqual([
      15, 0, 0,
    ])
    expect(own(again)).toMatchObject({ cache: 'hit', avoided: { inputTokens: 10, outputTokens: 5 } })
  })
})

describe('who leaves', () => {
  test('the first client leaves a stream: it goes on for the others and is kept', async () => {
    const model = wrapped()
    const leaving = new AbortController()
    const first = model.doStream(ask('hello', { abortSignal: leaving.signal }))
    await settle()
    upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
    const firstRead = read((await first).stream)
    const second = read((await model.doStream(ask())).stream)
    leaving.abort(new Error('gone'))
    await expect(firstRead).rejects.toThrow('gone')
    upstream.feeds[0]?.push(...streamOf('two').slice(2))
    upstream.feeds[0]?.end()
    expect(text(await second)).toBe('one two')
    expect(upstream.feeds[0]?.params.abortSignal?.aborted).toBe(false)
  })

  test('all clients leave: the call is finished and kept, and who comes meanwhile attaches', async () => {
    const model = wrapped()
    const { stream } = await (async () => {
      const opened = model.doStream(ask())
      await settle()
      upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
      return opened
    })()
    await stream.cancel()
    await settle()
    const late = read((await model.doStream(ask())).stream)
    upstream.feeds[0]?.push(...streamOf('two').slice(2))
    upstream.feeds[0]?.end()
    expect(text(await late)).toBe('one two')
    expect((await model.doGenerate(ask())).usage.outputTokens.total).toBe(0)
    expect(upstream.calls.length).toBe(1)
  })

  test('with onAbandon abort the last to leave ends the call, and nothing is kept', async () => {
    await cache.close()
    cache = await open({ onAbandon: 'abort' })
    const model = wrapped()
    const opened = model.doStream(ask())
    await settle()
    upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
    await (await opened).stream.cancel()
    await settle()
    expect(upstream.feeds[0]?.params.abortSignal?.aborted).toBe(true)
    upstream.parts = streamOf('new')
    expect(text(await read((await model.doStream(ask())).stream))).toBe('new')
    expect(upstream.calls.length).toBe(2)
  })

  test('a caller that leaves a call without a stream gets its reason, the others the answer', async () => {
    let finish!: (result: LanguageModelV3GenerateResult) => void
    upstream.answer = async () => new Promise((resolve) => (finish = resolve))
    const leaving = new AbortController()
    const model = wrapped()
    const first = model.doGenerate(ask('hello', { abortSignal: leaving.signal }))
    const second = model.doGenerate(ask())
    await settle()
    leaving.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    finish(said('kept'))
    expect((await second).content).toEqual([{ type: 'text', text: 'kept' }])
    expect(upstream.calls.length).toBe(1)
  })
})

describe('what fails', () => {
  test('an error of the model is given as it is, to all who wait, and the next call tries again', async () => {
    const failure = Object.assign(new Error('rate limited'), { statusCode: 429 })
    upstream.answer = async () => Promise.reject(failure)
    const model = wrapped()
    const results = await Promise.allSettled([model.doGenerate(ask()), model.doGenerate(ask())])
    expect(results.map((result) => result.status === 'rejected' && result.reason === failure)).toEqual([
      true,
      true,
    ])
    expect(upstream.calls.length).toBe(1)
    upstream.answer = async () => said('well')
    expect((await model.doGenerate(ask())).content).toEqual([{ type: 'text', text: 'well' }])
  })

  test('a stream that breaks gives what came and then its error, and is not kept', async () => {
    const model = wrapped()
    const opened = model.doStream(ask())
    await settle()
    upstream.feeds[0]?.push(...streamOf('half').slice(0, 3))
    const { stream } = await opened
    const reader = stream.getReader()
    for (let part = 0; part < 3; part += 1) await reader.read()
    upstream.feeds[0]?.fail(new Error('connection reset'))
    await expect(reader.read()).rejects.toThrow('connection reset')
    upstream.parts = streamOf('whole')
    expect(text(await read((await model.doStream(ask())).stream))).toBe('whole')
    expect(upstream.calls.length).toBe(2)
  })

  test('a stream without its end, and one with an error part, are given and not kept', async () => {
    const model = wrapped()
    upstream.parts = streamOf('no end').slice(0, 4)
    expect(text(await read((await model.doStream(ask())).stream))).toBe('no end')
    const error = new Error('overloaded')
    upstream.parts = [...streamOf('bad').slice(0, 3), { type: 'error', error }, ...streamOf('bad').slice(4)]
    const parts = await read((await model.doStream(ask())).stream)
    expect(parts.find((part) => part.type === 'error')?.error).toBe(error)
    upstream.parts = streamOf('good')
    expect(text(await read((await model.doStream(ask())).stream))).toBe('good')
    expect(notes.map(({ reason }) => reason)).toEqual(['interrupted', 'interrupted'])
  })

  test('a truncated answer is given to all who wait and not kept', async () => {
    upstream.answer = async () => ({ ...said('cut'), finishReason: { unified: 'length', raw: 'length' } })
    const model = wrapped()
    const results = await Promise.all([model.doGenerate(ask()), model.doGenerate(ask())])
    expect(results.map(({ finishReason }) => finishReason.unified)).toEqual(['length', 'length'])
    await settle()
    await model.doGenerate(ask())
    expect(upstream.calls.length).toBe(2)
  })

  test('a closed cache, a call without a key, a wrong option: the model is asked', async () => {
    const model = wrapped()
    const wrong = ask('hello', { providerOptions: { reprise: { regenrate: true } } })
    expect((await model.doGenerate(wrong)).content).toEqual([{ type: 'text', text: 'answer 1' }])
    expect((await model.doGenerate(ask('half \ud83d'))).content).toEqual([{ type: 'text', text: 'answer 2' }])
    expect(notes.map(({ reason }) => reason)).toEqual(['option', 'error'])
    expect(notes[0]?.error).toMatchObject({
      code: 'E_CALL_OPTION',
      message: expect.stringContaining('regenrate') as string,
    })
    await cache.close()
    expect((await model.doGenerate(ask())).content).toEqual([{ type: 'text', text: 'answer 3' }])
    upstream.parts = streamOf('still here')
    expect(text(await read((await model.doStream(ask())).stream))).toBe('still here')
  })

  test('a tenant that cannot be told leaves the cache alone', async () => {
    const model = wrapped({ tenant: () => undefined })
    await model.doGenerate(ask())
    await model.doGenerate(ask())
    expect(upstream.calls.length).toBe(2)
    expect(notes[0]?.error).toMatchObject({ code: 'E_CALL_FIELD' })
    expect(() => wrapped({ tenant: '' })).toThrow(expect.objectContaining({ code: 'E_CALL_OPTION' }))
  })

  test('an answer that is too large is given to all who wait and not kept', async () => {
    await cache.close()
    cache = await open({ maxAnswerBytes: 1_000 })
    upstream.answer = async () => said('x'.repeat(2_000))
    const model = wrapped()
    const results = await Promise.all([model.doGenerate(ask()), model.doGenerate(ask())])
    expect(results.map(({ content }) => content.length)).toEqual([1, 1])
    await settle()
    await model.doGenerate(ask())
    expect(upstream.calls.length).toBe(2)
  })
})

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
    upstream.answer = async () => structuredClone(rich)
    const model = wrapped()
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
    expect(JSON.stringify(await cache.entries())).not.toContain('secret')
  })

  test('a hit cannot be changed by who got one before', async () => {
    const model = wrapped()
    await model.doGenerate(ask())
    const [one, other] = await Promise.all([model.doGenerate(ask()), model.doGenerate(ask())])
    ;(one.content[0] as { text: string }).text = 'changed'
    expect(other.content).toEqual([{ type: 'text', text: 'answer 1' }])
    expect((await model.doGenerate(ask())).content).toEqual([{ type: 'text', text: 'answer 1' }])
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
    upstream.parts = parts
    const model = wrapped()
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
    expect(last(replayed)).toMatchObject({
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
    expect(upstream.calls.length).toBe(1)
  })
})
