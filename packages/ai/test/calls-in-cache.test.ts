import type { LanguageModelV3CallOptions } from '@ai-sdk/provider'
import { createFakeClock } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { type CallInvalidation, invalidateCalls } from '../src/call-tags.ts'
import { read, settle, standIn, streamOf } from './model.ts'
import { useRig } from './rig.ts'

const rig = useRig()

const image = new Uint8Array([9, 9, 9])
const ask = (more: Partial<LanguageModelV3CallOptions> = {}): LanguageModelV3CallOptions => ({
  prompt: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'hello' },
        { type: 'file', mediaType: 'image/png', data: image },
        { type: 'file', mediaType: 'text/plain', data: new URL('https://docs.example/a.txt') },
      ],
    },
  ],
  tools: [{ type: 'function', name: 'look', inputSchema: {} }],
  providerOptions: { reprise: { prompt: { id: 'coach', version: 'v7' }, documents: ['doc-1'] } },
  ...more,
})
describe('invalidation', () => {
  test.for<[string, CallInvalidation]>([
    ['prompt', { prompt: { id: 'coach' } }],
    ['prompt version', { prompt: { id: 'coach', version: 'v7' } }],
    ['model', { model: 'm-1' }],
    ['tool', { tool: 'look' }],
    ['document', { document: 'doc-1' }],
    ['document by its bytes', { document: image }],
    ['document by its URL', { document: new URL('https://docs.example/a.txt') }],
    ['tenant', { tenant: 'shop' }],
  ])('by %s', async ([, target]) => {
    const model = rig.wrapped()
    await model.doGenerate(ask())
    await model.doGenerate(ask())
    expect(rig.upstream.calls.length).toBe(1)
    await invalidateCalls(rig.cache, target)
    await model.doGenerate(ask())
    expect(rig.upstream.calls.length).toBe(2)
  })

  test.for<[string, CallInvalidation]>([
    ['prompt', { prompt: { id: 'critic' } }],
    ['prompt version', { prompt: { id: 'coach', version: 'v6' } }],
    ['a prompt whose name looks like a version', { prompt: { id: 'coach@v7' } }],
    ['model', { model: 'm-2' }],
    ['tool', { tool: 'loo' }],
    ['document', { document: 'doc-2' }],
    ['tenant', { tenant: 'shop-2' }],
  ])('another %s leaves it', async ([, target]) => {
    const model = rig.wrapped()
    await model.doGenerate(ask())
    await invalidateCalls(rig.cache, target)
    await model.doGenerate(ask())
    expect(rig.upstream.calls.length).toBe(1)
  })

  test('of nothing is refused', async () => {
    await expect(invalidateCalls(rig.cache, {})).rejects.toMatchObject({ code: 'E_CALL_OPTION' })
  })

  test('while a stream runs: who had it keeps it, who comes after gets a new one, and the old one is not kept', async () => {
    const model = rig.wrapped()
    const before = model.doStream(ask())
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('old').slice(0, 3))
    await before
    await invalidateCalls(rig.cache, { prompt: { id: 'coach' } })
    const after = model.doStream(ask())
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('').slice(3))
    rig.upstream.feeds[0]?.end()
    await settle()
    rig.upstream.feeds[1]?.push(...streamOf('new'))
    rig.upstream.feeds[1]?.end()
    const text = async (opened: ReturnType<typeof model.doStream>) =>
      (await read((await opened).stream))
        .map((part) => (part.type === 'text-delta' ? part.delta : ''))
        .join('')
    expect(await text(before)).toBe('old')
    expect(await text(after)).toBe('new')
    await settle()
    expect(await text(model.doStream(ask()))).toBe('new')
    expect(rig.upstream.calls.length).toBe(2)
  })
})

describe('whose', () => {
  test('tenants, scopes and models share nothing', async () => {
    const other = standIn('m-2')
    await rig.wrapped().doGenerate(ask())
    await rig.wrapped({ tenant: 'shop-2' }).doGenerate(ask())
    await rig.wrapped({ scope: 'user-1' }).doGenerate(ask())
    await rig.wrapped({}, other).doGenerate(ask())
    await rig.wrapped({ configurationVersion: '2' }).doGenerate(ask())
    expect([rig.upstream.calls.length, other.calls.length]).toEqual([4, 1])
    await rig.wrapped({ scope: () => 'user-1' }).doGenerate(ask())
    await rig
      .wrapped()
      .doGenerate(
        ask({ providerOptions: { reprise: { tenant: 'shop-2', prompt: { id: 'coach', version: 'v7' } } } }),
      )
    expect(rig.upstream.calls.length).toBe(4)
  })
})

