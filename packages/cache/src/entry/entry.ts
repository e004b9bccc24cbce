/** Where a value came from: shown on every hit, stored with the value (row E1). */
export interface Provenance {
  /** The model that made it, such as `gpt-4`. */
  readonly model?: string
  /** The strategy that made it, such as `premium`. */
  readonly strategy?: string
  /** Rank among strategies: a lower one never replaces a higher one that is fresh. */
  readonly rank?: number
  /** What making it cost, in any one currency. */
  readonly cost?: number
}

/** The provenance of what nothing is known of. */
export const noProvenance: Provenance = Object.freeze({})

/** A place in the order of invalidations: eras are compared by equality only, numbers only within one era. */
export interface Position {
  readonly era: string
  readonly n: number
}

/** A value with its times, tags and provenance. Times are milliseconds since 1970. */
export interface Entry {
  readonly value: unknown
  readonly createdAt: number
  /** End of the fresh life; Infinity for ever. */
  readonly freshUntil: number
  /** Position of the log when its load began: born with the load, never raised; compared with marks. */
  readonly asOf: Position
  readonly tags: readonly string[]
  readonly meta: Provenance
  /** How long the load took, in milliseconds; 0 for a value that was set. */
  readonly loadTime: number
  /** A name of this very write. */
  readonly version: string
  /** Size of the value as JSON, in bytes. */
  readonly bytes: number
}

/** The windows of a policy, in milliseconds, as freshness needs them. */
export interface Windows {
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
}

/** `fresh`: serve; `stale`: serve and refresh in the background; `fallback`: only if loading fails or is slow; `dead`: gone. */
export type Freshness = 'fresh' | 'stale' | 'fallback' | 'dead'

/** The one rule of freshness. */
export function freshness(end: number, now: number, windows: Windows): Freshness {
  if (now < end) return 'fresh'
  const age = now - end
  if (age < windows.staleWhileRevalidate) return 'stale'
  return age < windows.staleIfError ? 'fallback' : 'dead'
}

/** When nothing of an entry can be served any more. */
export function keepUntil(end: number, windows: Windows): number {
  return end + Math.max(windows.staleWhileRevalidate, windows.staleIfError)
}
