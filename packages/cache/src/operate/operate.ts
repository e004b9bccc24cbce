import type { Freshness, Provenance } from '../entry/entry.ts'

/** A tier, what it holds and whether it can be reached. */
export interface TierReport {
  readonly name: string
  readonly reachable: boolean
  readonly durable: boolean
  /** False for a tier that cannot tell what it holds; its figures are 0 then. */
  readonly counted?: false
  readonly entries: number
  readonly bytes: number
  /** The bound of a bounded tier, in bytes. */
  readonly maxBytes?: number
  readonly error?: string
}

/** One entry of a listing. Times are milliseconds since 1970. */
export interface EntryItem {
  readonly key: string
  readonly space: string
  readonly params: Readonly<Record<string, string>>
  /** In the nearest tier that has it; `unreadable` for what this process cannot decode. */
  readonly state: Exclude<Freshness, 'dead'> | 'unreadable'
  /** Tiers that hold it, nearest first. */
  readonly tiers: readonly string[]
  readonly bytes: number
  readonly createdAt: number
  readonly freshUntil: number
  /** Hits in memory; 0 for an entry that is only below. */
  readonly hits: number
  readonly lastReadAt?: number
  readonly tags: readonly string[]
  readonly meta: Provenance
}

/** What a listing by cursor lets through; without options, all entries. */
export interface ListOptions {
  readonly space?: string
  /** By parameter: the value, or a pattern in which `*` stands for any text. */
  readonly params?: Readonly<Record<string, string>>
  readonly tag?: string
  /** Entries of one tenant, in the spaces whose keys name one. */
  readonly tenant?: string
  /** Where the page before ended. */
  readonly cursor?: string
  /** Most entries of a page, 1 to 1000. @default 50 */
  readonly limit?: number
}

/** One page of a listing by cursor; it may be short, even empty, and go on. Without `cursor` it is the last. */
export interface EntryListing {
  readonly items: readonly EntryItem[]
  readonly cursor?: string
}

/** Options of a listing of entries. */
export interface EntryPageOptions {
  readonly space?: string
  /** @default 1 */
  readonly page?: number
  /** 1 to 1000. @default 20 */
  readonly pageSize?: number
}

/** One page of entries, by key. */
export interface EntryPage {
  readonly items: readonly EntryItem[]
  readonly total: number
  readonly page: number
  readonly pageSize: number
}

/** How far a walk that removes entries is: `looked` at, of them `removed`, in one tier. */
export interface CleanupProgress {
  readonly tier: string
  readonly looked: number
  readonly removed: number
  readonly bytes: number
}

/** How a walk that removes entries is followed and ended. */
export interface CleanupWatch {
  /** Ends it between two pages with the signal's reason; what was removed stays removed, and it can be repeated. */
  readonly signal?: AbortSignal
  /** Told after each page of a tier. */
  readonly onProgress?: (progress: CleanupProgress) => void
}

/** Options of a clean-up. */
export interface CleanupOptions extends CleanupWatch {
  /** Entries made before this instant go, milliseconds since 1970. */
  readonly createdBefore: number
  /** Names of tiers; all by default. */
  readonly tiers?: readonly string[]
}

/** What a clean-up did. */
export interface CleanupReport {
  readonly removed: number
  readonly bytes: number
  readonly tiers: readonly { readonly tier: string; readonly removed: number; readonly bytes: number }[]
}

/** What there is, counted. */
export interface CacheCounts {
  /** Living entries, each counted once however many tiers hold it. */
  readonly entries: number
  /** By space, those without entries left out; `bytes` in all tiers together. */
  readonly spaces: ReadonlyMap<string, { readonly entries: number; readonly bytes: number }>
  readonly tiers: readonly TierReport[]
  /** When it was counted, milliseconds since 1970. */
  readonly countedAt: number
}

/** What an invalidation would make disappear. */
export interface InvalidationPreview {
  readonly entries: number
  /** Of the values, each counted once. */
  readonly bytes: number
  /** Entries by space. */
  readonly spaces: ReadonlyMap<string, number>
  /** Some of them. */
  readonly samples: readonly EntryItem[]
}
