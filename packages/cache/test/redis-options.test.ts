import { describe, expect, test } from 'vitest'
import { redisOptionsFromEnv, redisShared } from '../src/redis/index.ts'
import { catalogKeys, escapeGlob, groupBySlot, leaseKey, slotOf } from '../src/redis/keys.ts'

describe('the address from the environment', () => {
  test.each([
    [{}, undefined],
    [{ REDIS_URL: 'redis://a:1', REDIS_HOST: 'b' }, { url: 'redis://a:1' }],
    [{ REDIS_HOST: 'b' }, { host: 'b', port: 6379 }],
    [{ REDIS_PORT: '7000' }, { host: '127.0.0.1', port: 7000 }],
    [
      { REDIS_HOST: 'b', REDIS_PORT: '1', REDIS_USERNAME: 'u', REDIS_PASSWORD: 'p' },
      { host: 'b', port: 1, username: 'u', password: 'p' },
    ],
  ])('%j', (env, expected) => {
    expect(redisOptionsFromEnv(env)).toEqual(expected)
  })

  test('quotes a port that is none', () => {
    expect(() => redisOptionsFromEnv({ REDIS_HOST: 'a', REDIS_PORT: 'x1' })).toThrow('REDIS_PORT is "x1"')
  })
})

test.each([{ connections: 0 }, { connections: 51 }, { deadline: 0 }, { deadline: '5 s' as '5s' }])(
  'refuses %j',
  (wrong) => {
    expect(() => redisShared({ prefix: 'a', descriptor: 'd', ...wrong })).toThrow(
      expect.objectContaining({ code: 'E_OPTION_INVALID' }),
    )
  },
)

describe('keys', () => {
  test('slots are those of the specification', () => {
    expect([slotOf('123456789'), slotOf('foo'), slotOf('')]).toEqual([12_739, 12_182, 0])
  })

  test('keys of a slot are together, in their order', () => {
    expect(groupBySlot(['foo', 'bar', 'foo'])).toEqual([[0, 2], [1]])
  })

  test('what belongs to an entry or a catalog has the same hash tag', () => {
    expect(leaseKey('p:a')).toBe('{p:a}:l')
    expect(Object.values(catalogKeys('p')).every((key) => key.startsWith('{p}:'))).toBe(true)
  })

  test('glob characters are plain', () => {
    expect(escapeGlob('a*[b]?\\^')).toBe('a\\*\\[b\\]\\?\\\\\\^')
  })
})
