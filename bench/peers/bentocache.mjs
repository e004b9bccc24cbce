import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { Cluster, Redis } from 'ioredis'

/** @type {import('../../packages/cache/src/testing/correctness/cache-under-test.ts').CacheAdapter} */
export default {
  name: 'BentoCache',
  offers: ['tags', 'bus', 'memory-above-redis', 'background-refresh', 'namespaces', 'cluster'],
  async open({ redisUrl, cluster, prefix, ttlMs: ttl, staleMs = 0, maxEntries }) {
    const connect = () => (cluster === undefined ? new Redis(redisUrl) : new Cluster([...cluster]))
    let store = bentostore().useL1Layer(
      memoryDriver(maxEntries === undefined ? {} : { maxItems: maxEntries }),
    )
    const clients = []
    if (redisUrl !== undefined || cluster !== undefined) {
      clients.push(connect(), connect())
      for (const client of clients) client.on('error', () => {})
      store = store
        .useL2Layer(redisDriver({ connection: clients[0] }))
        .useBus(redisBusDriver({ connection: clients[1] }))
    }
    const bento = new BentoCache({ default: 'main', prefix, stores: { main: store } })
    const stale = staleMs > 0 ? { grace: staleMs, timeout: 0 } : {}
    const read = (where, key, factory, tags) =>
      where.getOrSet({ key, factory, ttl, ...stale, ...(tags !== undefined && { tags }) })
    return {
      getOrLoad: (key, loader, { tag } = {}) =>
        read(bento, key, loader, tag === undefined ? undefined : [tag]),
      getOrLoadIn: (namespace, key, loader) => read(bento.namespace(namespace), key, loader),
      delete: async (key) => void (await bento.delete({ key })),
      set: async (key, value) => void (await bento.set({ key, value, ttl })),
      invalidateTag: async (tag) => void (await bento.deleteByTag({ tags: [tag] })),
      deleteMany: async (keys) => void (await bento.deleteMany({ keys: [...keys] })),
      clear: () => bento.clear(),
      async close() {
        await bento.disconnect()
        for (const client of clients) client.disconnect()
      },
    }
  },
}
