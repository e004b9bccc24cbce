import type { JSONObject } from '@ai-sdk/provider'
import { createFakeClock } from '@reprise/cache/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { invalidateCalls } from '../src/call-tags.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import { sameFigures } from '../src/semantic/guard.ts'
import { memorySemanticStore } from '../src/semantic/memory-store.ts'
import type { SemanticOptions } from '../src/semantic/semantic-options.ts'
import type { SemanticTier } from '../src/semantic/semantic-tier.ts'
import { read, said, settle, standIn, streamOf } from './model.ts'
import { ask, endOf, markOf, textOf, useRig } from './rig.ts'
import { type LikeMark, embed, tierOf } from './semantic-rig.ts'

const rig = useRig()
let semantic: SemanticTier
const tier = (options: Partial<SemanticOptions> = {}): SemanticTier => (semantic = tierOf(options))
beforeEach(() => void tier())

async function asked(text: string, options: JSONObject = {}, model = rig.wrapped({ semantic })) {
  const result = await model.doGenerate(ask(text, { providerOptions: { reprise: options } }))
  await semantic.idle()
  const [part] = result.content
  return { text: part?.type === 'text' ? part.text : undefined, mark: markOf(result) as LikeMark, result }
}

describe('a like question', () => {
  test('has the answer that is kept, told as such and not paid for', async () => {
    const ledger = createLedger()
    const model = rig.wrapped({ semantic, ledger })
    await asked('where', {}, model)
    const like = await asked('where ~0.97', {}, model)
    expect(like.text).toBe('answer 1')
    expect(like.mark).toMatchObject({
      cache: 'similar',
      similar: { question: 'where', verified: false },
      avoided: { inputTokens: 10, outputTokens: 5 },
    })
    expect(like.mark?.similar?.similarity).toBeCloseTo(0.97)
    expect(like.result.usage.inputTokens.total).toBe(0)
    expect(rig.upstream.calls.length).toBe(1)
    const { spent, similar, avoided } = ledger.snapshot().totals
    expect([spent.calls, similar.calls, similar.input, avoided.calls]).toEqual([1, 1, 10, 0])
  })

  test('is a question of its own below the threshold, and where no tier is given', async () => {
    await asked('where')
    expect((await asked('where ~0.94')).text).toBe('answer 2')
    expect((await asked('where ~0.99', {}, rig.wrapped())).text).toBe('answer 3')
  })

  test('has it as a stream, too, and 20 at once look for it once', async () => {
    let embedded = 0
    tier({ embed: async (text) => ((embedded += 1), embed(text)) })
    await asked('where')
    const model = rig.wrapped({ semantic })
    const streams = await Promise.all(
      Array.from({ length: 20 }, async () => read((await model.doStream(ask('where ~0.97'))).stream)),
    )
    for (const parts of streams) expect(textOf(parts)).toBe('answer 1')
    expect(endOf(streams[19] ?? []).providerMetadata?.['reprise']).toMatchObject({ cache: 'similar' })
    expect([rig.upstream.calls.length, embedded]).toEqual([1, 2])
  })

  test('asks the model where the caller wants an answer of its own', async () => {
    await asked('where')
    expect((await asked('where ~0.97', { semantic: false })).text).toBe('answer 2')
    expect((await asked('where ~0.96', { regenerate: true })).text).toBe('answer 3')
    // Which is learned: the nearest one counts.
    expect((await asked('where ~0.961')).text).toBe('answer 3')
  })

  test('is not looked up when it is long, not the last word, or differs in a number', async () => {
    tier({ guard: sameFigures, longest: 20, embed: async () => [1, 0] })
    await asked('where in 2025')
    expect((await asked('where in 2025?')).mark?.cache).toBe('similar')
    expect((await asked('where in 2026')).mark?.cache).toBe('miss')
    expect((await asked('where in 2025, and with whom')).mark?.cache).toBe('miss')
    const model = rig.wrapped({ semantic })
    const last = { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'There' }] }
    const result = await model.doGenerate({ prompt: [...ask('where in 2025').prompt, last] })
    expect((markOf(result) as LikeMark)?.cache).toBe('miss')
  })

  test('is a question of its own where it names other documents', async () => {
    await asked('where', { documents: ['ledger'] })
    expect((await asked('where ~0.97', { documents: ['policy'] })).text).toBe('answer 2')
    expect((await asked('where ~0.96', { documents: ['ledger'] })).text).toBe('answer 1')
  })

  test('does not have an answer that was not admitted', async () => {
    rig.upstream.answer = async () => ({ ...said('cut'), finishReason: { unified: 'length', raw: 'length' } })
    await asked('where')
    rig.upstream.answer = async () => said('whole')
    expect((await asked('where ~0.97')).text).toBe('whole')
  })

  test('never takes the place of a stale answer of its own', async () => {
    const clock = createFakeClock()
    await rig.reopen({ ttl: '1m', staleWhileRevalidate: '1h' }, { clock })
    await asked('where ~0.97')
    await clock.advance(90_000)
    await asked('where')
    expect(rig.upstream.calls.length).toBe(2)
    expect((await asked('where ~0.97')).text).toBe('answer 1')
    await settle()
    expect((await asked('where ~0.97')).text).toBe('answer 3')
  })
})

