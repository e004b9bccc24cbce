import { createFakeClock } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { read, said, settle, streamOf } from './model.ts'
import { ask, textOf, useRig } from './rig.ts'

const rig = useRig()

describe('what fails', () => {
  test('an error of the model is given as it is, to all who wait, and the next call tries again', async () => {
    const failure = Object.assign(new Error('rate limited'), { statusCode: 429 })
    rig.upstream.answer = async () => Promise.reject(failure)
    const model = rig.wrapped()
    const results = await Promise.allSettled([model.doGenerate(ask()), model.doGenerate(ask())])
    expect(results.map((result) => result.status === 'rejected' && result.reason === failure)).toEqual([
      true,
      true,
    ])
    expect(rig.upstream.calls.length).toBe(1)
    rig.upstream.answer = async () => said('well')
    expect((await model.doGenerate(ask())).content).toEqual([{ type: 'text', text: 'well' }])
  })

  test('a stream that breaks gives what came and then its error, and is not kept', async () => {
    const model = rig.wrapped()
    const opened = model.doStream(ask())
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('half').slice(0, 3))
    const { stream } = await opened
    const reader = stream.getReader()
    for (let part = 0; part < 3; part += 1) await reader.read()
    rig.upstream.feeds[0]?.fail(new Error('connection reset'))
    await expect(reader.read()).rejects.toThrow('connection reset')
    rig.upstream.parts = streamOf('whole')
    expect(textOf(await read((await model.doStream(ask())).stream))).toBe('whole')
    expect(rig.upstream.calls.length).toBe(2)
  })

  test('a stream without its end, and one with an error part, are given and not kept', async () => {
    const model = rig.wrapped()
    rig.upstream.parts = streamOf('no end').slice(0, 4)
    expect(textOf(await read((await model.doStream(ask())).stream))).toBe('no end')
    const error = new Error('overloaded')
    rig.upstream.parts = [
      ...streamOf('bad').slice(0, 3),
      { type: 'error', error },
      ...streamOf('bad').slice(4),
    ]
    const parts = await read((await model.doStream(ask())).stream)
    expect(parts.find((part) => part.type === 'error')?.error).toBe(error)
    rig.upstream.parts = streamOf('good')
    expect(textOf(await read((await model.doStream(ask())).stream))).toBe('good')
    expect(rig.notes.map(({ reason }) => reason)).toEqual(['interrupted', 'interrupted'])
  })

  test('a truncated answer is given to all who wait and not kept', async () => {
    rig.upstream.answer = async () => ({ ...said('cut'), finishReason: { unified: 'length', raw: 'length' } })
    const model = rig.wrapped()
    const results = await Promise.all([model.doGenerate(ask()), model.doGenerate(ask())])
    expect(results.map(({ finishReason }) => finishReason.unified)).toEqual(['length', 'length'])
    await settle()
    await model.doGenerate(ask())
    expect(rig.upstream.calls.length).toBe(2)
  })

  test('a closed cache, a call without a key, a wrong option: the model is asked', async () => {
    const model = rig.wrapped()
    const wrong = ask('hello', { providerOptions: { reprise: { regenrate: true } } })
    expect((await model.doGenerate(wrong)).content).toEqual([{ type: 'text', text: 'answer 1' }])
    expect((await model.doGenerate(ask('half \ud83d'))).content).toEqual([{ type: 'text', text: 'answer 2' }])
    expect(rig.notes.map(({ reason }) => reason)).toEqual(['option', 'error'])
    expect(rig.notes[0]?.error).toMatchObject({
      code: 'E_CALL_OPTION',
      message: expect.stringContaining('regenrate') as string,
    })
    await rig.cache.close()
    expect((await model.doGenerate(ask())).content).toEqual([{ type: 'text', text: 'answer 3' }])
    rig.upstream.parts = streamOf('still here')
    expect(textOf(await read((await model.doStream(ask())).stream))).toBe('still here')
  })

  test('a tenant that cannot be told leaves the cache alone', async () => {
    const model = rig.wrapped({ tenant: () => undefined })
    await model.doGenerate(ask())
    await model.doGenerate(ask())
    expect(rig.upstream.calls.length).toBe(2)
    expect(rig.notes[0]?.error).toMatchObject({ code: 'E_CALL_FIELD' })
    expect(() => rig.wrapped({ tenant: '' })).toThrow(expect.objectContaining({ code: 'E_CALL_OPTION' }))
  })

  test('an answer that is too large is given to all who wait and not kept', async () => {
    await rig.reopen({ maxAnswerBytes: 1_000 })
    rig.upstream.answer = async () => said('x'.repeat(2_000))
    const model = rig.wrapped()
    const results = await Promise.all([model.doGenerate(ask()), model.doGenerate(ask())])
    expect(results.map(({ content }) => content.length)).toEqual([1, 1])
    await settle()
    await model.doGenerate(ask())
    expect(rig.upstream.calls.length).toBe(2)
  })

  test('a call that never ends is given up at its hard limit, with what came of it', async () => {
    const clock = createFakeClock()
    await rig.reopen({ hardLimit: '1m' }, { clock })
    rig.upstream.answer = async () => new Promise(() => {})
    const model = rig.wrapped()
    const result = model.doGenerate(ask('one'))
    const opened = model.doStream(ask('two'))
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('half').slice(0, 3))
    const { stream } = await opened
    const outcomes = Promise.allSettled([result, read(stream)])
    await clock.advance(60_000)
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'E_LOADER_TIMEOUT' } },
      { status: 'rejected', reason: { code: 'E_LOADER_TIMEOUT' } },
    ])
    expect(rig.upstream.calls.map(({ abortSignal }) => abortSignal?.aborted)).toEqual([true, true])
  })
})
