export { type AroundStep, type Step, aroundSteps } from './around.ts'
export {
  type Background,
  type BackgroundLogger,
  type BackgroundOptions,
  type EndedCounts,
  type RunningTask,
  type ShutdownReport,
  type TaskOptions,
  createBackground,
} from './background.ts'
export { type Cache, createCache } from './cache.ts'
export type { CacheOptions } from './cache-options.ts'
export {
  type BoundSpace,
  type Catalog,
  type CatalogOptions,
  type Overrides,
  defineCatalog,
} from './key/catalog.ts'
export type { CompressionOptions } from './codec/compression.ts'
export type { EncryptionKey, EncryptionOptions } from './codec/encryption.ts'
export { type Clock, type Random, type Timer, systemClock } from './clock.ts'
export { type CalendarRule, type Duration, type Ttl, endOfDay, milliseconds } from './duration.ts'
export type { Entry, Position, Provenance } from './entry/entry.ts'
export { type ErrorCode, RepriseError, errorTable } from './errors.ts'
export { type EventName, type Events, type RefusalReason, onEvent, onEveryEvent } from './events.ts'
export type { Explanation, LeaseExplanation } from './operate/explain.ts'
export type { Inspection } from './operate/inspect.ts'
export type { TierExplanation } from './operate/look.ts'
export type {
  DeleteOptions,
  Found,
  KeyPage,
  LoadOptions,
  PageOptions,
  ReadOptions,
  SpaceHandle,
  WriteOptions,
} from './handle.ts'
export type { HotKey } from './operate/hot-keys.ts'
export type { Invalidation, InvalidationReport } from './write/invalidate.ts'
export type {
  BatchContext,
  BatchLoader,
  LoadContext,
  Loader,
  NotModified,
  UpgradeContext,
  UpgradeOptions,
  UpgradeWork,
} from './load/loader.ts'
export { memoryLog } from './log/memory-log.ts'
export type { InvalidationLog, LogHead } from './log/log.ts'
export type { MemoryOptions } from './memory/memory.ts'
export type {
  CacheCounts,
  CleanupOptions,
  CleanupProgress,
  CleanupReport,
  CleanupWatch,
  EntryItem,
  EntryListing,
  EntryPage,
  EntryPageOptions,
  InvalidationPreview,
  ListOptions,
  TierReport,
} from './operate/operate.ts'
export {
  type Backoff,
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
} from './key/space.ts'
export { type Improving, type RaceContext, type RaceOptions, race } from './race.ts'
export type { Strategy, StrategyContext } from './race/strategy.ts'
export {
  type Latency,
  latencyBounds,
  latencyOfAll,
  latencyQuantile,
  latencySince,
  noLatency,
} from './operate/latency.ts'
export type { LogStanding } from './operate/standing.ts'
export type { CacheStats, SpaceStats } from './operate/stats.ts'
export type { TtlAdvice, TtlVerdict } from './operate/advise.ts'
export type { AnyParams, ParamValue, Params } from './key/template.ts'
export type { Tier, TierCapabilities, TierItem, TierRecord, TierUsage } from './tier.ts'
export type { WarmJob, WarmOptions, WarmReport } from './operate/warm.ts'
export type {
  Acquired,
  AcquireOptions,
  LogRecord,
  ServerFigures,
  Shared,
  SharedFailure,
  SharedHead,
  SharedKey,
} from './cluster/shared.ts'
