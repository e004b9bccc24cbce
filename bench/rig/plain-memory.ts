/** A plain Map and lru-cache, which answer without waiting. */
import { type Constructor, loadPackage } from './load-package.ts'
import type { CacheMaker, Stock } from './memory-cache.ts'
import type { Value } from './stock.ts'

/** The limit: no bound, no end of life. */
export const plainMap: CacheMaker = {
  prepare: async () => (stock) => {
    const map = new Map<string, Value>()
    return {
      fill: (index) => map.set(stock.keyOf(index), stock.valueOf(index)),
      loops: {
        get(places) {
          let sum = 0
          for (let at = 0; at < places.length; at += 1)
            sum = (sum + (map.get(stock.keys[places[at] as number] as string) as Value).id) | 0
          return sum
        },
      },
      close: () => undefined,
    }
  },
}

interface Lru {
  get(key: string): Value | undefined
  set(key: string, value: Value): unknown
}

/** lru-cache, given finished keys; `ttl` in milliseconds, 0 for none. */
export function lruCache(ttl: number): CacheMaker {
  return {
    async prepare() {
      const { LRUCache } = await loadPackage<{ LRUCache: Constructor<Lru> }>('lru-cache')
      return (stock: Stock) => {
        const cache = new LRUCache({ max: stock.entries, ...(ttl > 0 && { ttl }) })
        return {
          fill: (index) => cache.set(stock.keyOf(index), stock.valueOf(index)),
          loops: {
            get(places) {
              let sum = 0
              for (let at = 0; at < places.length; at += 1)
                sum = (sum + (cache.get(stock.keys[places[at] as number] as string) as Value).id) | 0
              return sum
            },
          },
          close: () => undefined,
        }
      }
    },
  }
}
