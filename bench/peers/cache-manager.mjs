import { createCache } from 'cache-manager'
import { CacheableMemory } from 'cacheable'
import { Keyv } from 'keyv'
import { openKeyvRedis } from './keyv-redis.mjs'

/** @type {import('../../packages/cache/src/testing/correctness/cache-under-test.ts').CacheAdapter} */
export default {
  name: 'cache-manager',
  offers: ['memory-above-redis', 'background-refresh', 'cluster'],
  async open({ redisUrl, cluster, prefix, ttlMs: ttl, staleMs = 0 }) {
    const redis = await openKeyvRedis({ redisUrl, cluster })
    const stores = [
      new Keyv({ store: new CacheableMemory({ ttl, lruSize: 5_000 }), namespace: prefix }),
      new Keyv({ store: redis, namespace: prefix }),
    ]
    for (const store of stores) store.on('error', () => {})
    const cache = createCache({
      ttl,
      stores,
      // It has no stale values: it refreshes what is near its end.
      ...(staleMs > 0 && { refreshThreshold: ttl - 100 }),
    })
    return {
      getOrLoad: (key, loader) => cache.wrap(key, async () => loader()),
      delete: async (key) => void (await cache.del(key)),
      set: async (key, value) => void (await cache.set(key, value)),
      getMany: (keys) => cache.mget([...keys]),
      deleteMany: async (keys) => void (await cache.mdel([...keys])),
      clear: async () => void (await cache.clear()),
      close: () => cache.disconnect(),
    }
  },
}
