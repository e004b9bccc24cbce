/** What to invalidate: any of these together. */
export interface Invalidation {
  /** Full keys, as `handle.key(params)` gives them. */
  readonly keys?: readonly string[]
  readonly tags?: readonly string[]
  /** Names of spaces. */
  readonly spaces?: readonly string[]
  /** Every entry of a tenant, in the spaces whose key names one. */
  readonly tenant?: string
}

/** What an invalidation did. */
export interface InvalidationReport {
  /** Stored entries that were removed by key; marks remove nothing, they make entries misses. */
  readonly removed: number
  /** The position of the log after it. */
  readonly position: { readonly era: string; readonly n: number }
}
