import { createWrapKey } from '@cacheable/utils'
import { RedisMessageProvider } from '@qified/redis'
import { Cacheable } from 'cacheable'
import { openKeyvRedis } from './keyv-redis.mjs'

/** The function whose calls get keys from `wrap`. */
const answer = async () => {}

/** @type {import('../../packages/cache/src/testing/correctness/cache-under-test.ts').CacheAdapter} */
export default {
  name: 'cacheable',
  offers: ['tags', 'bus', 'memory-above-redis', 'automatic-keys', 'cluster'],
  async open({ redisUrl, cluster, prefix, ttlMs: ttl }) {
    const secondary = await openKeyvRedis({ redisUrl, cluster })
    const cache = new Cacheable({
      secondary,
      ttl,
      namespace: prefix,
      tags: true,
      ...(redisUrl !== undefined && { sync: { qified: new RedisMessageProvider({ uri: redisUrl }) } }),
    })
    cache.on('error', () => {})
    return {
      async getOrLoad(key, loader, { tag } = {}) {
        if (tag === undefined)
          return cache.getOrSet(key, async () => loader(), { ttl, throwErrors: 'function' })
        // `getOrSet` takes no tags.
        const found = await cache.get(key)
        if (found !== undefined) return found
        const value = await loader()
        await cache.set(key, value, { ttl, tags: [tag] })
        return value
      },
      delete: async (key) => void (await cache.delete(key)),
      set: async (key, value) => void (await cache.set(key, value)),
      invalidateTag: async (tag) => void (await cache.tags.invalidateTag(tag)),
      getMany: (keys) => cache.getMany([...keys]),
      deleteMany: async (keys) => void (await cache.deleteMany([...keys])),
      clear: () => cache.clear(),
      automaticKey: (args) => createWrapKey(answer, args, {}),
      close: () => cache.disconnect(),
    }
  },
}
