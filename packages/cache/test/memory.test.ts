import { onEvent } from '@reprise/cache'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryOf } from '../src/memory/layout.ts'
import type { Remembered } from '../src/memory/record.ts'
import { layouts, remembered } from './memory-records.ts'
import { notes, rig } from './rig.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

function record(key: string, length: number): Remembered {
  return remembered(key, { value: 'x'.repeat(length), bytes: length })
}

describe.each(layouts)('the memory tier (%s)', (layout) => {
  test('never holds more than its bounds, and its figures are the sum of what it holds', () => {
    const operation = fc.record({
      kind: fc.constantFrom('write', 'read', 'remove', 'sweep', 'look'),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      bytes: fc.nat(3_000),
    })
    const bounds = fc.record({ maxEntries: fc.nat(5), maxBytes: fc.nat(12_000) })
    fc.assert(
      fc.property(bounds, fc.array(operation, { maxLength: 60 }), (limits, operations) => {
        let evicted = 0
        const memory = createMemoryOf({ ...limits, layout }, () => (evicted += 1))
        for (const { kind, key, bytes } of operations) {
          if (kind === 'write') memory.write(record(key, bytes))
          else if (kind === 'read') memory.read(key)
          else if (kind === 'look') memory.look(key)
          else if (kind === 'remove') memory.remove(key)
          else memory.sweep(3, (one) => one.entry.bytes % 2 === 0)
          const held = [...memory.records()]
          expect(memory.entries).toBeLessThanOrEqual(limits.maxEntries)
          expect(memory.bytes).toBeLessThanOrEqual(limits.maxBytes)
          expect(memory.entries).toBe(held.length)
          expect(memory.usage('note')).toEqual({ entries: held.length, bytes: memory.bytes })
        }
        expect(memory.evictions).toBe(evicted)
        for (const { key } of memory.records()) memory.remove(key)
        expect([memory.entries, memory.bytes, memory.usage('note')]).toEqual([0, 0, { entries: 0, bytes: 0 }])
      }),
      { numRuns: 300 },
    )
  })

  test('a record that could not stay alone pushes nothing out', () => {
    const memory = createMemoryOf({ maxBytes: 2_000, layout }, () => {})
    memory.write(record('a', 100))
    memory.write(record('b', 100_000))
    expect([...memory.records()].map(({ key }) => key)).toEqual(['a'])
    memory.write(record('a', 100_000))
    expect([memory.entries, memory.bytes]).toEqual([0, 0])
  })

  test('a sweep goes round: every record is looked at, however often others are read', () => {
    const memory = createMemoryOf({ layout }, () => {})
    for (let index = 0; index < 50; index += 1) memory.write(record(`k${index}`, 10))
    const seen = new Set<string>()
    for (let round = 0; round < 40; round += 1) {
      memory.sweep(5, ({ key }) => {
        seen.add(key)
        return false
      })
      memory.read(`k${round}`)
    }
    expect(seen.size).toBe(50)
  })

  test.each([-1, Number.NaN, Infinity, '5'])('a bound of %o is refused', async (bound) => {
    await expect(rig(notes(), { memory: { maxEntries: bound as number, layout } })).rejects.toThrow(
      /memory\.maxEntries is/,
    )
    await expect(rig(notes(), { memory: { maxBytes: bound as number, layout } })).rejects.toThrow(
      /memory\.maxBytes is/,
    )
  })

  test('an eviction is told by an event and counted; expired entries go by themselves', async () => {
    const evicted: string[] = []
    stops.push(onEvent('entry-evicted', ({ key }) => evicted.push(key)))
    const { cache, clock } = await rig(notes(), { memory: { maxEntries: 2, layout }, sweepEvery: 1_000 })
    const handle = cache.open(notes())
    for (const id of [1, 2, 3]) await handle.set({ user: 'ann', id }, 'value', { ttl: id * 1_000 })
    expect([evicted.length, cache.stats().evictions, cache.stats().total.memoryEntries]).toEqual([1, 1, 2])
    await clock.advance(5_000)
    expect([cache.stats().total.memoryEntries, cache.stats().total.memoryBytes]).toEqual([0, 0])
    expect(cache.stats().expirations).toBe(2)
    await cache.close()
    expect(clock.pending).toBe(0)
  })
})
