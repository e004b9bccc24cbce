import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../src/entry/entry.ts'
import { createMemoryOf } from '../src/memory/layout.ts'
import { isOver } from '../src/memory/memory.ts'
import { layouts, remembered, sizeOf } from './memory-records.ts'

const key = fc.integer({ min: 0, max: 11 }).map((number) => `k${number}`)
const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('write' as const), key, life: fc.nat(50), length: fc.nat(900) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), limit: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('step' as const), by: fc.integer({ min: -5, max: 30 }) }),
  },
)
const operations = fc.array(operation, { maxLength: 300 })

describe.each(layouts)('the memory tier (%s) and a Map', (layout) => {
  test.each([
    { name: 'with room for all', maxEntries: 12, maxBytes: 1_000_000, full: false },
    { name: 'with room for five entries', maxEntries: 5, maxBytes: 1_000_000, full: true },
    { name: 'with room for some bytes', maxEntries: 1_000, maxBytes: 5_000, full: true },
    { name: 'with both bounds', maxEntries: 6, maxBytes: 5_000, full: true },
    { name: 'with costs', maxEntries: 5, maxBytes: 5_000, full: true, weighCost: 'loadTime' as const },
  ])('agree $name, whatever the operations and however the clock steps', ({ full, ...bounds }) => {
    fc.assert(
      fc.property(operations, (sequence) => {
        let now = 0
        let written = 0
        const model = new Map<
          string,
          { readonly value: string; readonly end: number; readonly entry: Partial<Entry> }
        >()
        const memory = createMemoryOf(
          {
            layout,
            maxEntries: bounds.maxEntries,
            maxBytes: bounds.maxBytes,
            ...(bounds.weighCost === undefined ? {} : { weighCost: bounds.weighCost }),
          },
          (gone) => {
            expect(full).toBe(true)
            expect(model.delete(gone.key)).toBe(true)
          },
        )
        for (const one of sequence) {
          if (one.kind === 'write') {
            const value = `${written}`.padEnd(one.length, '.')
            const end = now + one.life
            written += 1
            const entry = { value, freshUntil: end, loadTime: one.length }
            model.set(one.key, { value, end, entry })
            memory.write(remembered(one.key, entry))
          } else if (one.kind === 'read') {
            expect(memory.read(one.key)?.entry.value).toBe(model.get(one.key)?.value)
          } else if (one.kind === 'remove') {
            expect(memory.remove(one.key)).toBe(model.delete(one.key))
          } else if (one.kind === 'step') {
            now += one.by
          } else {
            memory.sweep(one.limit, (record) => isOver(record, now) && model.delete(record.key))
          }
          expect(memory.entries).toBeLessThanOrEqual(bounds.maxEntries)
          expect(memory.bytes).toBeLessThanOrEqual(bounds.maxBytes)
          expect([...memory.records()].map((record) => record.key).toSorted()).toEqual(
            [...model.keys()].toSorted(),
          )
        }
        expect(memory.bytes).toBe([...memory.records()].reduce((sum, { size }) => sum + size, 0))
        if (layout === 'objects') {
          const sizes = [...model].map(([name, { entry }]) => sizeOf(name, entry))
          expect(memory.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
        }
        // The first walk may be the rest of one that began before the last entries ended.
        for (let walks = 0; walks < 2;)
          walks += memory.sweep(7, ({ entry }) => entry.freshUntil <= now).done ? 1 : 0
        for (const [name, { end }] of model) expect(memory.look(name) === undefined).toBe(end <= now)
        for (const record of memory.records()) memory.remove(record.key)
        expect([memory.entries, memory.bytes, memory.usage('note')]).toEqual([0, 0, { entries: 0, bytes: 0 }])
      }),
      { numRuns: 200 },
    )
  })
})
