import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheManager, valueSpace } from '../src/cache-manager/index.ts'
import { type Cache, createCache, defineCatalog } from '../src/index.ts'
import { createFakeClock } from '../src/testing/index.ts'

let cache: Cache
const clock = createFakeClock()

beforeEach(async () => {
  const catalog = defineCatalog({ prefix: 'app', spaces: [valueSpace({ ttl: '1d' })] })
  cache = await createCache({ catalog, clock, sweepEvery: 0 })
})
afterEach(() => cache.close())

test('sets, gets and deletes, one by one and together', async () => {
  const manager = cacheManager(cache, { clock })
  expect(await manager.set('a', { n: 1 })).toEqual({ n: 1 })
  await manager.mset([
    { key: 'null', value: null },
    { key: 'false', value: false, ttl: 1_000 },
  ])
  expect(await manager.mget(['a', 'none', 'null', 'false'])).toEqual([{ n: 1 }, undefined, null, false])
  expect(await manager.ttl('false')).toBe(clock.now() + 1_000)
  await clock.advance(1_000)
  expect(await manager.get('false')).toBeUndefined()
  await manager.del('a')
  await manager.mdel(['null'])
  expect(await manager.mget(['a', 'null'])).toEqual([undefined, undefined])
  await manager.set('b', 1, 0)
  expect(await manager.ttl('b')).toBeUndefined()
  await manager.clear()
  expect(await manager.get('b')).toBeUndefined()
})

test('wrap calls its function once for all who ask at once, keeps what it made for its TTL, and throws what it throws', async () => {
  const manager = cacheManager(cache, { clock })
  let made = 0
  const make = async () => (made += 1)
  expect(
    await Promise.all(Array.from({ length: 20 }, async () => manager.wrap('k', make, (n) => n * 1_000))),
  ).toEqual(Array.from({ length: 20 }, () => 1))
  await clock.advance(999)
  expect(await manager.wrap('k', make)).toBe(1)
  await clock.advance(1)
  expect(await manager.wrap('k', make, { ttl: 5_000 })).toBe(2)
  expect(await manager.ttl('k')).toBe(clock.now() + 5_000)
  const failure = new Error('away')
  await expect(manager.wrap('fails', async () => Promise.reject(failure))).rejects.toBe(failure)
  expect(await manager.wrap('nothing', () => undefined)).toBeUndefined()
  expect(await manager.get('nothing')).toBeUndefined()
})

test('below its threshold a value is given at once and made anew in the background', async () => {
  const manager = cacheManager(cache, { clock, ttl: 10_000 })
  let made = 0
  const make = () => (made += 1)
  await manager.wrap('k', make, undefined, 3_000)
  await clock.advance(7_000)
  expect(await manager.wrap('k', make, undefined, 3_000)).toBe(1)
  expect(made).toBe(1)
  await clock.advance(1)
  expect(await manager.wrap('k', make, undefined, 3_000)).toBe(1)
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(made).toBe(2)
  expect(await manager.get('k')).toBe(2)
})
