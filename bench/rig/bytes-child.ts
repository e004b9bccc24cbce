/** One cache, filled in a process of its own: what its entries weigh, and how long the collector stopped the process. */
import { PerformanceObserver } from 'node:perf_hooks'
import { type Services, serve } from './child.ts'
import { fillAll, sumOf } from './memory-fill.ts'
import { memoryCaches } from './memory-caches.ts'
import { drawBlocks } from './requests.ts'
import { keyOf, paramsOf, valueOf } from './stock.ts'

/** The figures of one cache. */
export interface Weighed {
  /** Per entry, on the heap and outside it (buffers), after a full collection. */
  readonly bytesPerEntry: number
  readonly residentPerEntry: number
  readonly fillSeconds: number
  /** Longest single stop by the collector, in milliseconds. */
  readonly longestPauseFilling: number
  readonly longestPauseReading: number
  readonly readsPerSecond: number
}

let longest = 0
const observer = new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
})
observer.observe({ entryTypes: ['gc'] })

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** The longest stop since the last look; entries reach an observer some turns of the loop later. */
async function takeLongest(): Promise<number> {
  for (let waited = 0; waited < 5; waited += 1) await turn()
  const found = longest
  longest = 0
  return found
}

/** Memory after a full collection: heap and what lies outside it (buffers are part of `external`). */
async function settled(): Promise<{ readonly used: number; readonly resident: number }> {
  const collect = globalThis.gc
  if (collect === undefined) throw new Error('start this process with --expose-gc')
  for (let pass = 0; pass < 4; pass += 1) {
    collect()
    await turn()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { used: heapUsed + external, resident: rss }
}

/** Keys that are read, spread over all entries; few, so that they do not weigh on the heap. */
const sample = 10_000

const services = {
  async weigh(name: string, entries: number, readMilliseconds: number): Promise<Weighed> {
    const create = await memoryCaches[name]?.prepare()
    if (create === undefined) throw new Error(`there is no cache '${name}'`)
    const places = Math.min(sample, entries)
    const indexOf = (place: number): number => Math.floor((place * entries) / places)
    const keys = Array.from({ length: places }, (_, place) => keyOf(indexOf(place)))
    const params = Array.from({ length: places }, (_, place) => paramsOf(indexOf(place)))
    const blocks = drawBlocks(places, 0, 50)
    const sums = blocks.map((block) => sumOf(block, indexOf))
    valueOf(0)
    const before = await settled()
    await takeLongest()

    const startedAt = performance.now()
    const cache = await create({ entries, keyOf, paramsOf, valueOf, keys, params })
    await fillAll(cache, entries)
    const fillSeconds = (performance.now() - startedAt) / 1_000
    const longestPauseFilling = await takeLongest()
    const after = await settled()
    await takeLongest()

    const read = Object.values(cache.loops)[0]
    let reads = 0
    const readFrom = performance.now()
    while (read !== undefined && performance.now() < readFrom + readMilliseconds) {
      const at = (reads / (blocks[0] as Uint32Array).length) % blocks.length
      const sum = await read(blocks[at] as Uint32Array)
      if (sum !== sums[at]) throw new Error('a read found nothing, or another value')
      reads += (blocks[at] as Uint32Array).length
      await turn()
    }
    const readsPerSecond = (reads / (performance.now() - readFrom)) * 1_000
    const longestPauseReading = await takeLongest()
    await cache.close()
    return {
      bytesPerEntry: (after.used - before.used) / entries,
      residentPerEntry: (after.resident - before.resident) / entries,
      fillSeconds,
      longestPauseFilling,
      longestPauseReading,
      readsPerSecond,
    }
  },
}

export type BytesChild = typeof services & Services

serve(services)
