import { onEvent } from '@reprise/cache'
import type { Counters } from './counters.ts'

/** Names of the counters of a space's reads (row A15). */
export const readNames = (space: string) =>
  ({
    hits: `cache:${space}:hits`,
    hitTime: `cache:${space}:hit_ms`,
    misses: `cache:${space}:misses`,
    missTime: `cache:${space}:miss_ms`,
  }) as const

/** Counts every read of this process's caches, what expired and what was evicted; returns what stops it. */
export function watchCache(counters: Counters): () => void {
  const stops = [
    onEvent('entry-read', ({ space, outcome, milliseconds }) => {
      const names = readNames(space)
      const missed = outcome === 'miss'
      counters.add(missed ? names.misses : names.hits)
      counters.add(missed ? names.missTime : names.hitTime, Math.max(0, milliseconds))
    }),
    onEvent('entries-expired', ({ count }) => counters.add('cache_expired', count)),
    onEvent('entry-evicted', () => counters.add('cache_evicted')),
  ]
  return () => stops.forEach((stop) => stop())
}
