import { type Cache, createCache } from '../../cache.ts'
import { defineCatalog } from '../../key/catalog.ts'
import { redisShared } from '../../redis/redis-shared.ts'
import { defineSpace } from '../../key/space.ts'
import type { CacheAdapter, CacheUnderTest, OpenOptions } from './cache-under-test.ts'

/** Any value is right. */
const anything = {
  '~standard': { version: 1, vendor: 'reprise', validate: (value: unknown) => ({ value }) },
} as const

const none = 'none'

/** The space of the suite: the tag is a parameter, as tags come from parameters. */
const probeSpace = ({ ttlMs, staleMs = 0 }: OpenOptions) =>
  defineSpace({
    name: 'probe',
    key: 'probe:{tenant}:{tag}:{key}',
    schema: anything,
    ttl: ttlMs,
    staleWhileRevalidate: staleMs,
    tags: ({ tag }) => (tag === none ? [] : [`${tag}`]),
  })

async function open(options: OpenOptions): Promise<CacheUnderTest> {
  const { redisUrl, cluster, prefix, maxEntries } = options
  const space = probeSpace(options)
  // On a Cluster of six processes on one machine the suite sends hundreds of commands at once, and asks for no time.
  const addresses = cluster === undefined ? { url: redisUrl ?? '' } : { cluster, deadline: '5s' as const }
  const cache: Cache = await createCache({
    catalog: defineCatalog({ prefix, spaces: [space] }),
    memory: maxEntries === undefined ? {} : { maxEntries },
    ...(redisUrl === undefined && cluster === undefined
      ? {}
      : { shared: redisShared({ ...addresses, prefix, descriptor: 'correctness' }) }),
  })
  const probes = cache.open(space)
  const params = (key: string, tag = none, tenant = none) => ({ tenant, tag, key })
  return {
    getOrLoad: (key, loader, { tag } = {}) => probes.getOrLoad(params(key, tag), loader),
    getOrLoadIn: (namespace, key, loader) => probes.getOrLoad(params(key, none, namespace), loader),
    delete: async (key) => void (await probes.delete(params(key))),
    set: (key, value) => probes.set(params(key), value),
    invalidateTag: async (tag) => void (await cache.invalidate({ tags: [tag] })),
    getMany: (keys) => probes.getMany(keys.map((key) => params(key))),
    deleteMany: async (keys) =>
      void (await cache.invalidate({ keys: keys.map((key) => probes.key(params(key))) })),
    clear: async () => void (await cache.clear()),
    // There are none: a key is made of named parameters, each of which is given.
    automaticKey: ([key, tag = none]) => probes.key(params(String(key), String(tag))),
    close: () => cache.close(),
  }
}

const reprise: CacheAdapter = {
  name: 'Reprise',
  offers: [
    'tags',
    'bus',
    'memory-above-redis',
    'background-refresh',
    'automatic-keys',
    'namespaces',
    'cluster',
  ],
  open,
}

/** Reprise as the correctness suite sees it. */
export default reprise
