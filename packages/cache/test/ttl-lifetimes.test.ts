import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketOf, countAge, createAges, endOf, quantile, survivalAge } from '../src/operate/ages.ts'
import { advise } from '../src/operate/advise.ts'
import { LifetimeLog } from '../src/operate/lifetimes.ts'
import { roundLength, written } from '../src/operate/round-length.ts'
import { createMemoryOf } from '../src/memory/layout.ts'
import { remembered } from './memory-records.ts'
import { notes, rig } from './rig.ts'

const minute = 60_000
const hour = 60 * minute

const space = { name: 'note', settings: { staleWhileRevalidate: 0, staleIfError: 0, refreshAhead: 0 } }
const { catalog } = (await rig(notes({ ttl: '1h' }))).cache

/** Entries that were read ten times up to an age, and left at another. */
function leave(
  log: LifetimeLog,
  count: number,
  life: { lastUse: number; left: number; given?: number },
): void {
  const { lastUse, left, given = hour } = life
  for (let one = 0; one < count; one += 1) {
    const entry = { createdAt: 1, freshUntil: 1 + given }
    log.leave({ space, entry, hits: 10, lastReadAt: 1 + lastUse }, 'removed', 1 + left)
  }
}

describe('what advice is made of', () => {
  test('values that were cut short while in use keep the rest from setting the TTL', () => {
    const lifetimes = new LifetimeLog()
    leave(lifetimes, 400, { lastUse: 2 * minute, left: hour })
    expect(advise({ catalog, lifetimes }, undefined)).toMatchObject([{ advice: 'shorter' }])
    leave(lifetimes, 50, { lastUse: 30 * minute, left: 31 * minute })
    expect(advise({ catalog, lifetimes }, undefined)).toMatchObject([
      { advice: 'keep', suggestedTtl: hour, lastHitAge: { p95: expect.any(Number) as number }, inUse: 1 / 9 },
    ])
  })

  test('what lives for ever can be given an end, and no longer life', () => {
    const lifetimes = new LifetimeLog()
    leave(lifetimes, 60, { lastUse: 40 * minute, left: 41 * minute, given: Infinity })
    leave(lifetimes, 50, { lastUse: 59 * minute, left: hour })
    expect(advise({ catalog, lifetimes }, undefined)).toMatchObject([{ advice: 'keep', ttl: Infinity }])
    leave(lifetimes, 4_000, { lastUse: minute, left: 24 * hour, given: Infinity })
    expect(advise({ catalog, lifetimes }, undefined)).toMatchObject([
      { advice: 'shorter', suggestedTtl: 2 * minute },
    ])
  })

  test('later entries weigh more: advice follows what is read today', () => {
    const log = new LifetimeLog()
    leave(log, 10_000, { lastUse: 10 * minute, left: hour })
    leave(log, 60_000, { lastUse: minute, left: hour })
    const seen = log.of('note')
    expect(seen?.entries).toBeLessThan(16_384)
    expect(seen?.entries).toBeGreaterThan(8_000)
    expect(quantile(seen?.stopped ?? createAges(), 0.95)).toBeLessThan(2 * minute)
  })

  test('memory tells why a value left; one that is written again as it is has not left', () => {
    const told: string[] = []
    const memory = createMemoryOf(
      { maxEntries: 2 },
      () => {},
      ({ key, entry: { bytes } }, why) => told.push(`${key} ${bytes} ${why}`),
    )
    const write = (key: string, version: string): void =>
      memory.write(remembered(key, { version, bytes: Number(version) }))
    write('a', '1')
    write('a', '1')
    expect(told).toEqual([])
    write('a', '2')
    write('b', '1')
    memory.remove('b')
    memory.remove('b')
    expect(told).toEqual(['a 1 replaced', 'b 1 removed'])
    write('b', '2')
    write('c', '1')
    expect(told).toHaveLength(3)
    expect(told[2]).toMatch(/^[ab] 2 evicted$/)
    expect(memory.sweep(10, () => true).removed).toBe(2)
    expect(told.slice(3).map((line) => line.split(' ')[2])).toEqual(['removed', 'removed'])
  })

  test('what was cut short counts as long as it was seen, and no longer', () => {
    const ended = createAges()
    const cut = createAges()
    const count = (ages: typeof cut, times: number, age: number): void => {
      for (let time = 0; time < times; time += 1) countAge(ages, age)
    }
    count(ended, 40, minute)
    count(cut, 58, 2 * minute)
    count(ended, 2, hour)
    // Two of a hundred do not speak for the sixty that lived past a minute.
    expect(survivalAge(ended, cut, 0.95)).toBeUndefined()
    count(ended, 38, hour)
    // Of 138, 40 ended at a minute; of the 40 whose end is known after the cuts, all at an hour.
    expect(survivalAge(ended, cut, 0.95)).toBe(endOf(bucketOf(hour)))
    expect(survivalAge(ended, cut, 0.28)).toBe(endOf(bucketOf(minute)))
  })

  test('without cuts the survival age is the quantile; with them it never is below that of what ended', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 40, maxLength: 200 })
    fc.assert(
      fc.property(lengths, lengths, (endings, cuts) => {
        const ended = createAges()
        const cut = createAges()
        for (const length of endings) countAge(ended, length)
        const alone = quantile(ended, 0.95) as number
        const sorted = endings.toSorted((one, other) => one - other)
        const exact = sorted[Math.ceil(endings.length * 0.95 - 1e-9) - 1] as number
        expect(alone).toBeGreaterThanOrEqual(exact * (1 - 1e-12))
        expect(alone).toBeLessThanOrEqual(exact * 1.19)
        expect(survivalAge(ended, cut, 0.95)).toBe(alone)
        // Cut short after the last end: nothing is known of them but that they were in use.
        for (let one = 0; one < endings.length; one += 1) countAge(cut, 2e9)
        expect(survivalAge(ended, cut, 0.95)).toBeUndefined()
        const mixed = createAges()
        for (const length of cuts) countAge(mixed, length)
        const known = survivalAge(ended, mixed, 0.95)
        if (known !== undefined) expect(known).toBeGreaterThanOrEqual(quantile(ended, 0.95) as number)
      }),
    )
  })

  test('a bucket ends at most 19 % above what it counts, from a millisecond to for ever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (length) => {
        expect(endOf(bucketOf(length))).toBeGreaterThanOrEqual(length * (1 - 1e-12))
        expect(endOf(bucketOf(length))).toBeLessThanOrEqual(length * 1.19)
      }),
    )
    expect(endOf(bucketOf(Infinity))).toBe(Infinity)
    expect(endOf(bucketOf(0))).toBe(1)
  })

  test('suggestions are lengths that people would write', () => {
    expect([1, 1_001, 125_000, 150_000, 61 * minute, 200 * 24 * hour + 1].map(roundLength)).toEqual([
      1_000,
      2_000,
      180_000,
      180_000,
      2 * hour,
      201 * 24 * hour,
    ])
    expect([5, 1_500, 180_000, hour, 36 * hour, Infinity].map(written)).toEqual([
      '5ms',
      '1.5s',
      '3m',
      '1h',
      '1.5d',
      'for ever',
    ])
  })
})
