import type { Ttl } from './duration.ts'
import type { Provenance } from './entry/entry.ts'
import type { BatchLoader, Loader } from './load/loader.ts'
import type { InputOf, ParamsOf, SpaceBase, ValueOf } from './key/space.ts'

/** Options of a read without a loader. */
export interface ReadOptions {
  /** Also answer with a value whose stale windows are not over. @default false */
  readonly allowStale?: boolean
}

/** Options of a read with a loader. */
export interface LoadOptions {
  /** Leaves the load when it fires; the load itself is aborted when its last caller has left. */
  readonly signal?: AbortSignal
  /** Load even if there is a fresh value; others who ask meanwhile share the load. @default false */
  readonly forceRefresh?: boolean
  /**
   * Load anew if what is kept is still this version, as `find` told it; else answer with what has come in its place.
   * However many ask, in however many processes, one load replaces one version. The old value is served to all others
   * meanwhile, and stays where the load fails.
   */
  readonly replacing?: string
}

/** Options of a removal. */
export interface DeleteOptions {
  /**
   * Remove only what is still this version, as `find` told it. What is being loaded meanwhile is kept: it is not that
   * version. Other processes drop their copies at their next read of the store, or when a load is announced.
   */
  readonly version?: string
}

/** Options of a write. */
export interface WriteOptions {
  /** Instead of the space's TTL; 0 and less mean "do not keep", which also removes what is there. */
  readonly ttl?: Ttl
  /** Added to the tags that the space computes. */
  readonly tags?: readonly string[]
  readonly meta?: Provenance
}

/** Options of a listing. */
export interface PageOptions {
  /** Where the page before ended. */
  readonly cursor?: string
  /** Most entries of a page, 1 to 1000. @default 100 */
  readonly limit?: number
}

/** One page of keys; without `cursor` it is the last. Keys written or removed meanwhile may or may not be on a page. */
export interface KeyPage {
  readonly keys: readonly { readonly key: string; readonly params: Readonly<Record<string, string>> }[]
  readonly cursor?: string
}

/** A value with what is known about it. */
export interface Found<Value> {
  readonly value: Value
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** End of the fresh life, milliseconds since 1970; Infinity for ever. */
  readonly freshUntil: number
  readonly meta: Provenance
  readonly tags: readonly string[]
  /** A name of this very write; `foreign` for what another program wrote. */
  readonly version: string
}

/** An open space: reads, loads and writes of its entries. Any call can throw the key errors E_PARAM_* and E_KEY_TOO_LONG, and E_CACHE_CLOSED. */
export interface SpaceHandle<S extends SpaceBase> {
  readonly name: S['name']
  /** The full key of these parameters. */
  key(params: ParamsOf<S>): string
  /** The fresh value, or undefined: a miss. A tier that is away is a miss. */
  get(params: ParamsOf<S>, options?: ReadOptions): Promise<ValueOf<S> | undefined>
  /** The fresh value with its times and provenance (row E1), or undefined. */
  find(params: ParamsOf<S>, options?: ReadOptions): Promise<Found<ValueOf<S>> | undefined>
  /** The fresh value in memory, or undefined, without waiting. */
  peek(params: ParamsOf<S>): ValueOf<S> | undefined
  /**
   * The value, loaded by at most one loader call at a time.
   * @throws E_LOADER_FAILED, E_LOADER_TIMEOUT, E_LOADER_BACKOFF, E_LOADER_UNDEFINED, E_VALUE_*; the signal's reason when it fires
   */
  getOrLoad(
    params: ParamsOf<S>,
    loader: Loader<InputOf<S>, ValueOf<S>>,
    options?: LoadOptions,
  ): Promise<ValueOf<S>>
  /** The fresh values in the order of the parameters, undefined for misses; one read per tier. */
  getMany(params: readonly ParamsOf<S>[]): Promise<(ValueOf<S> | undefined)[]>
  /** The values in the order of the parameters; the loader is called once with what is missing. Rejects with the first failure. */
  getOrLoadMany(
    params: readonly ParamsOf<S>[],
    loader: BatchLoader<ParamsOf<S>, InputOf<S>, ValueOf<S>>,
    options?: LoadOptions,
  ): Promise<ValueOf<S>[]>
  /** Writes a value to every tier; a load under way cannot overwrite it. @throws E_VALUE_*, E_TTL_INVALID, E_TAG_INVALID, E_TIER_WRITE */
  set(params: ParamsOf<S>, value: InputOf<S>, options?: WriteOptions): Promise<void>
  /** Writes several values, in one round trip per tier. Nothing is written when one of them is refused. */
  setMany(
    items: readonly { readonly params: ParamsOf<S>; readonly value: InputOf<S> }[],
    options?: WriteOptions,
  ): Promise<void>
  /** Removes an entry from every tier; a load under way cannot bring it back. True when there was one. @throws E_INVALIDATION_UNKNOWN */
  delete(params: ParamsOf<S>, options?: DeleteOptions): Promise<boolean>
  /** Whether there is a fresh value. */
  has(params: ParamsOf<S>): Promise<boolean>
  /** Milliseconds of fresh life left, Infinity for ever, undefined when there is no fresh value. */
  ttl(params: ParamsOf<S>): Promise<number | undefined>
  /** Gives a fresh entry a new life from now; false when there is none. @throws E_TTL_INVALID, E_TIER_WRITE */
  touch(params: ParamsOf<S>, ttl?: Ttl): Promise<boolean>
  /** Keys of the living entries of this space, page by page. @throws E_CURSOR_INVALID, E_OPTION_INVALID */
  keys(options?: PageOptions): Promise<KeyPage>
}
