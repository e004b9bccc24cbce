/** Reprise in memory. */
import { type SpaceHandle, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type CacheMaker, type Loop, neverLoads } from './memory-cache.ts'
import type { Params, Value } from './stock.ts'

const passing = {
  '~standard': { version: 1, vendor: 'bench', validate: (value: unknown) => ({ value: value as Value }) },
} as const
const item = defineSpace({ name: 'item', key: 'item:{id}', schema: passing, ttl: '1h' })

function loopsOver(
  space: SpaceHandle<typeof item>,
  params: readonly Params[],
): Readonly<Record<string, Loop>> {
  return {
    peek(places) {
      let sum = 0
      for (let at = 0; at < places.length; at += 1)
        sum = (sum + (space.peek(params[places[at] as number] as Params) as Value).id) | 0
      return sum
    },
    async getOrLoad(places) {
      let sum = 0
      for (let at = 0; at < places.length; at += 1)
        sum =
          (sum + ((await space.getOrLoad(params[places[at] as number] as Params, neverLoads)) as Value).id) |
          0
      return sum
    },
    async get(places) {
      let sum = 0
      for (let at = 0; at < places.length; at += 1)
        sum = (sum + ((await space.get(params[places[at] as number] as Params)) as Value).id) | 0
      return sum
    },
  }
}

/** Reprise, with values as objects or as packed bytes. */
export function reprise(layout: 'objects' | 'packed'): CacheMaker {
  return {
    prepare: async () => async (stock) => {
      const catalog = defineCatalog({ prefix: 'bench', spaces: [item] })
      const bounds = { maxEntries: stock.entries, maxBytes: stock.entries * 4_096 + 1_048_576 }
      const cache = await createCache({ catalog, memory: { ...bounds, layout } })
      const space = cache.open(item)
      return {
        fill: (index) => space.set(stock.paramsOf(index), stock.valueOf(index)),
        loops: loopsOver(space, stock.params),
        close: () => cache.close(),
      }
    },
  }
}
