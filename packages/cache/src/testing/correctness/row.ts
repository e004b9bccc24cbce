import type { CacheUnderTest, Offer, OpenOptions } from './cache-under-test.ts'
import type { Proxy } from './proxy.ts'
import type { RemoteCache } from './remote.ts'

/** How a cache did in one row. */
export interface RowResult {
  readonly row: string
  readonly passed: boolean | 'not offered'
  /** What was seen, in a few words. */
  readonly measured: string
}

/** A Redis that a row may stop for a while; none of its data matters. */
export interface FreezableRedis {
  readonly url: string
  freeze(): void | Promise<void>
  thaw(): void | Promise<void>
}

/** Options of a cache that a row opens; the stage fills in the rest. */
export type StageOpenOptions = Partial<Omit<OpenOptions, 'prefix' | 'node'>>

/** What a row works with; everything it opens is closed after it. */
export interface Stage {
  /** Opens a node of the row's cache in this process. */
  open(options?: StageOpenOptions): Promise<CacheUnderTest>
  /** Opens a node in a process of its own, whose clock is so many milliseconds ahead. */
  openProcess(options?: StageOpenOptions & { readonly clockAhead?: number }): Promise<RemoteCache>
  /** A way to the Redis of the row that can be cut, and its address. */
  proxy(): Promise<Proxy & { readonly url: string }>
  readonly freezable: FreezableRedis | undefined
  readonly cluster: OpenOptions['cluster']
  /** Runs when the row is over. */
  afterwards(end: () => unknown): void
}

/** One row of the table: a promise, and how it is tried. */
export interface Row {
  /** Short, for the command line. */
  readonly id: string
  /** As in the table. */
  readonly title: string
  readonly needs: readonly Offer[]
  run(stage: Stage): Promise<Omit<RowResult, 'row'>>
}

/** The outcome of a row: passed when nothing is wrong. */
export function outcome(wrong: readonly (string | false)[], measured: string): Omit<RowResult, 'row'> {
  const faults = wrong.filter((fault) => fault !== false)
  return { passed: faults.length === 0, measured: [...faults, measured].filter(Boolean).join('; ') }
}
