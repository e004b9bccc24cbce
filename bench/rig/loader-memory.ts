/** The peers that are told once how to load: layered-loader and async-cache-dedupe, in memory alone. */
import { type Constructor, loadPackage } from './load-package.ts'
import { type CacheMaker, hour, neverLoads } from './memory-cache.ts'
import { type Params, type Value, keyOfParams } from './stock.ts'

interface LayeredLoader<T> {
  get(params: T): Promise<Value>
  getInMemoryOnly(params: T): Value
  forceSetValue(key: string, value: Value): Promise<void>
}

/** layered-loader, given finished keys, or parameters of which it makes the key by a function. */
export function layeredLoader(given: 'keys' | 'params'): CacheMaker {
  return {
    async prepare() {
      const { Loader } = await loadPackage<{ Loader: Constructor<LayeredLoader<unknown>> }>('layered-loader')
      return (stock) => {
        const loader = new Loader({
          inMemoryCache: { ttlInMsecs: hour, maxItems: stock.entries },
          dataSourceGetOneFn: async () => neverLoads(),
          ...(given === 'params' && { cacheKeyFromLoadParamsResolver: keyOfParams }),
        })
        const list: readonly unknown[] = given === 'keys' ? stock.keys : stock.params
        return {
          fill: (index) => loader.forceSetValue(stock.keyOf(index), stock.valueOf(index)),
          loops: {
            getInMemoryOnly(places) {
              let sum = 0
              for (let at = 0; at < places.length; at += 1)
                sum = (sum + loader.getInMemoryOnly(list[places[at] as number]).id) | 0
              return sum
            },
            async get(places) {
              let sum = 0
              for (let at = 0; at < places.length; at += 1)
                sum = (sum + (await loader.get(list[places[at] as number])).id) | 0
              return sum
            },
          },
          close: () => undefined,
        }
      }
    },
  }
}

interface Dedupe {
  define(name: string, load: (params: Params) => Promise<Value>): { item(params: Params): Promise<Value> }
}

/** async-cache-dedupe, which makes keys of parameters by a stable JSON. */
export const asyncCacheDedupe: CacheMaker = {
  async prepare() {
    const { createCache } = await loadPackage<{ createCache: (options: unknown) => Dedupe }>(
      'async-cache-dedupe',
    )
    return (stock) => {
      let loads = 0
      const load = async ({ id }: Params): Promise<Value> =>
        (loads += 1) > stock.entries ? neverLoads() : stock.valueOf(Number(id.slice(1)))
      const storage = { type: 'memory', options: { size: stock.entries } }
      const cache = createCache({ ttl: hour / 1_000, storage }).define('item', load)
      return {
        fill: (index) => cache.item(stock.paramsOf(index)),
        loops: {
          async item(places) {
            let sum = 0
            for (let at = 0; at < places.length; at += 1)
              sum = (sum + (await cache.item(stock.params[places[at] as number] as Params)).id) | 0
            return sum
          },
        },
        close: () => undefined,
      }
    }
  },
}
