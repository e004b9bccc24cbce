/** What `npm run bench -- memory` and `-- bytes` know of a cache in memory. */
import type { Params, Value } from './stock.ts'

/** Reads the keys at some places, and answers the sum of their values' ids (as 32 bits): proof that each read was a hit. */
export type Loop = (places: Uint32Array) => number | Promise<number>

/** A cache with room for all entries. */
export interface MemoryCache {
  /** Puts an index's value under its key; the answer is awaited. */
  fill(index: number): unknown
  /** Its ways to read, by name. Each is a loop of its own, so that V8 compiles each call on its own. */
  readonly loops: Readonly<Record<string, Loop>>
  /** Ends timers and the like. */
  close(): unknown
}

/** Where a cache gets its keys and values. */
export interface Stock {
  readonly entries: number
  keyOf(index: number): string
  paramsOf(index: number): Params
  valueOf(index: number): Value
  /** Finished keys by place, for loops; filled before the first of these runs. */
  readonly keys: readonly string[]
  /** Parameters by place. */
  readonly params: readonly Params[]
}

/** Makes a cache, not filled yet; its packages are loaded by `prepare`, so that memory can be looked at between. */
export interface CacheMaker {
  prepare(): Promise<(stock: Stock) => MemoryCache | Promise<MemoryCache>>
}

/** How long entries live, in milliseconds: longer than any run. */
export const hour = 3_600_000

/** A loader that must not run. */
export const neverLoads = (): never => {
  throw new Error('a read was no hit')
}
