/** Who reads in `npm run bench -- redis`: Reprise, raw ioredis, and the peers that are installed; none with memory. */
import { type SpaceHandle, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { type Constructor, loadPackage } from './load-package.ts'
import type { Payload } from './payload.ts'

/** One library over the server: it stores a value and reads it, each read from Redis. */
export interface Contestant {
  readonly name: string
  store(id: string, value: Payload): Promise<unknown>
  read(id: string): Promise<unknown>
  close(): Promise<unknown> | void
}

/** How a contestant is made; `packages` are what it needs beside the workspace. */
export interface Entrant {
  readonly name: string
  readonly packages: readonly string[]
  make(url: string): Promise<readonly Contestant[]>
}

interface Keyv {
  get(key: string): Promise<unknown>
}
interface Peer {
  get(key: unknown): Promise<unknown>
  set(...args: readonly unknown[]): Promise<unknown>
  disconnect?(): Promise<unknown>
  close?(): Promise<unknown>
}

const passing = {
  '~standard': { version: 1, vendor: 'bench', validate: (value: unknown) => ({ value }) },
} as const
const item = z.object({ id: z.string(), intent: z.string(), score: z.number(), text: z.string() })
const checked = z.object({ id: z.string(), items: z.array(item) })

async function reprise(url: string): Promise<readonly Contestant[]> {
  const plain = defineSpace({ name: 'plain', key: 'plain:{id}', schema: passing, ttl: '1h' })
  const typed = defineSpace({ name: 'typed', key: 'typed:{id}', schema: checked, ttl: '1h' })
  const cache = await createCache({
    catalog: defineCatalog({ prefix: 'bench', spaces: [plain, typed] }),
    shared: redisShared({ url, prefix: 'bench', descriptor: 'bench', deadline: '10s' }),
    memory: { maxEntries: 0 },
  })
  const loader = (): never => {
    throw new Error('every read is a hit')
  }
  const over = (
    name: string,
    space: SpaceHandle<typeof plain> | SpaceHandle<typeof typed>,
    read: Contestant['read'],
  ): Contestant => ({
    name,
    store: (id, value) => space.set({ id }, value),
    read,
    close: () => undefined,
  })
  const [one, two] = [cache.open(plain), cache.open(typed)]
  return [
    { ...over('reprise get', one, (id) => one.get({ id })), close: () => cache.close() },
    over('reprise get, zod', two, (id) => two.get({ id })),
    over('reprise getOrLoad', one, (id) => one.getOrLoad({ id }, loader)),
  ]
}

function raw(name: string, url: string, parse: (text: string | null) => unknown): Contestant {
  const client = new Redis(url)
  return {
    name,
    store: (id, value) => client.set(`raw:${id}`, JSON.stringify(value)),
    read: async (id) => parse(await client.get(`raw:${id}`)),
    close: () => client.disconnect(),
  }
}

async function keyvOver(url: string): Promise<Keyv> {
  const { default: KeyvRedis } = await loadPackage<{ default: Constructor<object> }>('@keyv/redis')
  const { Keyv } = await loadPackage<{ Keyv: Constructor<Keyv> }>('keyv')
  return new Keyv({ store: new KeyvRedis(url) })
}

/** All contestants, Reprise and ioredis first. */
export const entrants: readonly Entrant[] = [
  {
    name: 'ioredis',
    packages: [],
    make: async (url) => [
      raw('ioredis GET', url, (text) => text),
      raw('ioredis GET, parse', url, (text) => JSON.parse(text ?? '')),
    ],
  },
  { name: 'reprise', packages: [], make: reprise },
  {
    name: 'cache-manager',
    packages: ['cache-manager', 'keyv', '@keyv/redis'],
    async make(url) {
      const { createCache: create } = await loadPackage<{ readonly createCache: (options: unknown) => Peer }>(
        'cache-manager',
      )
      const cache = create({ stores: [await keyvOver(url)] })
      return [
        {
          name: 'cache-manager',
          store: (id, value) => cache.set(`manager:${id}`, value, 3_600_000),
          read: (id) => cache.get(`manager:${id}`),
          close: () => cache.disconnect?.(),
        },
      ]
    },
  },
  {
    name: 'layered-loader',
    packages: ['layered-loader'],
    async make(url) {
      const { Loader, RedisCache } = await loadPackage<{
        Loader: Constructor<Peer>
        RedisCache: Constructor<Peer>
      }>('layered-loader')
      const client = new Redis(url)
      const store = new RedisCache(client, { prefix: 'layered', json: true, ttlInMsecs: 3_600_000 })
      const loader = new Loader({ inMemoryCache: false, asyncCache: store })
      return [
        {
          name: 'layered-loader',
          store: (id, value) => store.set(id, value),
          read: (id) => loader.get(id),
          close: () => client.disconnect(),
        },
      ]
    },
  },
  {
    name: 'BentoCache',
    packages: ['bentocache'],
    async make(url) {
      const bento = await loadPackage<{
        BentoCache: Constructor<Peer>
        bentostore(): { useL2Layer(driver: unknown): unknown }
      }>('bentocache')
      const { redisDriver } = await loadPackage<{ readonly redisDriver: (options: unknown) => unknown }>(
        'bentocache/drivers/redis',
      )
      const connection = new Redis(url)
      const stores = { redis: bento.bentostore().useL2Layer(redisDriver({ connection })) }
      const cache = new bento.BentoCache({ default: 'redis', stores })
      return [
        {
          name: 'BentoCache',
          store: (id, value) => cache.set({ key: id, value, ttl: '1h' }),
          read: (id) => cache.get({ key: id }),
          close: () => connection.disconnect(),
        },
      ]
    },
  },
  {
    name: 'cacheable',
    packages: ['cacheable', 'keyv', '@keyv/redis'],
    async make(url) {
      const { Cacheable } = await loadPackage<{ Cacheable: Constructor<Peer> }>('cacheable')
      const { Keyv } = await loadPackage<{ Keyv: Constructor<Keyv> }>('keyv')
      const empty = { get: () => undefined, set: () => true, delete: () => true, clear: () => undefined }
      const cache = new Cacheable({ primary: new Keyv({ store: empty }), secondary: await keyvOver(url) })
      return [
        {
          name: 'cacheable',
          store: (id, value) => cache.set(`cacheable:${id}`, value, 3_600_000),
          read: (id) => cache.get(`cacheable:${id}`),
          close: () => cache.disconnect?.(),
        },
      ]
    },
  },
]
