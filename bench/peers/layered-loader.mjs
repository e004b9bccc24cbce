import { Cluster, Redis } from 'ioredis'
import { Loader, RedisCache, createNotificationPair } from 'layered-loader'

/** @type {import('../../packages/cache/src/testing/correctness/cache-under-test.ts').CacheAdapter} */
export default {
  name: 'layered-loader',
  offers: ['bus', 'memory-above-redis', 'background-refresh', 'cluster'],
  async open({ redisUrl, cluster, prefix, ttlMs, staleMs = 0 }) {
    const clients = Array.from({ length: 3 }, () =>
      cluster === undefined ? new Redis(redisUrl) : new Cluster([...cluster]),
    )
    for (const client of clients) client.on('error', () => {})
    const [redis, publisherRedis, consumerRedis] = clients
    const { publisher, consumer } = createNotificationPair({
      channel: `${prefix}-bus`,
      publisherRedis,
      consumerRedis,
    })
    // It has no stale values: it refreshes what is near its end.
    const refresh = staleMs > 0 ? { ttlLeftBeforeRefreshInMsecs: ttlMs - 100 } : {}
    const loaders = new Map()
    const quiet = { error() {} }
    const loader = new Loader({
      inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: ttlMs, maxItems: 5_000, ...refresh },
      asyncCache: new RedisCache(redis, { json: true, ttlInMsecs: ttlMs, prefix }),
      dataSourceGetOneFn: async (key) => loaders.get(key)(),
      dataSourceGetManyFn: async () => [],
      cacheKeyFromValueResolver: (value) => String(value),
      notificationConsumer: consumer,
      notificationPublisher: publisher,
      logger: quiet,
    })
    await loader.init()
    return {
      getOrLoad(key, load) {
        loaders.set(key, load)
        return loader.get(key)
      },
      delete: (key) => loader.invalidateCacheFor(key),
      getMany: (keys) => loader.getMany([...keys]),
      deleteMany: (keys) => loader.invalidateCacheForMany([...keys]),
      clear: () => loader.invalidateCache(),
      async close() {
        await consumer.close()
        await publisher.close()
        for (const client of clients) client.disconnect()
      },
    }
  },
}
