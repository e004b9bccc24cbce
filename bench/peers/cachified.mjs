import { cachified, totalTtl } from '@epic-web/cachified'
import { Cluster, Redis } from 'ioredis'

/**
 * Its store is what one gives it: Redis, as its own adapters do it.
 * @type {import('../../packages/cache/src/testing/correctness/cache-under-test.ts').CacheAdapter}
 */
export default {
  name: 'cachified',
  offers: ['background-refresh', 'cluster'],
  async open({ redisUrl, cluster, prefix, ttlMs: ttl, staleMs = 0 }) {
    const redis = cluster === undefined ? new Redis(redisUrl) : new Cluster([...cluster])
    redis.on('error', () => {})
    const name = (key) => `${prefix}:${key}`
    const store = {
      name: 'redis',
      async get(key) {
        const text = await redis.get(key)
        return text === null ? null : JSON.parse(text)
      },
      set: (key, entry) => redis.set(key, JSON.stringify(entry), 'PX', totalTtl(entry.metadata)),
      delete: (key) => redis.del(key),
    }
    return {
      getOrLoad: (key, loader) =>
        cachified({ key: name(key), cache: store, ttl, swr: staleMs, getFreshValue: async () => loader() }),
      delete: async (key) => void (await store.delete(name(key))),
      close: async () => redis.disconnect(),
    }
  },
}
