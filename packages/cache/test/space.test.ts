import {
  type InputOf,
  type ParamsOf,
  RepriseError,
  type ValueOf,
  defineCatalog,
  defineSpace,
} from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { rig } from './rig.ts'

const answer = defineSpace({
  name: 'answer',
  key: 'answer:{tenant}:{model}:{hash}',
  schema: z.object({ text: z.string(), score: z.number().default(1) }),
  ttl: '10m',
  requires: ['tenant', 'model'],
})
const flags = defineSpace({ name: 'flags', key: 'flags', schema: z.boolean(), ttl: '1h' })
const params = { tenant: 't', model: 'm', hash: 'h' }

/** Code that the compiler looks at and nothing runs. */
const compiles = (code: () => unknown): void => void code

describe('what the compiler refuses', () => {
  test('parameters are read off the template', () => {
    const right: ParamsOf<typeof answer> = params
    const value: ValueOf<typeof answer> = { text: 'x', score: 1 }
    const input: InputOf<typeof answer> = { text: 'x' }
    expect([right, value, input]).toHaveLength(3)
    // @ts-expect-error the parameter hash is missing
    const missing: ParamsOf<typeof answer> = { tenant: 't', model: 'm' }
    // @ts-expect-error the template has no parameter user
    const extra: ParamsOf<typeof answer> = { ...params, user: 'u' }
    // @ts-expect-error a date is not a parameter
    const wrong: ParamsOf<typeof answer> = { ...params, hash: new Date() }
    expect([missing, extra, wrong]).toHaveLength(3)
  })

  test('a handle takes the parameters and values of its space', () => {
    compiles(async () => {
      const { cache } = await rig([answer, flags])
      const handle = cache.open(answer)
      const found: { text: string; score: number } | undefined = await handle.get(params)
      // @ts-expect-error the parameter hash is missing
      await handle.get({ tenant: 't', model: 'm' })
      // @ts-expect-error the template has no parameter user
      await handle.delete({ ...params, user: 'u' })
      // @ts-expect-error a text is not what the schema takes
      await handle.set(params, 'text')
      // @ts-expect-error a loader must make what the schema takes
      await handle.getOrLoad(params, () => 42)
      const flag: boolean | undefined = await cache.open(flags).get({})
      // @ts-expect-error the value is an object, not a number
      const number: number = await handle.getOrLoad(params, () => ({ text: 'x' }))
      return [found, flag, number]
    })
  })

  test('a required dimension that the template lacks does not compile, and does not run', () => {
    const make = (): unknown =>
      defineSpace({
        name: 'bare',
        key: 'bare:{hash}',
        schema: z.string(),
        ttl: '1m',
        // @ts-expect-error the template has no {tenant}
        requires: ['tenant'],
      })
    expect(make).toThrow(/lacks the required \{tenant\}/)
  })

  test('a space without ttl does not compile, and does not run', () => {
    // @ts-expect-error ttl is required
    expect(() => defineSpace({ name: 'bare', key: 'bare', schema: z.string() })).toThrow(/has no ttl/)
  })

  test('getCacheKey knows the names and parameters of its catalog', () => {
    const catalog = defineCatalog({ prefix: 'app', spaces: [answer, flags] })
    expect(catalog.getCacheKey('answer', params)).toBe('app:answer:t:m:h')
    expect(catalog.getCacheKey('flags', {})).toBe('app:flags')
    // @ts-expect-error the catalog has no such space
    expect(() => catalog.getCacheKey('nobody', {})).toThrow(/"nobody"/)
    // @ts-expect-error the parameter hash is missing
    expect(() => catalog.getCacheKey('answer', { tenant: 't', model: 'm' })).toThrow(/"hash" is missing/)
  })
})

describe('what a declaration refuses', () => {
  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['Bad', 'x', /space name "Bad"/],
    ['', 'x', /space name ""/],
    ['x', '', /segment "" is neither/],
    ['x', 'x:', /segment "" is neither/],
    ['x', 'x:{a}{b}', /segment "\{a\}\{b\}" is neither/],
    ['x', 'x:pre{a}', /segment "pre\{a\}"/],
    ['x', 'x:{a}:{a}', /segment "\{a\}" is named twice/],
    ['x', 'x:*', /segment "\*"/],
    ['x', 'x:{a b}', /segment "\{a b\}"/],
    ['x', 'x:订', /segment "订"/],
  ]
  test.each(bad)('name %o with key %o', (name, key, message) => {
    expect(() => defineSpace({ name, key, schema: z.string(), ttl: 1 })).toThrow(message)
  })

  test.each([
    [{ jitter: 2 }, /app_space\.jitter is 2/],
    [{ staleIfError: '-1m' }, /app_space\.staleIfError is/],
    [{ softLimit: 'soon' }, /app_space\.softLimit is "soon"/],
    [{ hardLimit: Number.NaN }, /app_space\.hardLimit is/],
    [{ maxValueBytes: 0 }, /app_space\.maxValueBytes is 0/],
    [{ format: 'xml' }, /app_space\.format is "xml"/],
    [{ onAbandon: 'never' }, /app_space\.onAbandon is "never"/],
    [{ earlyRefresh: -1 }, /app_space\.earlyRefresh is -1/],
  ])('policy %o', (policy, message) => {
    const space = defineSpace({
      name: 'app_space',
      key: 'x',
      schema: z.string(),
      ttl: 1,
      ...(policy as object),
    })
    expect(() => defineCatalog({ prefix: 'app', spaces: [space] })).toThrow(message)
  })

  test('configuration overrides policies by name, and unknown names are refused', () => {
    const catalog = defineCatalog({ prefix: 'app', spaces: [flags] }).override({
      flags: { ttl: '5m', jitter: 0.2 },
    })
    expect(catalog.find('flags').settings).toMatchObject({ ttl: '5m', jitter: 0.2 })
    expect(() => catalog.override({ flag: { ttl: '5m' } })).toThrow(/"flag" is not in the catalog/)
    expect(() => catalog.override({ flags: { jitter: 7 } })).toThrow(RepriseError)
  })

  test('a declared space cannot be changed', () => {
    expect(Object.isFrozen(answer) && Object.isFrozen(answer.policy)).toBe(true)
  })
})
