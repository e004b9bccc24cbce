import { Keyv } from 'keyv'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Cache, createCache, defineCatalog } from '../src/index.ts'
import { keyvAdapter, keyvSpace } from '../src/keyv-adapter/index.ts'
import { createFakeClock } from '../src/testing/index.ts'

let cache: Cache
const clock = createFakeClock()

beforeEach(async () => {
  const catalog = defineCatalog({ prefix: 'app', spaces: [keyvSpace({ ttl: '1d' })] })
  cache = await createCache({ catalog, clock, sweepEvery: 0 })
})
afterEach(() => cache.close())

const open = (namespace?: string) => {
  const keyv = new Keyv({ store: keyvAdapter(cache), ...(namespace === undefined ? {} : { namespace }) })
  const errors: unknown[] = []
  keyv.on('error', (error: unknown) => errors.push(error))
  return { keyv, errors }
}

test('values come back as they were, one by one and together; falsy ones are values', async () => {
  const { keyv } = open()
  await keyv.set('object', { a: [1, null] })
  await keyv.set('zero', 0)
  await keyv.set('text', '')
  expect(await keyv.get('object')).toEqual({ a: [1, null] })
  expect(await keyv.get(['zero', 'none', 'text'])).toEqual([0, undefined, ''])
  expect([await keyv.has('zero'), await keyv.has('none')]).toEqual([true, false])
  expect([await keyv.delete('zero'), await keyv.delete('zero')]).toEqual([true, false])
  expect(await keyv.get('zero')).toBeUndefined()
})

test('a value ends with its own TTL, or that of the space', async () => {
  const { keyv } = open()
  await keyv.set('short', 1, 1_000)
  await keyv.set('long', 1)
  expect((await cache.entries()).items.find(({ key }) => key.includes('short'))?.freshUntil).toBe(
    clock.now() + 1_000,
  )
  expect((await cache.entries()).items.find(({ key }) => key.includes('long'))?.freshUntil).toBe(
    clock.now() + 86_400_000,
  )
  await clock.advance(86_400_000)
  expect(await keyv.get('long')).toBeUndefined()
})

test('namespaces share nothing, and clear only what is theirs', async () => {
  const [one, other] = [open('one').keyv, open('other').keyv]
  await one.set('k', 1)
  await other.set('k', 2)
  expect([await one.get('k'), await other.get('k')]).toEqual([1, 2])
  await one.clear()
  expect([await one.get('k'), await other.get('k')]).toEqual([undefined, 2])
})

test('an iterator walks the values of its namespace, over all pages', async () => {
  const [one, other] = [open('one').keyv, open('other').keyv]
  for (let index = 0; index < 120; index += 1) await one.set(`k${index}`, index)
  await other.set('k', 'x')
  const found: unknown[] = []
  for await (const [key, value] of one.iterator?.(undefined) ?? []) found.push([key, value])
  expect(found.length).toBe(120)
  expect(found).toContainEqual(['k7', 7])
})

test('a cache that is closed: Keyv tells it by its event, and the application goes on', async () => {
  const { keyv, errors } = open()
  await cache.close()
  expect(await keyv.get('k').catch(() => 'threw')).not.toBe('a value')
  await keyv.set('k', 1)
  expect(errors.length).toBeGreaterThan(0)
})

test('what is no text is refused', async () => {
  await expect(keyvAdapter(cache).set('k', { a: 1 })).rejects.toMatchObject({ code: 'E_VALUE_SCHEMA' })
})
