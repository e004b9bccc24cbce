import { createCache } from 'async-cache-dedupe'
import { Cluster, Redis } from 'ioredis'
import { stringify } from 'safe-stable-stringify'

/** @type {import('../../packages/cache/src/testing/correctness/cache-under-test.ts').CacheAdapter} */
export default {
  name: 'async-cache-dedupe',
  offers: ['tags', 'background-refresh', 'automatic-keys', 'cluster'],
  async open({ redisUrl, cluster, prefix, ttlMs, staleMs = 0 }) {
    const client = cluster === undefined ? new Redis(redisUrl) : new Cluster([...cluster])
    client.on('error', () => {})
    const ttl = Math.ceil(ttlMs / 1_000)
    const stale = Math.ceil(staleMs / 1_000)
    const cache = createCache({
      ttl,
      stale,
      storage: {
        type: 'redis',
        options: { client, invalidation: { referencesTTL: ttl + stale + 1 } },
      },
    })
    /** Its functions are defined once; what a read loads with is found here. */
    const loaders = new Map()
    // Names are its only prefix.
    const name = `${prefix}-probe`
    cache.define(
      name,
      { references: ({ tag }) => (tag === undefined ? [] : [`${prefix}-${tag}`]) },
      async ({ key }) => loaders.get(key)(),
    )
    const argument = (key, tag) => (tag === undefined ? { key } : { key, tag })
    return {
      getOrLoad(key, loader, { tag } = {}) {
        loaders.set(key, loader)
        return cache[name](argument(key, tag))
      },
      delete: (key) => cache.clear(name, argument(key)),
      invalidateTag: (tag) => cache.invalidateAll(`${prefix}-${tag}`),
      clear: () => cache.clear(name),
      automaticKey: (args) => stringify(args),
      close: async () => client.disconnect(),
    }
  },
}
