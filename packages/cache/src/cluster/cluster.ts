import type { Follower } from '../log/follower.ts'
import type { SharedCollector } from './shared-collector.ts'
import type { Shared } from './shared.ts'
import type { Wakes } from './wakes.ts'

/** What an engine that shares its entries with other processes has beside the rest. */
export interface Cluster {
  readonly shared: Shared
  readonly collect: SharedCollector
  readonly follower: Follower
  readonly wakes: Wakes
  /** Length of a lease in milliseconds; a process that dies holds a key back for at most so long. */
  readonly lease: number
  /** What this process is called in leases. */
  readonly process: string
}
