/** Makes a value for a row of the suite. */
export type ProbeLoader = () => unknown

/** What a row says about a read. */
export interface ProbeOptions {
  /** A tag that the entry carries; always the same for a key. */
  readonly tag?: string
}

/** One open cache, in the words of the suite. Methods that are not there are not offered. */
export interface CacheUnderTest {
  /** Reads through the cache; the loader makes the value. */
  getOrLoad(key: string, loader: ProbeLoader, options?: ProbeOptions): Promise<unknown>
  /** Removes a key everywhere and resolves when that is done. */
  delete(key: string): Promise<void>
  set?(key: string, value: unknown): Promise<void>
  /** Invalidates every entry that carries a tag and resolves when that is done. */
  invalidateTag?(tag: string): Promise<void>
  /** The values in the order of the keys, undefined (or null) for misses. */
  getMany?(keys: readonly string[]): Promise<readonly unknown[]>
  deleteMany?(keys: readonly string[]): Promise<void>
  clear?(): Promise<void>
  /** The key that the cache makes of these arguments by itself. */
  automaticKey?(args: readonly unknown[]): string
  /** A read in a namespace of its own, such as a tenant's. */
  getOrLoadIn?(namespace: string, key: string, loader: ProbeLoader): Promise<unknown>
  close(): Promise<void>
}

/** What only some caches have; a row whose need is missing counts as "not offered". */
export type Offer =
  /** `invalidateTag`. */
  | 'tags'
  /** Memory above Redis, and other processes are told of invalidations. */
  | 'bus'
  /** Memory above Redis. */
  | 'memory-above-redis'
  /** Old values are served while a refresh runs in the background; `staleMs` is honoured. */
  | 'background-refresh'
  /** `automaticKey`. */
  | 'automatic-keys'
  /** `getOrLoadIn`. */
  | 'namespaces'
  /** Works on Redis Cluster; `cluster` is honoured. */
  | 'cluster'

/** How a row opens a cache. Those with one prefix share their entries. */
export interface OpenOptions {
  /** Such as `redis://127.0.0.1:6379`; undefined for memory alone. */
  readonly redisUrl: string | undefined
  /** Nodes of a Cluster, instead of `redisUrl`. */
  readonly cluster?: readonly { readonly host: string; readonly port: number }[]
  readonly prefix: string
  /** Life of an entry, milliseconds. */
  readonly ttlMs: number
  /** For so long, in milliseconds, an old value may be served while a refresh runs. @default 0 */
  readonly staleMs?: number
  /** Most entries in memory, where the cache has such a bound. @default the cache's own */
  readonly maxEntries?: number
  /** Which of the nodes that share the prefix this is, such as `a`. */
  readonly node: string
}

/** What makes a cache testable: the default export of a module of a few lines. */
export interface CacheAdapter {
  readonly name: string
  readonly offers: readonly Offer[]
  open(options: OpenOptions): Promise<CacheUnderTest>
}

/** The adapter of a module, by its URL. @throws an Error when the module has none */
export async function importAdapter(module: string): Promise<CacheAdapter> {
  const { default: adapter } = (await import(module)) as { default?: CacheAdapter }
  if (adapter?.open === undefined)
    throw new Error(`${module} is no adapter: its default export must be { name, offers, open }`)
  return adapter
}
