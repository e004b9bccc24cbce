/** Filling a cache, and what its reads must add up to. */
import type { MemoryCache } from './memory-cache.ts'

const batch = 500

/** Fills all entries through the public API, some hundred at a time, and lets the process breathe between. */
export async function fillAll(cache: MemoryCache, entries: number): Promise<void> {
  for (let start = 0; start < entries; start += batch) {
    const length = Math.min(batch, entries - start)
    await Promise.all(Array.from({ length }, (_, at) => cache.fill(start + at)))
    await new Promise(setImmediate)
  }
}

/** The sum that a loop answers for some places, as 32 bits. */
export function sumOf(places: Uint32Array, indexOf: (place: number) => number): number {
  let sum = 0
  for (const place of places) sum = (sum + indexOf(place)) | 0
  return sum
}
