/** The peers that are told with each read how to load: cache-manager, BentoCache and cacheable, in memory alone, with the settings that they come with. */
import { type Constructor, loadPackage } from './load-package.ts'
import { type CacheMaker, hour, neverLoads } from './memory-cache.ts'
import type { Value } from './stock.ts'

interface Manager {
  get(key: string): Promise<Value>
  set(key: string, value: Value): Promise<unknown>
  wrap(key: string, loader: () => Value): Promise<Value>
}

/** cache-manager over its usual store, a Map without a bound; without a TTL, which makes it faster. */
export const cacheManager: CacheMaker = {
  async prepare() {
    const { createCache } = await loadPackage<{ createCache: () => Manager }>('cache-manager')
    return (stock) => {
      const cache = createCache()
      return {
        fill: (index) => cache.set(stock.keyOf(index), stock.valueOf(index)),
        loops: {
          async get(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1)
              sum = (sum + (await cache.get(stock.keys[places[at] as number] as string)).id) | 0
            return sum
          },
          async wrap(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1)
              sum = (sum + (await cache.wrap(stock.keys[places[at] as number] as string, neverLoads)).id) | 0
            return sum
          },
        },
        close: () => undefined,
      }
    }
  },
}

interface Bento {
  get(options: { key: string }): Promise<Value>
  set(options: { key: string; value: Value; ttl: number }): Promise<unknown>
  getOrSet(options: { key: string; factory: () => Value; ttl: number }): Promise<Value>
  disconnect(): Promise<void>
}
interface BentoPackage {
  BentoCache: Constructor<Bento>
  bentostore: () => { useL1Layer(driver: unknown): unknown }
}

/** BentoCache; its memory keeps JSON texts. */
export const bentoCache: CacheMaker = {
  async prepare() {
    const { BentoCache, bentostore } = await loadPackage<BentoPackage>('bentocache')
    const { memoryDriver } = await loadPackage<{ memoryDriver: (options: { maxItems: number }) => unknown }>(
      'bentocache/drivers/memory',
    )
    return (stock) => {
      const main = bentostore().useL1Layer(memoryDriver({ maxItems: stock.entries }))
      const cache = new BentoCache({ default: 'main', stores: { main } })
      return {
        fill: (index) => cache.set({ key: stock.keyOf(index), value: stock.valueOf(index), ttl: hour }),
        loops: {
          async getOrSet(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1) {
              const key = stock.keys[places[at] as number] as string
              sum = (sum + (await cache.getOrSet({ key, factory: neverLoads, ttl: hour })).id) | 0
            }
            return sum
          },
          async get(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1)
              sum = (sum + (await cache.get({ key: stock.keys[places[at] as number] as string })).id) | 0
            return sum
          },
        },
        close: () => cache.disconnect(),
      }
    }
  },
}

interface CacheableCache {
  get(key: string): Promise<Value>
  set(key: string, value: Value): Promise<unknown>
  getOrSet(key: string, loader: () => Promise<Value>): Promise<Value>
  disconnect(): Promise<void>
}

/** cacheable, whose memory has no bound and copies each value on its way out. */
export const cacheable: CacheMaker = {
  async prepare() {
    const { Cacheable } = await loadPackage<{ Cacheable: Constructor<CacheableCache> }>('cacheable')
    return (stock) => {
      const cache = new Cacheable({ ttl: hour })
      const loader = async (): Promise<Value> => neverLoads()
      return {
        fill: (index) => cache.set(stock.keyOf(index), stock.valueOf(index)),
        loops: {
          async getOrSet(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1)
              sum = (sum + (await cache.getOrSet(stock.keys[places[at] as number] as string, loader)).id) | 0
            return sum
          },
          async get(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1)
              sum = (sum + (await cache.get(stock.keys[places[at] as number] as string)).id) | 0
            return sum
          },
        },
        close: () => cache.disconnect(),
      }
    }
  },
}
