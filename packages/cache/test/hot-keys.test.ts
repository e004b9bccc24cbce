import { createFakeClock } from '@reprise/cache/testing'
import { RepriseError, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { hotKeys } from '../src/operate/hot-keys.ts'
import { ReadSketch } from '../src/operate/read-sketch.ts'
import { createStage } from '../src/testing/simulation/stage.ts'
import { notes, rig } from './rig.ts'

const still = (): number => 0

/** Numbers in [0, 1), the same ones each time. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Draws a number below `size`, i with a chance that falls as 1 / (i + 1). */
function zipf(size: number, random: () => number): () => number {
  const sums: number[] = []
  let sum = 0
  for (let rank = 1; rank <= size; rank += 1) sums.push((sum += 1 / rank))
  return () => {
    const point = random() * sum
    let low = 0
    for (let high = size - 1; low < high;) {
      const middle = (low + high) >> 1
      if ((sums[middle] as number) < point) low = middle + 1
      else high = middle
    }
    return low
  }
}

describe('the sketch', () => {
  test('Space-Saving keeps its promise, halved or not: true reads within the error, no frequent key left out', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.tuple(fc.nat(3), fc.constant(1)) },
        { weight: 6, arbitrary: fc.tuple(fc.nat(40), fc.constant(1)) },
        { weight: 6, arbitrary: fc.tuple(fc.nat(40), fc.integer({ min: 2, max: 40 })) },
        { weight: 1, arbitrary: fc.constant('later' as const) },
      ),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (stream, capacity) => {
        let now = 0
        const sketch = new ReadSketch({ now: () => now, capacity, every: 1, halfLife: 1_000 })
        const truth = new Map<string, number>()
        for (const step of stream) {
          if (step === 'later') {
            now += 1_000
            for (const [key, reads] of truth) truth.set(key, reads / 2)
          } else {
            const [number, times] = step
            const key = `k${number}`
            for (let time = 0; time < times; time += 1) sketch.note(key, 's')
            truth.set(key, (truth.get(key) ?? 0) + times)
          }
        }
        const total = [...truth.values()].reduce((sum, reads) => sum + reads, 0)
        const listed = sketch.list()
        const keys = listed.map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(keys.length).toBe(Math.min(capacity, truth.size))
        expect(sketch.total).toBeCloseTo(total, 9)
        expect(listed.reduce((sum, { reads }) => sum + reads, 0)).toBeCloseTo(total, 9)
        for (const { key, reads, error } of listed) {
          const real = truth.get(key) as number
          expect(reads).toBeGreaterThanOrEqual(real - 1e-9)
          expect(reads - error).toBeLessThanOrEqual(real + 1e-9)
          expect(error).toBeLessThanOrEqual(total / capacity + 1e-9)
        }
        for (const [key, reads] of truth) if (reads > total / capacity + 1e-9) expect(keys).toContain(key)
        expect(listed.map(({ reads }) => reads)).toEqual(
          listed.map(({ reads }) => reads).toSorted((one, other) => other - one),
        )
      }),
      { numRuns: 400 },
    )
  })

  test('a sample of the reads is enough for the ten hottest of 20 000 keys', () => {
    const sketch = new ReadSketch({ now: still })
    const draw = zipf(20_000, sequence(7))
    const truth = new Map<string, number>()
    for (let read = 0; read < 400_000; read += 1) {
      const key = `k${draw()}`
      truth.set(key, (truth.get(key) ?? 0) + 1)
      sketch.note(key, 's')
    }
    const real = [...truth].toSorted(([, one], [, other]) => other - one).map(([key]) => key)
    const found = hotKeys(sketch, 20)
    const keys = found.map(({ key }) => key)
    for (const key of real.slice(0, 10)) expect(keys).toContain(key)
    expect(keys.slice(0, 3)).toEqual(real.slice(0, 3))
    for (const { key, reads, share } of found.slice(0, 10)) {
      const actual = truth.get(key) as number
      expect(Math.abs(reads - actual) / actual).toBeLessThan(0.3)
      expect(Math.abs(share - actual / 400_000) / share).toBeLessThan(0.3)
    }
    expect(sketch.total / 400_000).toBeCloseTo(1, 1)
  })

  test('keys that are read in turn are all alike, whatever the rhythm', () => {
    for (const count of [2, 8, 16, 32]) {
      const sketch = new ReadSketch({ now: still })
      for (let read = 0; read < 200_000; read += 1) sketch.note(`k${read % count}`, 's')
      const found = hotKeys(sketch, 256)
      expect(found).toHaveLength(count)
      for (const { share } of found) expect(Math.abs(share * count - 1)).toBeLessThan(0.2)
    }
  })

  test('where no key is hot, none is named; a hot one among them is', () => {
    const sketch = new ReadSketch({ now: still })
    for (let read = 0; read < 200_000; read += 1) sketch.note(`k${read}`, 's')
    expect(hotKeys(sketch, 10)).toEqual([])
    for (let read = 0; read < 40_000; read += 1) sketch.note(read % 4 === 0 ? 'hot' : `m${read}`, 's')
    expect(hotKeys(sketch, 10).map(({ key }) => key)).toEqual(['hot'])
  })
})

