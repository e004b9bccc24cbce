import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { restored, storable } from '../src/stored-value.ts'

const leaf = fc.oneof(
  fc.jsonValue(),
  fc.double({ noDefaultInfinity: false }),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
  fc.constantFrom(new URL('https://a.b/c')),
)
const marked = fc.constantFrom('$bytes', '$date', '$url', '$number', '$object', '$other')
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('any')),
    fc.dictionary(fc.oneof(marked, fc.string()), tie('any'), { noNullPrototype: true }),
  ),
})).any

test('what is stored is JSON, and comes back as it was, in new objects', () => {
  fc.assert(
    fc.property(value, (given) => {
      const text = JSON.stringify(storable(given))
      const back = restored(JSON.parse(text))
      // JSON has no minus zero, here as on the wire.
      const zeroes = (_: string, member: unknown) => (Object.is(member, -0) ? 0 : member)
      expect(JSON.stringify(storable(back), zeroes)).toBe(JSON.stringify(storable(given), zeroes))
      if (!/-0/.test(fc.stringify(given))) expect(back).toEqual(given)
      if (typeof given === 'object' && given !== null) expect(back).not.toBe(given)
    }),
  )
})

test.for([() => 1, Symbol('a'), 5n, new Map(), { deep: [new Error('a')] }])('%s is refused', (given) => {
  expect(() => storable(given)).toThrow(expect.objectContaining({ code: 'E_CALL_VALUE' }))
})
