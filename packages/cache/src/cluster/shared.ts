import type { Position } from '../entry/entry.ts'
import type { TierRecord, TierUsage } from '../tier.ts'

/**
 * The store that all processes of a catalog share, with its leases and its log: what the protocol of
 * `docs/consistency.md` needs of Redis or Valkey, one method for each script. Every call rejects when the store
 * is slow or away (`E_TIER_READ`, `E_TIER_WRITE`); a call that was given up may still happen, and each is safe
 * then; one that was never sent says so by a `retryAfter`. Times are the caller's milliseconds since 1970; what is stored is in the store's own time, so clocks
 * that differ between processes decide nothing.
 */
export interface Shared {
  /** Such as `redis`. */
  readonly name: string
  /**
   * Whether values live on other servers than the log, each of which may fail over alone and bring back what was
   * deleted: then late deletions are compared with what is read.
   */
  readonly scattered?: boolean
  /**
   * Milliseconds to add to the caller's time to get the store's, as of the last head; so chosen that a life is
   * never lengthened. The times inside a body are the store's; the engine converts them, this interface never looks.
   */
  offset(): number
  /** Connects and claims the catalog. @throws E_CATALOG_SHARED when another application has the prefix; E_TIER_READ */
  open(): Promise<void>
  /**
   * Where the log stands and every mark in force, and where values are scattered the late deletions of keys; a new
   * era is begun where there is none.
   */
  join(): Promise<
    SharedHead & {
      readonly marks: ReadonlyMap<string, number>
      readonly deletions?: ReadonlyMap<string, number>
    }
  >
  /** The records of these keys in their order, and the head of the log read at the same time or after. */
  read(
    keys: readonly SharedKey[],
  ): Promise<{ readonly records: readonly (TierRecord | undefined)[]; readonly head: SharedHead }>
  /** In one script: the value, or the lease, or why neither; and the head of the log, read before the answer is given. */
  acquire(
    key: SharedKey,
    options: AcquireOptions,
  ): Promise<{ readonly acquired: Acquired; readonly head: SharedHead }>
  /** Heart-beat: a longer lease if this token holds it; never makes one. False when it does not. */
  extend(key: SharedKey, token: string, lease: number): Promise<boolean>
  /**
   * Writes a record if this token holds the lease, ends the lease, forgets the failure and wakes those who wait,
   * in one script. The same version again is fine. An expired token that nobody took may still store. False when refused.
   */
  store(
    record: TierRecord,
    options: { readonly token: string; readonly version: string; readonly format: SharedKey['format'] },
  ): Promise<boolean>
  /** Ends the lease if this token holds it, remembers the failure where one is given, and wakes those who wait. */
  release(key: SharedKey, token: string, failure?: SharedFailure): Promise<void>
  /**
   * Takes the lease from whoever has it and removes what it protects, so that only this token may store and nobody
   * reads what was there before; resolves with the head read before.
   */
  steal(key: SharedKey, token: string, lease: number): Promise<SharedHead>
  /** Removes value, lease, failure and sidecar of these keys and wakes those who wait; resolves with how many values there were. */
  remove(keys: readonly SharedKey[]): Promise<number>
  /** Writes one record to the log under the next number. In another era than the catalog's last, a new one is begun first. */
  append(record: Omit<LogRecord, 'n'>): Promise<Position>
  /**
   * Records after a position, waiting up to `wait` milliseconds for the first (0: not at all). `records` starts at
   * `after.n + 1` or is empty; when the log no longer reaches back so far, or the era differs, `gap` is true.
   */
  next(
    after: Position,
    wait: number,
  ): Promise<{ readonly head: SharedHead; readonly records: readonly LogRecord[]; readonly gap: boolean }>
  /** Hears of keys whose lease ended; messages may be lost. Resolves with what stops it. */
  onWake(listener: (key: string) => void): Promise<() => Promise<void>>
  /** Forgets marks at or below `floor` and raises the floor, in one script. */
  prune(floor: number): Promise<void>
  /** Keys under a prefix, on every node, page by page in no order; a key may come twice, and a page may be empty or a little over `limit`. */
  list(
    prefix: string,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<{ readonly keys: readonly string[]; readonly cursor?: string }>
  /** Bytes of the values of these keys, 0 where there is none. @default those of the values that `read` gives */
  sizes?(keys: readonly string[]): Promise<readonly number[]>
  /** Who has the lease of a key, as the token says, and for how many milliseconds more. */
  holder?(key: string): Promise<{ readonly token: string; readonly left: number } | undefined>
  /** Figures of the server itself (row C5). */
  server?(): Promise<ServerFigures>
  usage(prefix: string): Promise<TierUsage>
  ping(): Promise<void>
  close(): Promise<void>
}

/** What a server tells about itself: memory in bytes, times in milliseconds, counts since it started. */
export interface ServerFigures {
  readonly product: string
  readonly version: string
  readonly role: string
  readonly uptime: number
  /** How many servers the figures are the sum of: the masters of a Cluster, else 1. */
  readonly nodes: number
  readonly memory: {
    readonly used: number
    readonly peak: number
    /** 0 for no bound. */
    readonly max: number
    /** What goes when it is full. */
    readonly policy: string
  }
  readonly clients: { readonly connected: number; readonly blocked: number }
  readonly commands: {
    readonly processed: number
    readonly perSecond: number
    readonly keyHits: number
    readonly keyMisses: number
  }
  readonly keys: { readonly evicted: number; readonly expired: number }
}

/** A key and the stored format of its space. */
export interface SharedKey {
  readonly key: string
  readonly format: 'entry' | 'document'
}

/** Where the log stands. */
export interface SharedHead extends Position {
  /** Marks at or below this number were pruned; a value from before it is a miss. */
  readonly floor: number
}

/** How a lease is asked for. */
export interface AcquireOptions {
  /** A name for this very attempt. */
  readonly token: string
  /** Length of the lease in milliseconds. */
  readonly lease: number
  /** The version of the value that the caller has seen and wants to replace; a value of another version is returned instead. */
  readonly judged?: string
  /** Whether the judged value is invalid and must go at once, so that it cannot block or outlive a fresh one. */
  readonly removeJudged?: boolean
  /** Ask for the lease even though there is a value or a failure. */
  readonly force?: boolean
}

/** What asking for a lease gives. */
export type Acquired =
  /** A value that the caller has not judged. */
  | { readonly kind: 'value'; readonly record: TierRecord }
  /** The lease. `gen` names the line of values of this key: inherited by refreshes, new after an invalidation. */
  | { readonly kind: 'granted'; readonly gen: string }
  /** Another holds the lease, for at most so many milliseconds more unless it beats. */
  | { readonly kind: 'wait'; readonly left: number }
  /** The loader failed lately, somewhere. */
  | { readonly kind: 'failed'; readonly failure: SharedFailure; readonly left: number }

/** A failure that all processes respect. */
export interface SharedFailure {
  readonly message: string
  readonly attempts: number
  /** Milliseconds for which no loader is called. */
  readonly wait: number
}

/** One record of the log. */
export interface LogRecord {
  readonly n: number
  /** Marks of tags, spaces and tenants: what is older is a miss. */
  readonly marks: readonly string[]
  /**
   * Keys whose copies must go; `version` names the write that made the record, whose copies may stay, and `sameLine`
   * says that it was an upgrade or a touch, which other upgrades under way survive.
   */
  readonly keys: readonly { readonly key: string; readonly version?: string; readonly sameLine?: true }[]
}
