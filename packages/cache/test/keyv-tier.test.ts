import { EventEmitter } from 'node:events'
import { createCache, defineCatalog, defineSpace, onEvent } from '@reprise/cache'
import { type KeyvLike, type KeyvStore, keyvTier } from '@reprise/cache/keyv'
import { createFakeClock, tierConformance } from '@reprise/cache/testing'
import { Keyv } from 'keyv'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

/** A storage adapter as the ones that talk to servers are: it tells of failures by an event, and puts its namespace before keys. */
class Adapter extends EventEmitter implements KeyvStore {
  readonly records = new Map<string, string>()
  readonly opts = { dialect: 'redis', url: 'redis://' }
  readonly namespace?: string
  /** Fails from now on without throwing, as @keyv/redis does. */
  broken = false

  constructor(namespace?: string) {
    super()
    if (namespace !== undefined) this.namespace = namespace
  }

  inside(key: string): string {
    return this.namespace === undefined ? key : `${this.namespace}::${key}`
  }

  attempt<T>(work: () => T, otherwise: T): T {
    if (!this.broken) return work()
    this.emit('error', new Error('the connection is gone'))
    return otherwise
  }

  async get(key: string): Promise<string | undefined> {
    return this.attempt(() => this.records.get(this.inside(key)), undefined)
  }

  async set(key: string, value: string): Promise<void> {
    this.attempt(() => void this.records.set(this.inside(key), value), undefined)
  }

  async delete(key: string): Promise<boolean> {
    return this.attempt(() => this.records.delete(this.inside(key)), false)
  }

  async clear(): Promise<void> {
    this.records.clear()
  }
}

/** One that takes and gives several at once, and can be walked; it gives some keys twice, as SCAN may. */
class WalkedAdapter extends Adapter {
  walks = 0

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    if (keys.length > 100) throw new Error('at most 100 keys, as DynamoDB')
    return Promise.all(keys.map(async (key) => this.get(key)))
  }

  async setMany(entries: { key: string; value: string; ttl?: number }[]): Promise<boolean[]> {
    if (entries.length > 25) throw new Error('at most 25 items, as DynamoDB')
    for (const { key, value } of entries) await this.set(key, value)
    return entries.map(() => true)
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    const deleted = await Promise.all(keys.map(async (key) => this.delete(key)))
    return deleted.includes(true)
  }

  async *iterator(namespace?: string): AsyncGenerator<[string, string]> {
    this.walks += 1
    const prefix = namespace === undefined ? '' : `${namespace}::`
    for (const [key, value] of this.records) {
      const pair: [string, string] = [key.slice(prefix.length), value]
      yield pair
      if (value.length % 2 === 0) yield pair
    }
  }
}

const stores: Record<string, () => KeyvLike | KeyvStore> = {
  'a Map': () => new Map<string, string>(),
  'an adapter that can be walked': () => new WalkedAdapter(),
  'an adapter with a namespace': () => new WalkedAdapter('app'),
  'an adapter without an iterator': () => new Adapter(),
  'Keyv with its own Map': () => new Keyv(),
  'Keyv over an adapter': () => new Keyv(new WalkedAdapter('keyv')),
  'Keyv without a namespace': () => {
    const keyv = new Keyv(new WalkedAdapter())
    keyv.namespace = undefined
    return keyv
  },
}

describe.each(Object.entries(stores))('keyvTier over %s', (_, make) => {
  const cases = tierConformance(async () => {
    const clock = createFakeClock()
    return { tier: keyvTier(make(), { clock }), clock, close: async () => {} }
  })
  for (const { name, run } of cases) test(name, run)
})

describe('what is declared', () => {
  test('no store writes several records together; an iterator makes it list', () => {
    const lacks = { atomicWrite: false, exactRemove: false }
    expect(keyvTier(new Map()).capabilities).toEqual({ ...lacks, list: true })
    expect(keyvTier(new Adapter()).capabilities).toEqual({ ...lacks, list: false })
    expect(keyvTier(new Keyv(new WalkedAdapter())).capabilities).toEqual({ ...lacks, list: true })
    expect([
      keyvTier(new Map()).durable,
      keyvTier(new Keyv()).durable,
      keyvTier(new Adapter()).durable,
    ]).toEqual([false, false, true])
  })

  test('what is no store is refused', () => {
    for (const store of [{}, { store: {} }, { get: () => undefined }])
      expect(() => keyvTier(store as unknown as KeyvStore)).toThrow(
        expect.objectContaining({ code: 'E_OPTION_INVALID' }),
      )
  })
})

describe('failures that an adapter only tells by an event', () => {
  const record = { key: 'p:a', body: '{}', createdAt: 0, expiresAt: Infinity }

  test('make reads, writes, removals and walks reject, and none of them is taken for done', async () => {
    const adapter = new WalkedAdapter()
    const tier = keyvTier(adapter)
    await tier.open()
    await tier.write([record])
    adapter.broken = true
    await expect(tier.read(['p:a'])).rejects.toThrow('the store told of a failure')
    await expect(tier.write([record])).rejects.toThrow('the store told of a failure')
    await expect(tier.remove(['p:a'])).rejects.toThrow('the store told of a failure')
    await expect(tier.ping()).rejects.toThrow('the store told of a failure')
    adapter.broken = false
    expect(await tier.remove(['p:a'])).toEqual(['p:a'])
    await tier.close()
    expect(adapter.listenerCount('error')).toBe(0)
  })

  test('a removal that did nothing rejects, whatever the adapter says', async () => {
    const adapter = new Adapter()
    adapter.delete = async () => true
    const tier = keyvTier(adapter)
    await tier.write([record])
    await expect(tier.remove(['p:a'])).rejects.toThrow('"p:a" is still there')
    adapter.set = async () => false as unknown as undefined
    await expect(tier.write([record])).rejects.toThrow('did not take all')
  })
})

