import type { LanguageModelV3GenerateResult } from '@ai-sdk/provider'
import { generateText, streamText } from 'ai'
import { describe, expect, test } from 'vitest'
import { read, said, settle, streamOf } from './model.ts'
import { ask, endOf, markOf, textOf, useRig } from './rig.ts'

const rig = useRig()

describe('one call for all', () => {
  test('20 identical calls at once are 1 call of the model; one pays', async () => {
    const model = rig.wrapped()
    const results = await Promise.all(Array.from({ length: 20 }, async () => model.doGenerate(ask())))
    expect(rig.upstream.calls.length).toBe(1)
    expect(results.map(({ content }) => content)).toEqual(
      Array.from({ length: 20 }, () => [{ type: 'text', text: 'answer 1' }]),
    )
    expect(results.reduce((sum, result) => sum + (result.usage.inputTokens.total ?? 0), 0)).toBe(10)
    expect(results.map((result) => (markOf(result) as { cache: string }).cache).toSorted()).toEqual([
      'miss',
      ...Array(19).fill('shared'),
    ])
  })

  test('20 identical streams at once are 1 call of the model; late ones get what was and follow on', async () => {
    const model = rig.wrapped()
    const early = Array.from({ length: 10 }, async () => read((await model.doStream(ask())).stream))
    await settle()
    const parts = streamOf('one ', 'two ', 'three')
    rig.upstream.feeds[0]?.push(...parts.slice(0, 3))
    await settle()
    const late = Array.from({ length: 10 }, async () => read((await model.doStream(ask())).stream))
    await settle()
    rig.upstream.feeds[0]?.push(...parts.slice(3))
    rig.upstream.feeds[0]?.end()
    const all = await Promise.all([...early, ...late])
    expect(rig.upstream.calls.length).toBe(1)
    for (const one of all) expect(one.slice(0, -1)).toEqual(parts.slice(0, -1))
    expect(all.reduce((sum, one) => sum + (endOf(one).usage.outputTokens.total ?? 0), 0)).toBe(5)
  })

  test('parts are given as they come, not at the end', async () => {
    const { stream } = await (async () => {
      const opened = rig.wrapped().doStream(ask())
      await settle()
      rig.upstream.feeds[0]?.push(...streamOf('first').slice(0, 3))
      return opened
    })()
    const reader = stream.getReader()
    const seen = [await reader.read(), await reader.read(), await reader.read()]
    expect(seen.at(-1)?.value).toEqual({ type: 'text-delta', id: '0', delta: 'first' })
    rig.upstream.feeds[0]?.end()
  })

  test('streams and calls without one share a call and an entry', async () => {
    const model = rig.wrapped()
    const stream = model.doStream(ask())
    await settle()
    const result = model.doGenerate(ask())
    rig.upstream.feeds[0]?.push(...streamOf('one ', 'two'))
    rig.upstream.feeds[0]?.end()
    await read((await stream).stream)
    expect((await result).content).toEqual([{ type: 'text', text: 'one two' }])
    expect(textOf(await read((await model.doStream(ask())).stream))).toBe('one two')
    expect(rig.upstream.calls.length).toBe(1)
  })

  test('the same through generateText and streamText', async () => {
    const model = rig.wrapped()
    const first = await generateText({ model, prompt: 'hello' })
    const again = await generateText({ model, prompt: 'hello', headers: { 'user-agent': 'another' } })
    const streamed = streamText({ model, prompt: 'hello' })
    expect([first.text, again.text, await streamed.text]).toEqual(['answer 1', 'answer 1', 'answer 1'])
    expect([first.usage.totalTokens, again.usage.totalTokens, (await streamed.usage).totalTokens]).toEqual([
      15, 0, 0,
    ])
    expect(markOf(again)).toMatchObject({ cache: 'hit', avoided: { inputTokens: 10, outputTokens: 5 } })
  })
})

describe('who leaves', () => {
  test('the first client leaves a stream: it goes on for the others and is kept', async () => {
    const model = rig.wrapped()
    const leaving = new AbortController()
    const first = model.doStream(ask('hello', { abortSignal: leaving.signal }))
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
    const firstRead = read((await first).stream)
    const second = read((await model.doStream(ask())).stream)
    leaving.abort(new Error('gone'))
    await expect(firstRead).rejects.toThrow('gone')
    rig.upstream.feeds[0]?.push(...streamOf('two').slice(2))
    rig.upstream.feeds[0]?.end()
    expect(textOf(await second)).toBe('one two')
    expect(rig.upstream.feeds[0]?.params.abortSignal?.aborted).toBe(false)
  })

  test('all clients leave: the call is finished and kept, and who comes meanwhile attaches', async () => {
    const model = rig.wrapped()
    const { stream } = await (async () => {
      const opened = model.doStream(ask())
      await settle()
      rig.upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
      return opened
    })()
    await stream.cancel()
    await settle()
    const late = read((await model.doStream(ask())).stream)
    rig.upstream.feeds[0]?.push(...streamOf('two').slice(2))
    rig.upstream.feeds[0]?.end()
    expect(textOf(await late)).toBe('one two')
    expect((await model.doGenerate(ask())).usage.outputTokens.total).toBe(0)
    expect(rig.upstream.calls.length).toBe(1)
  })

  test('with onAbandon abort one of two leaves, and the call goes on for the other', async () => {
    await rig.reopen({ onAbandon: 'abort' })
    const model = rig.wrapped()
    const opening = [model.doStream(ask()), model.doStream(ask())]
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
    const [first, second] = await Promise.all(opening)
    await first?.stream.cancel()
    await settle()
    expect(rig.upstream.feeds[0]?.params.abortSignal?.aborted).toBe(false)
    rig.upstream.feeds[0]?.push(...streamOf('two').slice(2))
    rig.upstream.feeds[0]?.end()
    expect(second && textOf(await read(second.stream))).toBe('one two')
  })

  test('with onAbandon abort the last to leave ends the call, and nothing is kept', async () => {
    await rig.reopen({ onAbandon: 'abort' })
    const model = rig.wrapped()
    const opened = model.doStream(ask())
    await settle()
    rig.upstream.feeds[0]?.push(...streamOf('one ').slice(0, 3))
    await (await opened).stream.cancel()
    await settle()
    expect(rig.upstream.feeds[0]?.params.abortSignal?.aborted).toBe(true)
    rig.upstream.parts = streamOf('new')
    expect(textOf(await read((await model.doStream(ask())).stream))).toBe('new')
    expect(rig.upstream.calls.length).toBe(2)
  })

  test('a caller that leaves a call without a stream gets its reason, the others the answer', async () => {
    let finish!: (result: LanguageModelV3GenerateResult) => void
    rig.upstream.answer = async () => new Promise((resolve) => (finish = resolve))
    const leaving = new AbortController()
    const model = rig.wrapped()
    const first = model.doGenerate(ask('hello', { abortSignal: leaving.signal }))
    const second = model.doGenerate(ask())
    await settle()
    leaving.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    finish(said('kept'))
    expect((await second).content).toEqual([{ type: 'text', text: 'kept' }])
    expect(rig.upstream.calls.length).toBe(1)
  })
})
