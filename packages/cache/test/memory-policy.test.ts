import { describe, expect, test } from 'vitest'
import { createMemoryOf } from '../src/memory/layout.ts'
import { hitRatio, lruHitRatio, memoryOf, remembered, replay } from './memory-records.ts'

const bounds = ['entries', 'bytes'] as const

function* loop(keys: number, requests: number, first = 0): Generator<number> {
  for (let at = 0; at < requests; at += 1) yield first + (at % keys)
}

/** Every key twice, the second time after `distance` other requests, and never again. */
function* pairs(distance: number, requests: number, first = 0): Generator<number> {
  // An odd distance, so that the second request of a key falls between the first ones of others.
  for (let at = 0; at < requests; at += 1) yield first + (at % 2 === 0 || at < distance ? at : at - distance)
}

describe.each(bounds)('what memory keeps, bounded by %s', (by) => {
  test('what is read often survives a scan ten times the size of the cache', () => {
    const memory = memoryOf(100, by)
    replay(memory, loop(60, 600))
    replay(memory, loop(1_000, 1_000, 10_000))
    expect(hitRatio(replay(memory, loop(60, 60)))).toBeGreaterThan(0.95)
  })

  test.each([12, 100, 700, 3_000])(
    'a loop a bit longer than a cache of %i hits mostly; LRU never',
    (entries) => {
      const keys = Math.round(entries * 1.25)
      const memory = memoryOf(entries, by)
      replay(memory, loop(keys, keys * 3))
      expect(lruHitRatio(entries, loop(keys, keys * 5))).toBe(0)
      expect(hitRatio(replay(memory, loop(keys, keys * 5)))).toBeGreaterThan(0.6)
    },
  )

  test.each([50, 300, 2_000])(
    'work that only recency serves hits as with LRU, in a cache of %i',
    (entries) => {
      const distance = Math.round(entries * 0.8) | 1
      const requests = entries * 100
      const memory = memoryOf(entries, by)
      const ratio = hitRatio(replay(memory, pairs(distance, requests)))
      expect(lruHitRatio(entries, pairs(distance, requests))).toBeGreaterThan(0.48)
      expect(lruHitRatio(entries, pairs(distance, requests)) - ratio).toBeLessThan(0.02)
    },
  )

  test('it follows when the work changes, there and back', () => {
    const memory = memoryOf(200, by)
    const ratios = [0, 1, 2, 3].map((phase) => {
      const first = phase * 1_000_000
      const keys = phase % 2 === 0 ? loop(250, 40_000, first) : pairs(161, 40_000, first)
      return hitRatio(replay(memory, keys).slice(20_000))
    })
    for (const phase of [0, 2]) expect(ratios[phase]).toBeGreaterThan(0.6)
    for (const phase of [1, 3]) expect(ratios[phase]).toBeGreaterThan(0.47)
  })
})

describe('what memory keeps', () => {
  test('what was set and read while there is room is a hit, however often others were read', () => {
    const memory = memoryOf(100, 'entries')
    replay(memory, loop(99, 5_000))
    memory.write(remembered('last'))
    expect(memory.read('last')).toBeDefined()
    expect(hitRatio(replay(memory, loop(99, 99)))).toBe(1)
    expect(memory.evictions).toBe(0)
  })

  test('the newest entry is kept, even when the cache is full of others that are read often', () => {
    const memory = memoryOf(50, 'entries')
    replay(memory, loop(50, 2_000))
    for (let at = 0; at < 100; at += 1) {
      memory.write(remembered(`new${at}`))
      expect(memory.read(`new${at}`)).toBeDefined()
    }
  })

  test('an entry that is replaced keeps its standing', () => {
    const memory = memoryOf(100, 'entries')
    replay(memory, loop(60, 600))
    for (let at = 0; at < 60; at += 1) memory.write(remembered(`k${at}`, { value: 'something else' }))
    replay(memory, loop(1_000, 1_000, 10_000))
    expect(hitRatio(replay(memory, loop(60, 60)))).toBeGreaterThan(0.95)
    expect(memory.look('k7')?.entry.value).toBe('something else')
  })

  test('an entry that ended and was loaded again is no newcomer', () => {
    const survivors = [true, false].map((again) => {
      const memory = memoryOf(100, 'entries')
      replay(memory, loop(150, 900))
      memory.write(remembered('other'))
      if (again) {
        memory.remove('other')
        memory.write(remembered('other'))
      }
      replay(memory, loop(60, 60, 10_000))
      return memory.look('other') !== undefined
    })
    expect(survivors).toEqual([true, false])
  })

  test.each(['loadTime', 'cost'] as const)('costly entries stay longer where %s is weighed', (weighCost) => {
    const kept = [{}, { weighCost }].map((weighed) => {
      const memory = createMemoryOf({ maxEntries: 100, ...weighed }, () => {})
      let hits = 0
      let seed = 7
      for (let at = 0; at < 60_000; at += 1) {
        seed = (seed * 48_271) % 2_147_483_647
        const number = seed % 400
        const costly = number % 10 === 0
        const key = `k${number}`
        if (memory.read(key) !== undefined) hits += costly ? 1 : 0
        else
          memory.write(
            remembered(key, { loadTime: costly ? 8_000 : 100, meta: { cost: costly ? 0.9 : 0.01 } }),
          )
      }
      return hits / 6_000
    })
    expect(kept[1]).toBeGreaterThan((kept[0] as number) * 1.5)
  })

  test('a cost that is weighed must be one that there is', () => {
    expect(() => createMemoryOf({ weighCost: 'price' as 'cost' }, () => {})).toThrow(/weighCost is "price"/)
  })
})