test('what other programs keep in the store is a miss, not listed, and stays', async () => {
  const adapter = new WalkedAdapter()
  const keyv = new Keyv(adapter)
  keyv.namespace = undefined
  await keyv.set('p:theirs', { n: 1 })
  adapter.records.set('p:text', 'no JSON')
  adapter.records.set('p:odd', '{"value":{"k":"p:odd","c":1,"e":"soon","t":"{}"}}')
  const tier = keyvTier(keyv)
  await tier.write([{ key: 'p:ours', body: new Uint8Array([0, 255]), createdAt: 0, expiresAt: Infinity }])
  adapter.records.set('p:moved', adapter.records.get('p:ours') ?? '')
  expect(
    (await tier.read(['p:theirs', 'p:text', 'p:odd', 'p:moved'])).every((found) => found === undefined),
  ).toBe(true)
  expect((await tier.list('', { limit: 10 })).items.map(({ key }) => key)).toEqual(['p:ours'])
  expect(await tier.sweep(10)).toBe(0)
  expect(await tier.remove(['p:none'])).toEqual([])
  expect(adapter.records.size).toBe(5)
  expect(await keyv.get('p:ours')).toMatchObject({ k: 'p:ours' })
})

test('an adapter that parses what it returns is read too', async () => {
  const adapter = new Adapter()
  const tier = keyvTier(adapter)
  const record = { key: 'p:a', body: '{"n":1}', sidecar: '{}', createdAt: 5, expiresAt: Infinity }
  await tier.write([record])
  const get = adapter.get.bind(adapter)
  adapter.get = async (key) => JSON.parse((await get(key)) ?? 'null') as string
  expect(await tier.read(['p:a', 'p:none'])).toEqual([record, undefined])
})

test('pages that follow one another take one walk, until it is old', async () => {
  const adapter = new WalkedAdapter()
  const clock = createFakeClock()
  const tier = keyvTier(adapter, { clock })
  const keys = Array.from({ length: 100 }, (_, index) => `p:${String(index).padStart(3, '0')}`)
  await tier.write(keys.map((key) => ({ key, body: '{}', createdAt: 0, expiresAt: Infinity })))
  let page = await tier.list('p:', { limit: 10 })
  const seen = page.items.map(({ key }) => key)
  while (page.cursor !== undefined) {
    page = await tier.list('p:', { limit: 10, cursor: page.cursor })
    seen.push(...page.items.map(({ key }) => key))
  }
  expect(seen).toEqual(keys)
  expect(adapter.walks).toBe(1)
  await clock.advance(30_000)
  expect((await tier.list('p:', { limit: 10, cursor: 'p:009' })).items[0]?.key).toBe('p:010')
  expect(adapter.walks).toBe(2)
})

test('a cache over a Keyv keeps, copies up and forgets', async () => {
  const prices = defineSpace({ name: 'price', key: 'price:{city}', schema: z.number(), ttl: '10m' })
  const catalog = defineCatalog({ prefix: 'shop', spaces: [prices] })
  const keyv = new Keyv()
  const cache = await createCache({ catalog, memory: { maxEntries: 0 }, tiers: [keyvTier(keyv)] })
  const handle = cache.open(prices)
  await handle.set({ city: '上海' }, 12)
  expect(await handle.get({ city: '上海' })).toBe(12)
  expect((await handle.keys()).keys).toEqual([{ key: 'shop:price:上海', params: { city: '上海' } }])
  expect(await handle.delete({ city: '上海' })).toBe(true)
  expect(await handle.get({ city: '上海' })).toBeUndefined()
  await cache.close()
})

test('a cache over a store that cannot be walked says so where it would have to list, and works otherwise', async () => {
  const prices = defineSpace({ name: 'price', key: 'price:{city}', schema: z.number(), ttl: '10m' })
  const catalog = defineCatalog({ prefix: 'shop', spaces: [prices] })
  const tier = keyvTier(new Adapter(), { durable: false })
  const cache = await createCache({ catalog, memory: { maxEntries: 0 }, tiers: [tier] })
  const handle = cache.open(prices)
  const failed: unknown[] = []
  const stop = onEvent('tier-failed', (event) => failed.push(event))
  await handle.set({ city: '上海' }, 12, { tags: ['t'] })
  const unsupported = { code: 'E_TIER_UNSUPPORTED', retryable: false }
  await expect(handle.keys()).rejects.toMatchObject(unsupported)
  await expect(cache.entries()).rejects.toMatchObject(unsupported)
  await expect(cache.cleanup({ createdBefore: Infinity })).rejects.toMatchObject(unsupported)
  expect((await cache.tiers())[1]).toEqual({
    name: 'keyv',
    reachable: true,
    durable: false,
    counted: false,
    entries: 0,
    bytes: 0,
  })
  await cache.invalidate({ tags: ['t'] })
  expect(await handle.get({ city: '上海' })).toBeUndefined()
  await cache.close()
  stop()
  expect(failed).toEqual([])
})
