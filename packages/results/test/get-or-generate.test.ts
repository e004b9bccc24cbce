import { createBackground, race } from '@reprise/cache'
import type { Generate } from '@reprise/results'
import { describe, expect, test } from 'vitest'
import { failure, rig } from './rig.ts'

const type = 'app1_chat'
const lease = 30_000

/** What a promise has resolved to by now; undefined when it has not. */
const soon = (promise: Promise<unknown>): Promise<unknown> =>
  Promise.race([promise, Promise.resolve(undefined)])

/** A generator that is told when to answer, and how often it was called. */
function manual(): {
  readonly generate: Generate
  readonly answer: (value: unknown) => void
  readonly calls: () => number
} {
  let answer = (_value: unknown): void => {}
  const value = new Promise<unknown>((resolve) => (answer = resolve))
  let calls = 0
  return {
    generate: async ({ meta }) => {
      calls += 1
      meta({ model: 'qwen', rank: 1 })
      return value
    },
    answer,
    calls: () => calls,
  }
}

describe('getOrGenerate', () => {
  test('makes a result once for all who ask at the same time, in two processes', async () => {
    const { results, site, clock, other } = await rig({ cached: true })
    const there = await other({ holder: 'there' })
    const { generate, answer, calls } = manual()
    const asked = [results, there, results, there, results].map((one) =>
      one.forSite(site).getOrGenerate(type, 't', generate),
    )
    await expect.poll(calls).toBe(1)
    answer('made')
    const ends = Promise.all(asked)
    await expect.poll(async () => (await clock.advance(100), soon(ends))).toBeDefined()
    const answers = await ends
    expect(answers.map(({ value }) => value)).toEqual(['made', 'made', 'made', 'made', 'made'])
    expect(answers.filter(({ from }) => from === 'generated')).toHaveLength(1)
    expect(new Set(answers.map(({ result }) => result?.id)).size).toBe(1)
    expect(answers[0]?.result).toMatchObject({ derivation: { model: 'qwen', rank: 1 } })
    expect(await results.forSite(site).getOrGenerate(type, 't', generate)).toMatchObject({
      from: 'stored',
      value: 'made',
    })
    expect(calls()).toBe(1)
  })

  test('serves the previous result while a new one is made, unless it is told to wait', async () => {
    const { results, site, clock } = await rig({ cached: true })
    const here = results.forSite(site)
    await here.write(type, 't', 'old', { expires: '1m' })
    await clock.advance(60_000)
    const { generate, answer } = manual()
    expect(await here.getOrGenerate(type, 't', generate)).toMatchObject({ from: 'previous', value: 'old' })
    expect(await here.getLatest(type, 't')).toBeNull()
    const waiting = here.getOrGenerate(type, 't', generate, { wait: true })
    answer('new')
    await expect.poll(async () => (await clock.advance(100), soon(waiting))).toBeDefined()
    expect(await waiting).toMatchObject({ from: 'joined', value: 'new' })
    expect(await here.getLatest(type, 't')).toMatchObject({ value: 'new' })
  })

  test('does not serve a previous result that was invalidated, or that ended too long ago', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    await here.write(type, 'wrong', 'wrong')
    await here.invalidate({ type, target: 'wrong' })
    expect(await here.getOrGenerate(type, 'wrong', () => 'right')).toMatchObject({
      from: 'generated',
      value: 'right',
    })
    await here.write(type, 'old', 'old', { expires: '1m' })
    await clock.advance(60_000 + 86_400_000 + 1)
    expect(await here.getOrGenerate(type, 'old', () => 'new')).toMatchObject({
      from: 'generated',
      value: 'new',
    })
  })

  test('makes a new one over a valid one when asked to refresh', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    await here.write(type, 't', 1)
    const seen: unknown[] = []
    const generate: Generate = ({ previous }) => (seen.push(previous), 2)
    expect(await here.getOrGenerate(type, 't', generate, { refresh: true, wait: true })).toMatchObject({
      from: 'generated',
      value: 2,
    })
    expect(seen).toEqual([1])
    expect(await here.getHistory(type, 't')).toHaveLength(2)
  })

  test('fails with the error of the generator; another who waits for it is told the same', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    let fail = (_error: Error): void => {}
    const value = new Promise<unknown>((_resolve, reject) => (fail = reject))
    let calls = 0
    const generate: Generate = async () => ((calls += 1), value)
    const mine = failure(here.getOrGenerate(type, 't', generate))
    await expect.poll(() => calls).toBe(1)
    const theirs = failure(here.getOrGenerate(type, 't', generate))
    const error = new Error('no model')
    // One timer is the heartbeat, the other looks for the end of the generation.
    await expect.poll(() => clock.pending).toBe(2)
    fail(error)
    expect(await mine).toBe(error)
    expect(await theirs).toMatchObject({ code: 'E_RESULT_FAILED', message: /failed: no model/, cause: error })
    expect(calls).toBe(1)
    expect(await here.getLatest(type, 't')).toBeNull()
  })

  test('takes over from a generator that died', async () => {
    const { results, site, clock, other } = await rig({ lease })
    const dead = await (await other({ holder: 'dead' })).forSite(site).begin(type, 't')
    dead.letGo()
    const answer = results.forSite(site).getOrGenerate(type, 't', () => 'alive')
    await expect.poll(async () => (await clock.advance(lease), soon(answer))).toBeDefined()
    expect(await answer).toMatchObject({ from: 'generated', value: 'alive' })
  })

  test('gives the caller a value that may not be kept: skipped, or invalidated while it was made', async () => {
    const { results, site, warnings } = await rig()
    const here = results.forSite(site)
    const skipped = await here.getOrGenerate(type, 'a', ({ skip }) => (skip(), 'truncated'))
    expect(skipped).toEqual({ value: 'truncated', from: 'unsaved', result: undefined })
    const broken = await here.getOrGenerate(type, 'b', async () => {
      await here.invalidate({ type, target: 'b' })
      return 'from before'
    })
    expect(broken).toMatchObject({ from: 'unsaved', value: 'from before' })
    expect(warnings.join()).toContain('was generated and not kept')
    expect(await here.getLatest(type, 'a')).toBeNull()
    expect(await here.getLatest(type, 'b')).toBeNull()
  })

  test('lets a caller leave by its signal; the generation goes on', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    const { generate, answer, calls } = manual()
    const controller = new AbortController()
    const asked = failure(here.getOrGenerate(type, 't', generate, { signal: controller.signal }))
    await expect.poll(calls).toBe(1)
    controller.abort(new Error('gone'))
    expect(await asked).toMatchObject({ message: 'gone' })
    answer('made')
    await expect.poll(async () => (await here.getLatest(type, 't'))?.value).toBe('made')
  })

  test('takes better values from what its generator left running, as a race does', async () => {
    const { results, site } = await rig({ cached: true })
    const here = results.forSite(site)
    const outcomes: string[] = []
    const answer = await here.getOrGenerate(type, 't', ({ meta, upgrade }) => {
      upgrade(async ({ offer }) => {
        outcomes.push(await offer('premium', { model: 'large', rank: 3 }))
        outcomes.push(await offer('middle', { model: 'middle', rank: 2 }))
      })
      meta({ model: 'small', rank: 1 })
      return 'fast'
    })
    expect(answer).toMatchObject({ value: 'fast', from: 'generated' })
    await expect.poll(() => outcomes).toEqual(['kept', 'outranked'])
    expect(await here.getLatest(type, 't')).toMatchObject({
      value: 'premium',
      derivation: { model: 'large', rank: 3 },
    })
  })

  test('takes a race as its generator: the fast answer, then the premium one, in the registry of the application', async () => {
    const background = createBackground()
    const { results, site } = await rig({ cached: true, background })
    const here = results.forSite(site)
    let premium = (_value: string): void => {}
    const generate = race({
      fast: ({ meta }) => (meta({ model: 'small' }), 'fast'),
      premium({ meta }) {
        meta({ model: 'large' })
        return new Promise<string>((resolve) => (premium = resolve))
      },
    })
    const answer = await here.getOrGenerate(type, 't', generate)
    expect([answer.value, background.count]).toEqual(['fast', 1])
    premium('premium')
    await expect.poll(() => background.count).toBe(0)
    const latest = await here.getLatest(type, 't')
    expect(latest).toMatchObject({ value: 'premium', derivation: { model: 'large', strategy: 'premium' } })
    expect(await here.getHistory(type, 't')).toHaveLength(1)
  })

  test('keeps the previous value for another life when nothing changed', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    await here.write(type, 't', 'same', { expires: '1m' })
    await clock.advance(60_000)
    const generate: Generate = ({ notModified, ttl }) => (ttl('5m'), notModified())
    const answer = await here.getOrGenerate(type, 't', generate, { wait: true })
    expect(answer).toMatchObject({ value: 'same', result: { expiresAt: '2026-01-01T00:06:00.000Z' } })
  })
})
