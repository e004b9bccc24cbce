import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashText } from '../src/memory/hash.ts'
import { createMemoryOf } from '../src/memory/layout.ts'
import { layouts, remembered } from './memory-records.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 80 }),
  // Code units of their own: half of a surrogate pair may stand alone.
  fc
    .array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
)
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
/** As keys of the space are, and others. */
const anyKey = fc.oneof(
  text,
  text.map((rest) => `test:note:${rest}`),
)

describe.each(layouts)('what memory keeps (%s)', (layout) => {
  test('keys and all that stands beside a value come back, with whole and broken numbers', () => {
    const entry = fc.record({
      createdAt: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.double({ min: 0, max: 4e12, noNaN: true })),
      freshUntil: fc.oneof(
        fc.constant(Infinity),
        fc.double({ min: 0, max: 5e12, noNaN: true }),
        fc.constant(3_600_000),
      ),
      asOf: fc.record({ era: fc.constantFrom('one', 'two', '三'), n: fc.maxSafeNat() }),
      loadTime: fc.double({ min: 0, max: 1e6, noNaN: true }),
      version: fc.oneof(
        fc.uuid(),
        fc.string({ minLength: 12, maxLength: 12 }),
        fc.stringMatching(/^[\w-]{12}$/),
      ),
      bytes: fc.nat(),
      tags: fc.array(text, { maxLength: 3 }),
      meta: fc.record({ model: text, rank: fc.nat(), cost: number }, { requiredKeys: [] }),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(anyKey, entry), { minLength: 1, maxLength: 5 }), (given) => {
        const memory = createMemoryOf({ layout }, () => {})
        for (const [key, one] of given) memory.write(remembered(key, one))
        for (const [key, one] of new Map(given)) {
          const record = memory.look(key)
          expect(record?.key).toBe(key)
          if (record === undefined) throw new Error('it was written')
          const { value: kept, version, ...rest } = record.entry
          expect({ value: kept, version, ...rest }).toEqual({ value: 'ten letter', ...one })
        }
        expect([...memory.records()].map(({ key }) => key).toSorted()).toEqual(
          [...new Map(given).keys()].toSorted(),
        )
      }),
      { numRuns: 400 },
    )
  })

  test('entries of hundreds of eras keep theirs', () => {
    const memory = createMemoryOf({ layout }, () => {})
    const eras = Array.from({ length: 400 }, (_, index) => `era ${index}`)
    for (const era of eras) memory.write(remembered(era, { asOf: { era, n: 7 } }))
    for (const era of eras) expect(memory.look(era)?.entry.asOf).toEqual({ era, n: 7 })
  })

  test('the marks of an entry come back, those of its tags last', () => {
    const memory = createMemoryOf({ layout }, () => {})
    const given: Readonly<Record<string, [marks: string[], tags: string[]]>> = {
      bare: [['s:note'], []],
      tagged: [
        ['s:note', 't:a', 't:b'],
        ['a', 'b'],
      ],
      tenant: [['s:note', 'n:ann', 't:a'], ['a']],
    }
    for (const [name, [marks, tags]] of Object.entries(given))
      memory.write({ ...remembered(name, { tags }), marks })
    for (const [name, [marks, tags]] of Object.entries(given))
      expect([memory.look(name)?.marks, memory.look(name)?.entry.tags]).toEqual([marks, tags])
  })

  test('the time of the last read is kept to the millisecond for twelve days, then to about a second', () => {
    const memory = createMemoryOf({ layout }, () => {})
    memory.write(remembered('a', { createdAt: 5_000 }))
    const day = 86_400_000
    for (const [after, most] of [
      [0, 0],
      [77, 0],
      [12 * day + 1, 0],
      [13 * day + 1, 1_024],
      [9_000 * day, 1_024],
    ] as const) {
      const record = memory.look('a')
      if (record === undefined) throw new Error('it was written')
      record.lastReadAt = 5_000 + after
      expect(5_000 + after - (memory.look('a')?.lastReadAt ?? 0)).toBeGreaterThanOrEqual(0)
      expect(5_000 + after - (memory.look('a')?.lastReadAt ?? 0)).toBeLessThanOrEqual(most)
    }
  })

  test('keys of one seed are found; with other seeds the same keys have other hashes', () => {
    for (const seed of [0, 1, 0xffff_ffff]) {
      const memory = createMemoryOf({ layout, seed }, () => {})
      for (let index = 0; index < 500; index += 1)
        memory.write(remembered(`test:note:${index}`, { value: index }))
      for (let index = 0; index < 500; index += 1)
        expect(memory.read(`test:note:${index}`)?.entry.value).toBe(index)
    }
    expect(new Set([0, 1, 0xffff_ffff].map((seed) => hashText('test:note:1', seed))).size).toBe(3)
  })
})
