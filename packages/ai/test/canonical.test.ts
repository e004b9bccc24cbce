import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../src/key/canonical.ts'
import { framedDigest } from '../src/key/digest.ts'

const wellFormed = fc.string({ unit: 'grapheme' })
const json = fc.jsonValue({ stringUnit: 'grapheme' })

/** A copy of a JSON value with the members of every object in the opposite order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turned(member)]),
  )
}

describe('RFC 8785', () => {
  test('the example of its section 3.2.2 and 3.2.3', () => {
    const given = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    }
    expect(canonicalText(given)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('the sorting of its section 3.2.3', () => {
    const given = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
    const order = [...canonicalText(given).matchAll(/:(\d)/g)].map(([, digit]) => Number(digit))
    expect(order).toEqual([2, 4, 6, 7, 1, 5, 3])
  })

  test('the order of members does not count, nor do members that are undefined', () => {
    fc.assert(
      fc.property(json, wellFormed, (value, name) => {
        expect(canonicalText(turned(value))).toBe(canonicalText(value))
        if (typeof value !== 'object' || value === null || Array.isArray(value) || name in value) return
        expect(canonicalText({ ...value, [name]: undefined })).toBe(canonicalText(value))
        expect(canonicalText({ ...value, [name]: null })).not.toBe(canonicalText(value))
      }),
    )
  })

  test('it is JSON of the same value, and twice the same', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalText(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalText(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('two values have one text only when JSON takes them for one', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = JSON.stringify(turned(turned(a))) === JSON.stringify(turned(turned(b)))
        if (same) expect(canonicalText(a)).toBe(canonicalText(b))
        if (canonicalText(a) === canonicalText(b))
          expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)))
      }),
    )
  })

  test('the order of a list counts, and minus zero is zero', () => {
    expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]))
    expect(canonicalText(-0)).toBe(canonicalText(0))
  })
})

describe('what JSON cannot hold', () => {
  test('a date, its text and its number are three things', () => {
    const date = new Date(0)
    const texts = [date, date.toISOString(), 0, { date: date.toISOString() }].map((value) =>
      canonicalText(value),
    )
    expect(new Set(texts).size).toBe(4)
    expect(canonicalText([new Date(5)])).toBe(canonicalText([new Date(5)]))
  })

  test('bytes count by their content, in whichever view', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const shifted = new Uint8Array([0, ...bytes])
        expect(canonicalText(shifted.subarray(1))).toBe(canonicalText(bytes))
        expect(canonicalText(Buffer.from(bytes))).toBe(canonicalText(bytes))
        expect(canonicalText(shifted)).not.toBe(canonicalText(bytes))
        expect(canonicalText([...bytes])).not.toBe(canonicalText(bytes))
      }),
    )
  })

  test('URLs and bigints are not their texts', () => {
    expect(canonicalText(new URL('https://a.b/'))).not.toBe(canonicalText('https://a.b/'))
    expect(canonicalText(5n)).not.toBe(canonicalText(5))
    expect(canonicalText(5n)).not.toBe(canonicalText('5'))
  })

  test('text of other code points is other text, however it looks', () => {
    expect(canonicalText('\u00e9')).not.toBe(canonicalText('e\u0301'))
  })

  const cycle: { self?: unknown } = {}
  cycle.self = [cycle]
  test.for<[string, unknown, string]>([
    ['not a number', { a: [Number.NaN] }, 'value.a[0]'],
    ['infinity', { a: Infinity }, 'value.a'],
    ['a function', { a: () => 1 }, 'value.a'],
    ['a symbol', [Symbol('a')], 'value[0]'],
    ['undefined', undefined, 'value'],
    ['a map', { a: new Map() }, 'value.a'],
    ['an invalid date', { a: new Date(Number.NaN) }, 'value.a'],
    ['half a surrogate pair', { a: 'x\ud83d' }, 'value.a'],
    ['half a surrogate pair in a name', { 'x\ud83d': 1 }, 'value'],
    ['what contains itself', cycle, 'value.self[0]'],
  ])('%s is refused by its path', ([, value, path]) => {
    expect(() => canonicalText(value)).toThrow(
      expect.objectContaining({
        code: 'E_CALL_VALUE',
        message: expect.stringContaining(`${path} `) as string,
      }),
    )
  })

  test('the same object twice, side by side, is no cycle', () => {
    const one = { a: 1 }
    expect(canonicalText([one, one])).toBe('[{"a":1},{"a":1}]')
  })
})

test('frames cannot run into each other', () => {
  const frames = fc.array(fc.tuple(wellFormed, wellFormed), { maxLength: 4 })
  fc.assert(
    fc.property(frames, frames, (a, b) => {
      expect(framedDigest(a) === framedDigest(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
  )
  expect(framedDigest([['a', 'bc']])).not.toBe(framedDigest([['ab', 'c']]))
})
