export { type Cache, createCache } from './cache.ts'
export type { CacheOptions } from './cache-options.ts'
export {
  type BoundSpace,
  type Catalog,
  type CatalogOptions,
  type Overrides,
  defineCatalog,
} from './catalog.ts'
export { type Clock, type Random, type Timer, systemClock } from './clock.ts'
export { type CalendarRule, type Duration, type Ttl, endOfDay, milliseconds } from './duration.ts'
export type { Entry, Position, Provenance } from './entry.ts'
export { type ErrorCode, RepriseError, errorTable } from './errors.ts'
export { type EventName, type Events, onEvent, onEveryEvent } from './events.ts'
export type { Explanation, TierExplanation } from './explain.ts'
export type {
  Found,
  KeyPage,
  LoadOptions,
  PageOptions,
  ReadOptions,
  SpaceHandle,
  WriteOptions,
} from './handle.ts'
export type { Invalidation, InvalidationReport } from './invalidate.ts'
export type { BatchContext, BatchLoader, LoadContext, Loader, NotModified } from './loader.ts'
export { memoryLog } from './memory-log.ts'
export type { InvalidationLog, LogHead } from './log.ts'
export type { MemoryOptions } from './memory.ts'
export type {
  CleanupOptions,
  CleanupReport,
  EntryItem,
  EntryPage,
  EntryPageOptions,
  TierReport,
} from './operate.ts'
export {
  type Consistency,
  type InputOf,
  type ParamsOf,
  type Policy,
  type Space,
  type SpaceBase,
  type SpaceOptions,
  type ValueOf,
  bounded,
  defineSpace,
} from './space.ts'
export type { CacheStats, SpaceStats } from './stats.ts'
export type { AnyParams, ParamValue, Params } from './template.ts'
export type { Tier, TierItem, TierRecord, TierUsage } from './tier.ts'
export type { WarmJob, WarmOptions, WarmReport } from './warm.ts'
export type {
  Acquired,
  AcquireOptions,
  LogRecord,
  Shared,
  SharedFailure,
  SharedHead,
  SharedKey,
} from './shared.ts'
