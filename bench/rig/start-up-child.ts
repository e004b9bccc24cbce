/**
 * From nothing to the first hit: imports one library, makes a cache, loads a key and reads it again; then it says how
 * long that took since the process began, and what it takes. Imports nothing itself. Arguments: a name, and `--files`
 * to list the files that were loaded in place of measuring.
 */
import type { LoadedFiles } from './loaded-files.ts'
import type { Constructor } from './load-package.ts'

const passing = {
  '~standard': { version: 1, vendor: 'bench', validate: (value: unknown) => ({ value }) },
} as const
const params = { id: 'k1' }
const key = 'bench:item:k1'
const value = { id: 1 }
const load = async (): Promise<unknown> => value

async function reprise(): Promise<unknown> {
  const { createCache, defineCatalog, defineSpace } = await import('@reprise/cache')
  const item = defineSpace({ name: 'item', key: 'item:{id}', schema: passing, ttl: '1h' })
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'bench', spaces: [item] }) })
  const space = cache.open(item)
  await space.getOrLoad(params, load)
  return space.getOrLoad(params, load)
}

interface Keyed {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
}
const peer = async <T>(name: string): Promise<T> => (await import(name)) as T

const starters: Readonly<Record<string, () => Promise<unknown>>> = {
  'Node alone': async () => value,
  Reprise: reprise,
  'Reprise, with /sql': async () => {
    await import('@reprise/cache/sql')
    return reprise()
  },
  'Reprise, with /redis': async () => {
    await import('@reprise/cache/redis')
    return reprise()
  },
  async 'lru-cache'() {
    const { LRUCache } = await peer<{ LRUCache: Constructor<Keyed> }>('lru-cache')
    const cache = new LRUCache({ max: 100_000, ttl: 3_600_000 })
    cache.set(key, await load())
    return cache.get(key)
  },
  async 'cache-manager'() {
    const { createCache } = await peer<{
      createCache: (options: { ttl: number }) => { wrap(key: string, load: () => unknown): Promise<unknown> }
    }>('cache-manager')
    const cache = createCache({ ttl: 3_600_000 })
    await cache.wrap(key, load)
    return cache.wrap(key, load)
  },
  async 'layered-loader'() {
    const { Loader } = await peer<{ Loader: Constructor<Keyed> }>('layered-loader')
    const cache = new Loader({
      inMemoryCache: { ttlInMsecs: 3_600_000, maxItems: 100_000 },
      dataSourceGetOneFn: load,
    })
    await cache.get(key)
    return cache.get(key)
  },
  async BentoCache() {
    const { BentoCache, bentostore } = await peer<{
      BentoCache: Constructor<{ getOrSet(options: unknown): Promise<unknown> }>
      bentostore: () => { useL1Layer(driver: unknown): unknown }
    }>('bentocache')
    const { memoryDriver } = await peer<{ memoryDriver: (options: unknown) => unknown }>(
      'bentocache/drivers/memory',
    )
    const main = bentostore().useL1Layer(memoryDriver({ maxItems: 100_000 }))
    const cache = new BentoCache({ default: 'main', stores: { main } })
    await cache.getOrSet({ key, factory: load, ttl: 3_600_000 })
    return cache.getOrSet({ key, factory: load, ttl: 3_600_000 })
  },
  async cacheable() {
    const { Cacheable } = await peer<{
      Cacheable: Constructor<{ getOrSet(key: string, load: () => unknown): Promise<unknown> }>
    }>('cacheable')
    const cache = new Cacheable({ ttl: 3_600_000 })
    await cache.getOrSet(key, load)
    return cache.getOrSet(key, load)
  },
}

/** What one start took. */
export interface Started {
  /** Since the process began. */
  readonly milliseconds: number
  readonly residentBytes: number
  readonly heapBytes: number
  readonly files?: LoadedFiles
}

const [name = '', listed] = process.argv.slice(2)
const start = starters[name]
if (start === undefined) {
  console.log(JSON.stringify(Object.keys(starters)))
} else {
  const files =
    listed === '--files' ? await import('./loaded-files.js').then((it) => it.watchFiles()) : undefined
  const read = (await start()) as typeof value | undefined
  const milliseconds = performance.now()
  const { rss, heapUsed } = process.memoryUsage()
  if (read?.id !== value.id) throw new Error(`${name}: the second read found nothing`)
  const started: Started = {
    milliseconds,
    residentBytes: rss,
    heapBytes: heapUsed,
    ...(files !== undefined && { files: files() }),
  }
  // Caches may have timers.
  process.stdout.write(`${JSON.stringify(started)}\n`, () => process.exit())
}
