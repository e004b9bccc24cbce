import { type AnyParams, RepriseError, type SpaceBase, defineCatalog, defineSpace } from '@reprise/cache'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const templates = {
  literal: 'config',
  one: '{a}',
  two: '{a}:{b}',
  user: 'user:{id}',
  settings: 'user:settings',
  deep: 'user:{id}:note:{note}',
  tail: 'user:{id}:note:all',
  three: '{a}:{b}:{c}',
  model: 'model:{name}:v1',
} as const

const spaces: readonly SpaceBase[] = Object.entries(templates).map(([name, key]) =>
  defineSpace({ name, key, schema: z.unknown(), ttl: '1m' }),
)
const catalog = defineCatalog({ prefix: 'app', spaces, maxKeyBytes: 100_000 })

const keyOf = (name: keyof typeof templates, params: AnyParams): string =>
  catalog.find(name).keys.build(params)

// Words of the templates, escapes that look like ours, separators, and any text at all.
const value = fc.oneof(
  fc.constantFrom(
    'user',
    'settings',
    'note',
    'all',
    'model',
    'v1',
    'config',
    '%75ser',
    'app',
    '__proto__',
    'toString',
  ),
  fc.constantFrom(
    ':',
    'a:b',
    '{a}',
    '*',
    '%',
    '%3A',
    '%uD800',
    '\ud800',
    '\udc00',
    '\0',
    '\u0085',
    '[a]',
    '\\',
    '?',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  fc.string({ minLength: 1, maxLength: 8 }),
)
const set = fc
  .constantFrom(...catalog.spaces)
  .chain((space) =>
    fc
      .record(Object.fromEntries(space.keys.names.map((name) => [name, value])))
      .map((params) => ({ space, params })),
  )

describe('keys', () => {
  test('no two different sets of parameters make one key, across all templates of a catalog', () => {
    fc.assert(
      fc.property(set, set, (one, two) => {
        const same = one.space === two.space && JSON.stringify(one.params) === JSON.stringify(two.params)
        expect(one.space.keys.build(one.params) === two.space.keys.build(two.params)).toBe(same)
      }),
      { numRuns: 3_000 },
    )
  })

  test('a key is parsed back into its space and its parameters', () => {
    fc.assert(
      fc.property(set, ({ space, params }) => {
        const key = space.keys.build(params)
        expect(key).toMatch(/^app:/)
        const owner = catalog.parse(key)
        expect(owner?.space.name).toBe(space.name)
        expect(owner?.params).toEqual(params)
      }),
      { numRuns: 3_000 },
    )
  })

  test('every parameter is kept within its segment, in one line of well-formed text without glob signs', () => {
    fc.assert(
      fc.property(value, (id) => {
        const key = keyOf('user', { id })
        expect(key.split(':')).toHaveLength(3)
        expect(key).not.toMatch(/[\p{Cc}*?[\]{}\\]/u)
        expect(Buffer.from(key).toString()).toBe(key)
      }),
    )
  })

  test('a parameter that reads like another template is escaped', () => {
    expect(keyOf('settings', {})).toBe('app:user:settings')
    expect(keyOf('user', { id: 'settings' })).toBe('app:user:%73ettings')
    expect(keyOf('user', { id: '%73ettings' })).toBe('app:user:%2573ettings')
    expect(keyOf('user', { id: 'Settings' })).toBe('app:user:Settings')
  })

  test('numbers, bigints and booleans are their text', () => {
    const key = (id: string | number | bigint | boolean): string => keyOf('user', { id })
    expect([key(1), key('1'), key(1n)]).toEqual(Array.from({ length: 3 }, () => 'app:user:1'))
    expect([key(-0), key(false), key(1.5)]).toEqual(['app:user:0', 'app:user:false', 'app:user:1.5'])
  })

  test("keys of strangers are nobody's", () => {
    for (const key of ['', 'app', 'app:', 'apple:config', 'other:user:1', 'app:user:', 'app:a:b:c:d:e'])
      expect(catalog.parse(key)).toBeUndefined()
  })

  const refused: readonly (readonly [AnyParams, string, RegExp])[] = [
    [{}, 'E_PARAM_MISSING', /"user:\{id\}".*"id" is missing; got \{\}/],
    [{ id: undefined as never }, 'E_PARAM_MISSING', /"id" is missing/],
    [{ id: '' }, 'E_PARAM_INVALID', /"id" is empty/],
    [{ id: Number.NaN }, 'E_PARAM_INVALID', /"id" is null|"id" is NaN/],
    [{ id: Infinity }, 'E_PARAM_INVALID', /"id" is/],
    [{ id: null as never }, 'E_PARAM_INVALID', /"id" is null/],
    [{ id: { no: 1 } as never }, 'E_PARAM_INVALID', /"id" is \{"no":1\}/],
    [{ id: 1, more: 2 }, 'E_PARAM_UNKNOWN', /unknown parameter "more"; it takes id/],
    [{ id: '订'.repeat(40_000) }, 'E_KEY_TOO_LONG', /over the limit of 100000/],
    [{ id: 'x'.repeat(100_001) }, 'E_KEY_TOO_LONG', /over the limit of 100000/],
  ]
  test.each(refused)('parameters %o are refused with %s', (params, code, message) => {
    let error: unknown
    try {
      catalog.find('user').keys.build(params)
    } catch (caught) {
      error = caught
    }
    expect(RepriseError.is(error) && error.code).toBe(code)
    expect((error as Error).message).toMatch(message)
  })

  test('a key of exactly the longest length is taken', () => {
    expect(Buffer.byteLength(keyOf('user', { id: 'x'.repeat(100_000 - 9) }))).toBe(100_000)
    expect(() => keyOf('user', { id: 'x'.repeat(100_000 - 8) })).toThrow(/over the limit/)
  })

  test('templates that can make one key are refused, by name', () => {
    const space = (name: string, key: string): SpaceBase =>
      defineSpace({ name, key, schema: z.unknown(), ttl: 1 })
    expect(() =>
      defineCatalog({ prefix: 'app', spaces: [space('a', 'x:{a}'), space('b', 'x:{b}')] }),
    ).toThrow(/"x:\{a\}" and "x:\{b\}" are the same/)
    expect(() => defineCatalog({ prefix: 'app', spaces: [space('a', 'x'), space('a', 'y')] })).toThrow(
      /twice/,
    )
    expect(() => defineCatalog({ prefix: 'a:b', spaces: [] })).toThrow(/prefix "a:b"/)
    expect(() => catalog.find('nobody')).toThrow(/"nobody" is not in the catalog "app"/)
  })
})
