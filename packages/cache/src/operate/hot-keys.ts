import { RepriseError } from '../errors.ts'
import type { ReadSketch } from './read-sketch.ts'

/** A key that this process reads much (row C7). Reads are those of about the last five minutes; earlier ones weigh half for each five minutes since. */
export interface HotKey {
  readonly key: string
  readonly space: string
  /** Estimate of its reads: hits of every tier, stale serves and misses, but no `peek` that missed; of more than about 4000 reads of all keys a sample is counted. */
  readonly reads: number
  /** By how much `reads` may be too high because the key shared its counter; at most half of it. */
  readonly error: number
  /** Its part of the reads of all keys, 0 to 1. */
  readonly share: number
}

/** Most keys that can be asked for. */
const most = 256

/** The keys that are read most, the hottest first; fewer than `limit` where no more stand out. @throws E_OPTION_INVALID */
export function hotKeys(sketch: ReadSketch, limit: number): readonly HotKey[] {
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `hotKeys(${String(limit)}): give a whole number from 1 to ${most}`,
    )
  }
  const { total } = sketch
  return (
    sketch
      .list()
      // Where all keys are read alike, each counter is the sum of many keys, and no key is hot.
      .filter(({ reads, error }) => Math.round(reads) > 0 && error <= reads / 2)
      .slice(0, limit)
      .map(({ key, space, reads, error }) => ({
        key,
        space,
        reads: Math.round(reads),
        error: Math.round(error),
        share: reads / total,
      }))
  )
}