describe('hotKeys of a cache', () => {
  test('a strict space, whose reads all ask the shared store, is counted as well', async () => {
    const stage = createStage()
    const clock = stage.scheduler.clock(0, () => true)
    const random = (): number => 0.5
    const { shared } = stage.link({ now: clock.now })
    const strict = notes({ consistency: 'strict' })
    const catalog = defineCatalog({ prefix: 'test', spaces: [strict] })
    const cache = await stage.come(createCache({ catalog, shared, clock, random, sweepEvery: 0 }))
    const handle = cache.open(strict)
    const one = { user: 'ann', id: 1 }
    for (let read = 0; read < 4; read += 1) await stage.come(handle.getOrLoad(one, () => 'value'))
    for (let read = 0; read < 3; read += 1) await stage.come(handle.get(one))
    expect(cache.stats().total).toMatchObject({ misses: 1, loads: 1 })
    expect(cache.hotKeys()).toEqual([{ key: 'test:note:ann:1', space: 'note', reads: 7, error: 0, share: 1 }])
    await stage.come(handle.delete(one))
    // Read from below again and again, it is one value that was read until it left.
    expect(cache.advise(strict)).toMatchObject([{ entries: 1, neverRead: 0, left: { removed: 1 } }])
  })

  const texts = defineSpace({ name: 'text', key: 'text:{id}', schema: z.unknown(), ttl: '10m' })

  test('every read counts once, whatever it found: its key, its space, its share', async () => {
    const { cache, clock } = await rig([notes({ staleWhileRevalidate: '1m' }), texts])
    const note = cache.open(notes())
    const one = { user: 'ann', id: 1 }
    await note.get(one)
    await note.getOrLoad(one, () => 'value')
    await note.getOrLoad(one, () => 'value')
    await note.getOrLoad(one, () => 'value', { signal: new AbortController().signal })
    note.peek(one)
    await note.get(one)
    await note.getMany([one])
    await clock.advance(10 * 60_000)
    await note.getOrLoad(one, () => 'newer')
    await clock.settle()
    const text = cache.open(texts)
    await text.getOrLoad({ id: 'a' }, () => 'a')
    for (let read = 0; read < 9; read += 1) text.peek({ id: 'a' })
    for (let read = 0; read < 9; read += 1) await text.getOrLoad({ id: 'a' }, () => 'a')
    // The seven reads of the note before were two half-lives ago.
    expect(cache.hotKeys()).toEqual([
      { key: 'test:text:a', space: 'text', reads: 19, error: 0, share: 19 / 21.75 },
      { key: 'test:note:ann:1', space: 'note', reads: 3, error: 0, share: 2.75 / 21.75 },
    ])
    expect(cache.hotKeys(1)).toHaveLength(1)
  })

  test('hot means now: what was read before weighs half every five minutes', async () => {
    const clock = createFakeClock()
    const { cache } = await rig(texts, { clock })
    const text = cache.open(texts)
    const readOften = async (id: string, times: number): Promise<void> => {
      for (let read = 0; read < times; read += 1) await text.getOrLoad({ id }, () => id)
    }
    await readOften('old', 160)
    await clock.advance(299_999)
    await readOften('new', 30)
    expect(cache.hotKeys().map(({ key, reads }) => [key, reads])).toEqual([
      ['test:text:old', 160],
      ['test:text:new', 30],
    ])
    await clock.advance(1)
    expect(cache.hotKeys().map(({ reads }) => reads)).toEqual([80, 15])
    await clock.advance(15 * 60_000)
    await readOften('new', 30)
    expect(cache.hotKeys().map(({ key, reads }) => [key, reads])).toEqual([
      ['test:text:new', 32],
      ['test:text:old', 10],
    ])
    await clock.advance(24 * 3_600_000)
    expect(cache.hotKeys()).toEqual([])
  })

  test.each([0, -1, 1.5, 257, Number.NaN])('%s keys are refused', async (limit) => {
    const { cache } = await rig(texts)
    let error: unknown
    try {
      cache.hotKeys(limit)
    } catch (thrown) {
      error = thrown
    }
    expect(RepriseError.is(error, 'E_OPTION_INVALID')).toBe(true)
    expect(String(error)).toContain(`hotKeys(${limit})`)
  })
})
