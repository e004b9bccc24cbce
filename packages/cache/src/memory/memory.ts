import type { BoundSpace } from '../key/catalog.ts'
import type { Leaver, MemoryRecord, Remembered } from './record.ts'
import type { SpaceUsage } from './usages.ts'
import type { WeighedCost, Worth } from './worth.ts'

export { isOver, type Leaver, type MemoryRecord } from './record.ts'

/** Bounds of the memory tier, and what it weighs when it is full. */
export interface MemoryOptions {
  /** @default 100 000 */
  readonly maxEntries?: number
  /** Estimated bytes of keys, values and all that is kept beside them. @default 256 MiB */
  readonly maxBytes?: number
  /**
   * Keeps costly entries longer: one that cost 2, 4 or 8 times the mean stays 1, 2 or 3 turns more. `loadTime` weighs
   * the milliseconds of the load; `cost` weighs `meta.cost`, else the `cost` of the space. @default nothing is weighed
   */
  readonly weighCost?: WeighedCost
  /**
   * `objects`: values as they are, read fastest. `packed`: values as bytes outside V8's heap, for millions of entries:
   * about six tenths of the memory, no work for the collector, every read a copy of its own. @default 'objects'
   */
  readonly layout?: 'objects' | 'packed'
}

/** Why a record left memory. */
export type Leaving = 'evicted' | 'replaced' | 'removed'

/** Checked settings of a memory tier, and what it tells. */
export interface MemorySettings {
  readonly maxEntries: number
  readonly maxBytes: number
  /** Gives hashes of keys that nobody outside can foresee, so that nobody can send keys that all have one. @default 0 */
  readonly seed?: number
  /** Rounds that an entry gets because it is costly, 0 to 3. */
  readonly worthOf: Worth
  readonly onEvict: (leaver: Leaver) => void
  readonly onLeave: (leaver: Leaver, why: Leaving) => void
}

/** The tier in the process, answered without waiting. Which entry goes when it is full is its own affair. */
export interface Memory {
  /** The record of a key, marked as used. */
  read(key: string): MemoryRecord | undefined
  /** The shortest way to the fresh entries of a space, in a layout that has one. */
  readonly reads: ((space: BoundSpace) => FreshReads) | undefined
  /** The record of a key, as if nobody had looked. */
  look(key: string): MemoryRecord | undefined
  /** Keeps an entry, in place of what its key had. */
  write(given: Remembered): void
  remove(key: string): boolean
  /** Looks at the next `limit` records and removes those that `isDead` tells: how many went, and whether the walk through all is done. */
  sweep(
    limit: number,
    isDead: (record: MemoryRecord) => boolean,
  ): { readonly removed: number; readonly done: boolean }
  records(): IterableIterator<MemoryRecord>
  /** Up to `limit` records from a place on, 0 for the first; `next` is where the page after begins. An entry keeps its place for life. */
  page(from: number, limit: number): { readonly records: readonly MemoryRecord[]; readonly next?: number }
  usage(space: string): Readonly<SpaceUsage>
  readonly entries: number
  readonly bytes: number
  readonly evictions: number
  readonly maxBytes: number
  /** Grows whenever an entry comes, goes or is replaced. */
  readonly changes: number
}

/** Reads of one space that make no record and no key: the parameters themselves are looked for. */
export interface FreshReads {
  /**
   * The value of the entry whose key has this parameter between the head and the tail of its space's keys, if it is fresh now
   * and its marks were compared at this revision: it is counted as read. Undefined where a longer way has to tell.
   */
  hit(param: string | number, now: number, revision: number): unknown
  /** The same for spaces with more parameters, in the order of the key. */
  hitAll(params: readonly (string | number)[], now: number, revision: number): unknown
  /** What making the last hit cost, where its provenance tells. */
  readonly cost: number | undefined
}
