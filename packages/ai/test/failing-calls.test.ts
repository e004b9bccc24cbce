import type { LanguageModelV3CallOptions, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import type { Cache } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { wrapLanguageModel } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheModelCalls } from '../src/ai-sdk/middleware.ts'
import type { CallNote, MiddlewareOptions } from '../src/ai-sdk/settings.ts'
import { type StandIn, open, read, said, settle, standIn, streamOf } from './model.ts'

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
const text = (parts: readonly LanguageModelV3StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')

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

  test('a call that never ends is given up at its hard limit, with what came of it', async () => {
    await cache.close()
    const clock = createFakeClock()
    cache = await open({ hardLimit: '1m' }, { clock })
    upstream.answer = async () => new Promise(() => {})
    const model = wrapped()
    const result = model.doGenerate(ask('one'))
    const opened = model.doStream(ask('two'))
    await settle()
    upstream.feeds[0]?.push(...streamOf('half').slice(0, 3))
    const { stream } = await opened
    const outcomes = Promise.allSettled([result, read(stream)])
    await clock.advance(60_000)
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'E_LOADER_TIMEOUT' } },
      { status: 'rejected', reason: { code: 'E_LOADER_TIMEOUT' } },
    ])
    expect(upstream.calls.map(({ abortSignal }) => abortSignal?.aborted)).toEqual([true, true])
  })
})
