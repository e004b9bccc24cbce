import type { Background } from './background.ts'
import type { Catalog } from './key/catalog.ts'
import type { Clock, Random } from './clock.ts'
import type { CompressionOptions } from './codec/compression.ts'
import type { EncryptionOptions } from './codec/encryption.ts'
import type { InvalidationLog } from './log/log.ts'
import type { MemoryOptions } from './memory/memory.ts'
import type { Duration } from './duration.ts'
import type { Shared } from './cluster/shared.ts'
import type { Tier } from './tier.ts'

/** What `createCache` takes. */
export interface CacheOptions {
  readonly catalog: Catalog
  /** Bounds of the memory tier. */
  readonly memory?: MemoryOptions
  /** Tiers below memory, nearest first. @default none */
  readonly tiers?: readonly Tier[]
  /** The record of invalidations; needed with a durable tier. @default in the process */
  readonly log?: InvalidationLog
  /** The store that all processes share, instead of `tiers` and `log`: its leases and its log come with it. */
  readonly shared?: Shared
  /** Makes payloads of the format `entry` smaller below memory; packed ones are read whatever is set here. @default none */
  readonly compression?: CompressionOptions
  /** Encrypts payloads of the format `entry` below memory. Where it is set, payloads that are not encrypted are misses. @default none */
  readonly encryption?: EncryptionOptions
  /** Where loads go on that have answered (`race`); the application drains it before it closes the cache. @default one of the cache's own, drained by `close` */
  readonly background?: Background
  /** Length of a lease; a process that dies holds a key back for at most so long. @default '5s' */
  readonly lease?: Duration
  /** What this process is called where others ask who loads a key: in `explain`. @default host name and process id */
  readonly processName?: string
  /** After this, a write or a removal that a tier has not confirmed rejects; what the tier holds is unknown then. @default '10s' */
  readonly writeDeadline?: Duration
  /** @default the machine's clock */
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: Random
  /** How often expired entries are removed in the background, in milliseconds; 0 for never. @default 30 000 */
  readonly sweepEvery?: number
}
