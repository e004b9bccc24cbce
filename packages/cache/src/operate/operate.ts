import type { Provenance } from '../entry/entry.ts'

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
  /** Tiers that hold it, nearest first. */
  readonly tiers: readonly string[]
  readonly bytes: number
  readonly createdAt: number
  readonly freshUntil: number
  /** Hits in memory; 0 for an entry that is only below. */
  readonly hits: number
  readonly lastReadAt?: number
  readonly meta: Provenance
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

/** Options of a clean-up. */
export interface CleanupOptions {
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
