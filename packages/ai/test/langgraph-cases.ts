import type { BaseCache, CacheFullKey } from '@langchain/langgraph-checkpoint'
import { expect } from 'vitest'

const at = (...namespace: string[]): CacheFullKey => [namespace, 'k']

/** What LangGraph's own `InMemoryCache` does, and so every cache of graphs. */
export const langgraphCases: readonly [string, (cache: BaseCache) => Promise<void>][] = [
  [
    'gives what was set, by namespace and key, in the order of the keys, without what is missing',
    async (cache) => {
      await cache.set([
        { key: at('a'), value: { n: 1 } },
        { key: at('a', 'b'), value: [new Uint8Array([1, 255]), new Set([2]), new Map([['x', 3]])] },
        { key: [['a'], 'other'], value: null },
      ])
      expect(await cache.get([at('a', 'b'), at('none'), at('a'), [['a'], 'other']])).toEqual([
        { key: at('a', 'b'), value: [new Uint8Array([1, 255]), new Set([2]), new Map([['x', 3]])] },
        { key: at('a'), value: { n: 1 } },
        { key: [['a'], 'other'], value: null },
      ])
      expect(await cache.get([])).toEqual([])
    },
  ],
  [
    'keeps namespaces apart that look alike when they are joined',
    async (cache) => {
      await cache.set([{ key: at('a,b'), value: 1 }])
      expect(await cache.get([at('a', 'b')])).toEqual([])
    },
  ],
  [
    'clears the namespaces that are named, and no others',
    async (cache) => {
      await cache.set([at('a'), at('b'), at('a', 'b')].map((key) => ({ key, value: 1 })))
      await cache.clear([['a']])
      expect((await cache.get([at('a'), at('b'), at('a', 'b')])).map(({ key }) => key)).toEqual([
        at('b'),
        at('a', 'b'),
      ])
      await cache.clear([])
      expect(await cache.get([at('b'), at('a', 'b')])).toEqual([])
    },
  ],
]
