import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { remembered } from './memory-records.ts'
import { packed } from './packed-rig.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 80 }),
  // Code units of their own: half of a surrogate pair may stand alone.
  fc
    .array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom('pending', 'done', '状态', '🙂', '', '__proto__'),
)
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((whole) => whole / 1_000),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('id', 'name', 'items', '名', '__proto__', '0'), text),
      tie('value'),
      {
        maxKeys: 6,
        noNullPrototype: true,
      },
    ),
  ),
}))

/** Equality of everything, the order of fields and the sign of zero included. */
function shown(one: unknown): string {
  return JSON.stringify(one, (_, member: unknown) => (Object.is(member, -0) ? '-0' : member))
}

describe('packed values', () => {
  test('come back as they were, however often their like was packed before', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const memory = packed()
        for (let round = 0; round < 3; round += 1)
          values.forEach((one, index) => memory.write(remembered(`k${index}`, { value: one })))
        values.forEach((one, index) => {
          const read = memory.read(`k${index}`)?.entry.value
          expect(read).toEqual(one)
          expect(shown(read)).toBe(shown(one))
        })
      }),
      { numRuns: 400 },
    )
  })

  test('a field that is undefined is none, as in JSON', () => {
    const memory = packed()
    memory.write(remembered('a', { value: { one: 1, two: undefined } }))
    expect(Object.keys(memory.read('a')?.entry.value as object)).toEqual(['one'])
  })

  test.each([[new Date(0)], [new Map()], [10n], [{ deep: [() => 1] }], [undefined]])(
    '%o is not JSON: it is not kept, nor what its key had',
    (odd) => {
      const memory = packed()
      memory.write(remembered('a'))
      memory.write(remembered('a', { value: odd }))
      expect([memory.look('a'), memory.entries, memory.bytes]).toEqual([undefined, 0, 0])
    },
  )

  test('each read is a copy of its own, frozen through and through', () => {
    const memory = packed()
    memory.write(remembered('a', { value: { list: [{ name: 'x' }] } }))
    const [one, other] = [memory.read('a'), memory.read('a')].map(
      (record) => record?.entry.value as { list: object[] },
    )
    expect(one).toEqual(other)
    expect(one).not.toBe(other)
    expect([one, one?.list, one?.list[0]].every((part) => Object.isFrozen(part))).toBe(true)
  })

  test('dictionaries whose names are data fill no table: their names stay with them', () => {
    const memory = packed({ maxEntries: 20_000 })
    for (let index = 0; index < 10_000; index += 1)
      memory.write(remembered(`k${index}`, { value: { [`name-${index}`]: index } }))
    memory.write(remembered('a', { value: { state: 'open', from: 1 } }))
    memory.write(remembered('b', { value: { state: 'open', from: 2 } }))
    memory.write(remembered('c', { value: { state: 'open', from: 3 } }))
    const [first, , third] = ['a', 'b', 'c'].map((key) => memory.look(key)?.size as number)
    expect(third).toBeLessThan(first as number)
    expect(memory.look('k77')?.entry.value).toEqual({ 'name-77': 77 })
  })
})
