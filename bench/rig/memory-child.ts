/** One cache in memory, in a process of its own: no other cache's heap or compiled code is in its way. */
import { type Services, serve } from './child.ts'
import type { Loop, MemoryCache } from './memory-cache.ts'
import { fillAll, sumOf } from './memory-fill.ts'
import { memoryCaches } from './memory-caches.ts'
import { drawBlocks } from './requests.ts'
import { keyOf, paramsOf, valueOf } from './stock.ts'

/** What is opened, and how it will be read. */
export interface Opening {
  readonly name: string
  readonly entries: number
  /** Exponent of Zipf; 0 reads all keys alike. */
  readonly skew: number
}

let cache: MemoryCache | undefined
let blocks: readonly Uint32Array[] = []
let sums: readonly number[] = []
let next = 0

const services = {
  /** Fills a cache; answers its ways to read. */
  async open({ name, entries, skew }: Opening): Promise<readonly string[]> {
    const maker = memoryCaches[name]
    if (maker === undefined) throw new Error(`there is no cache '${name}'`)
    const create = await maker.prepare()
    const keys = Array.from({ length: entries }, (_, index) => keyOf(index))
    const params = Array.from({ length: entries }, (_, index) => paramsOf(index))
    const given = (index: number): string => keys[index] as string
    const paramsAt = (index: number): (typeof params)[number] => params[index] as (typeof params)[number]
    cache = await create({ entries, keyOf: given, paramsOf: paramsAt, valueOf, keys, params })
    await fillAll(cache, entries)
    blocks = drawBlocks(entries, skew, Math.max(100, Math.ceil(entries / 500)))
    sums = blocks.map((places) => sumOf(places, (place) => place))
    return Object.keys(cache.loops)
  },
  /** Reads per second over so many milliseconds. */
  async measure(way: string, length: number): Promise<number> {
    const read = cache?.loops[way] as Loop
    let reads = 0
    const startedAt = performance.now()
    const until = startedAt + length
    while (performance.now() < until) {
      const block = blocks[next] as Uint32Array
      const answer = read(block)
      const sum = typeof answer === 'number' ? answer : await answer
      if (sum !== sums[next]) throw new Error(`${way}: a read found nothing, or another value`)
      next = (next + 1) % blocks.length
      reads += block.length
    }
    return (reads / (performance.now() - startedAt)) * 1_000
  },
  async close(): Promise<void> {
    await cache?.close()
  },
}

export type MemoryChild = typeof services & Services

serve(services)
