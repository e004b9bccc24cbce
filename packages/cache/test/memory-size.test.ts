import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { createMemoryOf } from '../src/memory/layout.ts'
import { sizeOfText, sizeOfValue } from '../src/memory/size.ts'
import { remembered } from './memory-records.ts'

function numbers(count: number, of: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => of(index))
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Heap and what lies outside it, such as typed arrays. */
function taken(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Heap that `count` things take each, in bytes; they are kept until it is known. The middle of five, since others allocate too. */
function heapOf(count: number, make: (index: number) => unknown): number {
  const kept: unknown[] = Array.from({ length: count }, () => null)
  const rounds = numbers(5, () => {
    kept.fill(null)
    collect()
    const before = taken()
    for (let index = 0; index < count; index += 1) kept[index] = make(index)
    collect()
    return (taken() - before) / count
  })
  expect(kept).toHaveLength(count)
  return rounds.toSorted((one, other) => one - other)[2] as number
}

/** A value as a tier below gives it back, frozen as a space freezes it. */
function parsed(value: unknown, freezes: boolean): unknown {
  const freeze = (some: unknown): unknown => {
    if (typeof some === 'object' && some !== null) Object.values(some).forEach(freeze)
    return Object.freeze(some)
  }
  const copy: unknown = JSON.parse(JSON.stringify(value))
  return freezes ? freeze(copy) : copy
}

const shapes: Readonly<Record<string, (index: number) => unknown>> = {
  'flat objects': (index) => ({
    id: index,
    name: `user number ${index}`,
    email: `u${index}@example.com`,
    active: index % 2 === 0,
    score: index / 7,
    city: `Hangzhou ${index}`,
  }),
  'nested objects': (index) => ({
    id: index,
    user: {
      name: `name of ${index}`,
      address: { street: `street ${index}`, at: { lat: index / 7, lon: index / 9 } },
    },
    tags: [`a${index}`, `b${index}`, `c${index}`],
    items: [
      { sku: `sku-${index}`, price: index / 3, n: 1 },
      { sku: `sku+${index}`, price: index / 5, n: 2 },
    ],
  }),
  'arrays of whole numbers': (index) => ({ list: numbers(150, (place) => (index * place) % 1_000) }),
  'arrays of fractions': (index) => ({ list: numbers(150, (place) => (index + 1) / (place + 7)) }),
  'arrays of both': (index) => numbers(150, (place) => (place % 2 === 0 ? place : (index + 1) / (place + 7))),
  rows: (index) =>
    numbers(index % 100, (row) => row).map((row) => ({
      row,
      name: `row ${row} of ${index}`,
      price: row / 3,
    })),
  'long texts': (index) => `${'an answer of a model '.repeat(index % 90)}${index}`,
  'long Chinese texts': (index) => ({ text: `${'缓存的价值在于命中'.repeat(index % 90)}${index}` }),
  'very wide objects': (index) =>
    Object.fromEntries(
      numbers(200, (place) => place).map((place) => [`field${place}`, `${place} of ${index}`]),
    ),
}

describe('the estimated size of', () => {
  describe.each([true, false])('values that are frozen: %s', (freezes) => {
    test.each(Object.keys(shapes))('%s is within 20 % of the heap they take', (name) => {
      const make = shapes[name] as (index: number) => unknown
      const count = name.includes('objects') && !name.includes('wide') ? 20_000 : 2_000
      for (let index = 0; index < 500; index += 1) sizeOfValue(parsed(make(index), freezes))
      const heap = heapOf(count, (index) => parsed(make(index), freezes))
      const sizes = numbers(count, (index) => sizeOfValue(parsed(make(index), freezes)))
      const estimate = sizes.reduce((sum, size) => sum + size, 0) / count
      expect(estimate / heap).toBeGreaterThan(0.8)
      expect(estimate / heap).toBeLessThan(1.2)
    })
  })

  test('whole entries is within 20 % of the heap they take, with their keys, times and places', () => {
    const make = (index: number): ReturnType<typeof remembered> => {
      const version = Buffer.from(`version ${index} is of as many letters`.slice(0, 36)).toString('latin1')
      const now = Date.now() + index / 7
      return remembered(Buffer.from(`test:note:user-${index}`).toString('latin1'), {
        value: parsed((shapes['flat objects'] as (index: number) => unknown)(index), true),
        createdAt: now,
        freshUntil: now + 3_600_000,
        meta: Object.freeze({ cost: index }),
        version,
      })
    }
    // Pages and index are made for 4,096 entries at a time: an empty cache takes 0.15 MB, which no entry is charged for.
    const each = 4_096
    const heap = heapOf(5, (index) => {
      const memory = createMemoryOf({}, () => {})
      for (let at = 0; at < each; at += 1) memory.write(make(index * each + at))
      return memory
    })
    const filled = createMemoryOf({}, () => {})
    for (let at = 0; at < each; at += 1) filled.write(make(at))
    const estimate = filled.bytes
    expect(estimate / heap).toBeGreaterThan(0.8)
    expect(estimate / heap).toBeLessThan(1.2)
  })

  test('a text depends on whether its characters need two bytes each', () => {
    expect([
      sizeOfText(''),
      sizeOfText('a'),
      sizeOfText('a'.repeat(80)),
      sizeOfText('命'.repeat(80)),
    ]).toEqual([16, 24, 96, 176])
  })

  test('a value of a million members is known after a look at some of them', () => {
    const rows = numbers(1_000_000, (row) => row).map((row) => ({ row, price: row / 3 }))
    const startedAt = performance.now()
    const size = sizeOfValue(rows)
    expect(performance.now() - startedAt).toBeLessThan(20)
    expect(size).toBeGreaterThan(56_000_000 * 0.9)
    expect(size).toBeLessThan(56_000_000 * 1.25)
  })
})
