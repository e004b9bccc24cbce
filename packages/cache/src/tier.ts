/** What a tier keeps for a key. */
export interface TierRecord {
  readonly key: string
  /** JSON text of a `document`, or the bytes of an `entry` frame. */
  readonly body: string | Uint8Array
  /** What a document cannot carry itself: its position, tags and times, as JSON. Absent on documents that other programs wrote. */
  readonly sidecar?: string
  readonly createdAt: number
  /** When the tier may forget it, milliseconds since 1970; Infinity for ever. */
  readonly expiresAt: number
}

/** One line of a listing. */
export interface TierItem {
  readonly key: string
  readonly bytes: number
  readonly createdAt: number
  readonly expiresAt: number
}

/** What a tier holds under the catalog's prefix. */
export interface TierUsage {
  readonly entries: number
  readonly bytes: number
}

/** What a tier can keep of its contract where its store makes a difference. What is false here is never pretended. */
export interface TierCapabilities {
  /** A write takes all of its records or none. Without it, a write that rejects may have taken some. */
  readonly atomicWrite: boolean
  /** Of two removals of a key at the same moment only one is told that it was there. Without it, both may be. */
  readonly exactRemove: boolean
  /** Keys can be listed. Without it `list` and `usage` reject with E_TIER_UNSUPPORTED, and `sweep` removes nothing: the store has to expire by itself. */
  readonly list: boolean
}

/**
 * A place below memory where entries live. Adding one is one folder; `@reprise/cache/testing` has the
 * conformance suite. A tier never interprets bodies, never returns an expired record, and touches only keys
 * under the prefix it was given. Every call may reject; the engine treats a failed read as a miss.
 */
export interface Tier {
  readonly name: string
  /** Whether its content outlives the process; such a tier needs a log that does, too. */
  readonly durable: boolean
  /** Milliseconds after which a read is given up and counts as a miss. */
  readonly readDeadline: number
  /** What it lacks, declared. @default all of it */
  readonly capabilities?: TierCapabilities
  /** Makes what it needs, such as its table. Called once, before anything else. */
  open(): Promise<void>
  /** The records of these keys, in their order; undefined for a miss. */
  read(keys: readonly string[]): Promise<readonly (TierRecord | undefined)[]>
  /** Writes all of these records or none; each replaces what is there for its key. Where it writes none, what was there before may be gone. */
  write(records: readonly TierRecord[]): Promise<void>
  /** Removes these keys; resolves with those that there were, expired ones left out. */
  remove(keys: readonly string[]): Promise<readonly string[]>
  /** Lists records whose key starts with `prefix`, after `cursor`, at most `limit`, in an order of the tier's own that never changes; without `cursor` in the answer it is the last page. */
  list(
    prefix: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ items: readonly TierItem[]; cursor?: string }>
  /**
   * As `list`, with the keys and the sizes alone, for a store that would have to read each record to tell its times.
   * @default `list`
   */
  scan?(
    prefix: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ items: readonly Pick<TierItem, 'key' | 'bytes'>[]; cursor?: string }>
  /** Removes at most `limit` expired records; resolves with how many. */
  sweep(limit: number): Promise<number>
  /** What keys under a prefix take. */
  usage(prefix: string): Promise<TierUsage>
  /** Resolves when the tier can be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}