describe('nothing comes back by likeness', () => {
  const gone = async (invalidate: () => Promise<unknown>, options: JSONObject = {}): Promise<void> => {
    await asked('where', options)
    expect((await asked('where ~0.99', options)).mark?.cache).toBe('similar')
    await invalidate()
    expect((await asked('where ~0.98', options)).mark?.cache).toBe('miss')
  }

  test.each([
    ['model', { model: 'm-1' }],
    ['tenant', { tenant: 'shop' }],
    ['prompt', { prompt: { id: 'coach' } }],
    ['prompt version', { prompt: { id: 'coach', version: 'v7' } }],
    ['document', { document: 'ledger' }],
  ])('that was invalidated by its %s', async (_, target) => {
    await gone(() => invalidateCalls(rig.cache, target), {
      prompt: { id: 'coach', version: 'v7' },
      documents: ['ledger'],
    })
  })

  test('that has expired, and its question is forgotten', async () => {
    const clock = createFakeClock()
    await rig.reopen({ ttl: '1h' }, { clock })
    const store = memorySemanticStore({ clock })
    tier({ store, clock })
    let forgotten: string[] = []
    tier({
      clock,
      store: { ...store, forget: async (...given) => ((forgotten = given), store.forget(...given)) },
    })
    await gone(() => clock.advance(3_600_001))
    expect(forgotten[1]).toBe('where')
  })

  test('that was invalidated while the verifier thought about it', async () => {
    tier({
      verify: 0.8,
      verifier: async () => {
        await invalidateCalls(rig.cache, { model: 'm-1' })
        return true
      },
    })
    await asked('where')
    expect((await asked('where ~0.9')).text).toBe('answer 2')
  })
})

describe('the verified band', () => {
  const pairs: unknown[] = []
  const verified = (verdict: () => boolean | Promise<boolean>) =>
    tier({ verify: 0.8, verifier: (pair) => (pairs.push(pair), verdict()) })
  beforeEach(() => void (pairs.length = 0))

  test('is decided by the verifier, who sees both questions and the answer; above and below he is not asked', async () => {
    verified(() => true)
    await asked('where')
    expect((await asked('where ~0.96')).mark?.similar).toMatchObject({ verified: false })
    expect(pairs).toEqual([])
    const band = await asked('where ~0.9')
    expect(band.mark?.similar).toMatchObject({ question: 'where', verified: true })
    expect((await asked('where ~0.79')).mark?.cache).toBe('miss')
    expect(pairs).toMatchObject([{ asked: 'where ~0.9', kept: 'where', answer: 'answer 1' }])
  })

  test.each([
    ['says no', () => false],
    [
      'fails',
      () => {
        throw new Error('no verdict')
      },
    ],
  ])('is a miss when the verifier %s', async (_, verdict) => {
    verified(verdict)
    await asked('where')
    expect((await asked('where ~0.9')).text).toBe('answer 2')
    expect(pairs.length).toBe(1)
    // What the verifier does is nothing against the rest.
    expect((await asked('where ~0.96')).mark?.cache).toBe('similar')
  })
})

describe('when embedder or store is away', () => {
  test('the model is asked; the tier rests and comes back', async () => {
    const clock = createFakeClock()
    const store = memorySemanticStore({ clock })
    const errors: unknown[] = []
    let away = false
    let tried = 0
    tier({
      clock,
      store,
      onError: (error) => errors.push(error),
      embed: async (text) => {
        tried += 1
        if (away) throw new Error('embedder is away')
        return embed(text)
      },
    })
    await asked('where')
    away = true
    expect((await asked('where ~0.97')).text).toBe('answer 2')
    expect((await asked('where ~0.98')).text).toBe('answer 3')
    expect([tried, errors.map(String)]).toEqual([2, ['Error: embedder is away']])
    away = false
    await clock.advance(10_000)
    expect((await asked('where ~0.99')).text).toBe('answer 1')
  })

  test.each(['nearest', 'keep'] as const)(
    'a store that fails in %s costs nothing but the hit',
    async (name) => {
      const errors: unknown[] = []
      const store = {
        ...memorySemanticStore(),
        [name]: async () => Promise.reject(new Error('store is away')),
      }
      tier({ store, onError: (error) => errors.push(error) })
      expect((await asked('where')).text).toBe('answer 1')
      expect((await asked('where ~0.97')).text).toBe('answer 2')
      expect(errors.map(String)).toEqual(['Error: store is away'])
    },
  )

  test('one that hangs is waited for no longer than told', async () => {
    const clock = createFakeClock()
    tier({ clock, timeout: '2s', store: { ...memorySemanticStore(), nearest: () => new Promise(() => {}) } })
    const call = asked('where')
    await clock.advance(1_999)
    expect(rig.upstream.calls.length).toBe(0)
    await clock.advance(1)
    expect((await call).text).toBe('answer 1')
  })

  test('a call that all have left meanwhile is ended or finished as its space says', async () => {
    const leave = async (): Promise<void> => {
      const leaving = new AbortController()
      const call = rig.wrapped({ semantic }).doGenerate(ask('where', { abortSignal: leaving.signal }))
      await settle()
      leaving.abort(new Error('gone'))
      await expect(call).rejects.toThrow('gone')
    }
    const clock = createFakeClock()
    tier({ clock, embed: () => new Promise(() => {}) })
    await rig.reopen({ onAbandon: 'abort' })
    await leave()
    await clock.advance(2_000)
    expect(rig.upstream.calls.length).toBe(0)
    await rig.reopen({ onAbandon: 'finish' })
    await clock.advance(10_000)
    await leave()
    await clock.advance(2_000)
    expect((await asked('where')).mark?.cache).toBe('hit')
  })
})

test('another model has answers of its own, streams are learned as well', async () => {
  rig.upstream.parts = streamOf('streamed')
  await read((await rig.wrapped({ semantic }).doStream(ask('where'))).stream)
  await semantic.idle()
  const other = rig.wrapped({ semantic }, standIn('m-2'))
  expect((await asked('where ~0.99', {}, other)).mark?.cache).toBe('miss')
  expect((await asked('where ~0.99')).text).toBe('streamed')
})