describe('variety', () => {
  const says = async (
    model: ReturnType<typeof rig.wrapped>,
    reprise: Record<string, string | number | boolean> = {},
    temperature = 0.7,
  ) =>
    (await model.doGenerate(ask({ temperature, providerOptions: { reprise } }))).content.map((part) =>
      part.type === 'text' ? part.text : '',
    )[0]

  test('several answers are kept, and drawn', async () => {
    const draws = [0, 0.4, 0.99, 0, 0.5, 0.9]
    let draw = 0
    const model = rig.wrapped({ variety: [{ answers: 3 }], random: () => draws[(draw += 1) - 1] as number })
    const answers: (string | undefined)[] = []
    for (let call = 0; call < 6; call += 1) answers.push(await says(model))
    expect(answers).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 1', 'answer 2', 'answer 3'])
    expect(await says(model, { answer: 1 })).toBe('answer 2')
    expect(rig.upstream.calls.length).toBe(3)
    expect(await says(model, { answer: 3 })).toBe('answer 4')
    expect(await says(model, { answer: 3 })).toBe('answer 5')
  })

  test('a temperature of which nothing is kept asks the model each time', async () => {
    const model = rig.wrapped({ variety: [{ upTo: 0.5, answers: 1 }, { answers: 0 }] })
    expect([await says(model), await says(model)]).toEqual(['answer 1', 'answer 2'])
    expect([await says(model, {}, 0.5), await says(model, {}, 0.5)]).toEqual(['answer 3', 'answer 3'])
  })

  test('regenerate asks the model and takes the place of the answer', async () => {
    const model = rig.wrapped()
    expect(await says(model)).toBe('answer 1')
    expect(await says(model, { regenerate: true })).toBe('answer 2')
    expect(await says(model)).toBe('answer 2')
    expect(await Promise.all([says(model, { regenerate: true }), says(model, { regenerate: true })])).toEqual(
      ['answer 3', 'answer 3'],
    )
  })

  test('regenerate while the call is made: a new one, whose answer stays', async () => {
    const model = rig.wrapped()
    const finish: ((text: string) => void)[] = []
    rig.upstream.answer = async () => {
      const text = await new Promise<string>((resolve) => finish.push(resolve))
      return {
        content: [{ type: 'text', text }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      }
    }
    const first = says(model)
    await settle()
    const second = says(model, { regenerate: true })
    await settle()
    const third = says(model)
    finish[1]?.('new')
    await settle()
    finish[0]?.('old')
    expect([await first, await second, await third]).toEqual(['old', 'new', 'new'])
    expect(await says(model)).toBe('new')
  })

  test('a regeneration that fails says so, and the old answer stays', async () => {
    const model = rig.wrapped()
    expect(await says(model)).toBe('answer 1')
    const answer = rig.upstream.answer
    rig.upstream.answer = async () => Promise.reject(new Error('overloaded'))
    await expect(says(model, { regenerate: true })).rejects.toThrow('overloaded')
    rig.upstream.answer = answer
    expect(await says(model)).toBe('answer 1')
  })

  test('cache: false leaves the cache alone', async () => {
    const model = rig.wrapped()
    expect([await says(model), await says(model, { cache: false }), await says(model)]).toEqual([
      'answer 1',
      'answer 2',
      'answer 1',
    ])
  })
})

describe('old answers', () => {
  test('staleIfError gives the old answer when the model fails before its first part', async () => {
    const clock = createFakeClock()
    await rig.reopen({ ttl: '1m', staleIfError: '1h' }, { clock })
    const model = rig.wrapped({ clock })
    await model.doGenerate(ask())
    await clock.advance(120_000)
    rig.upstream.answer = async () => Promise.reject(new Error('overloaded'))
    const result = await model.doGenerate(ask())
    expect(result.providerMetadata?.['reprise']).toMatchObject({ cache: 'hit', age: 120_000 })
    expect(result.usage.inputTokens.total).toBe(0)
  })
})

describe('replay', () => {
  test('paced: a word at a time', async () => {
    const clock = createFakeClock()
    rig.upstream.parts = streamOf('one two ', 'three')
    await read((await rig.wrapped().doStream(ask())).stream)
    const { stream } = await rig.wrapped({ clock, replay: { every: '20ms' } }).doStream(ask())
    const seen: string[] = []
    const reading = (async () => {
      for await (const part of stream) if (part.type === 'text-delta') seen.push(part.delta)
    })()
    await clock.advance(20)
    expect(seen).toEqual(['one'])
    await clock.advance(40)
    expect(seen.join('')).toBe('one two three')
    await reading
  })
})
