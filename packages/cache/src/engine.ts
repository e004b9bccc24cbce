import type { BoundSpace, Catalog } from './key/catalog.ts'
import type { Clock, Random } from './clock.ts'
import type { Background } from './background.ts'
import type { Codec } from './codec/codec.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { Collector } from './read/collector.ts'
import { RepriseError } from './errors.ts'
import type { Failures } from './load/failures.ts'
import type { Flight } from './load/flight.ts'
import type { Lanes } from './write/lanes.ts'
import type { InvalidationLog } from './log/log.ts'
import type { Memory, MemoryRecord } from './memory/memory.ts'
import type { Remembered } from './memory/record.ts'
import { type Order, spaceMark, tagMark, tenantMark } from './log/order.ts'
import type { Latencies } from './operate/latency.ts'
import type { LifetimeLog } from './operate/lifetimes.ts'
import type { ReadSketch } from './operate/read-sketch.ts'
import type { Counters } from './operate/stats.ts'
import type { AnyParams } from './key/template.ts'
import type { Tier } from './tier.ts'
import type { RemovedVersions } from './write/removed-versions.ts'
import type { Tickets } from './write/ticket.ts'
import type { Upgrading } from './load/upgrading.ts'

/** Everything that reads, loads, writes and invalidations share. Made once, in `create-engine.ts`. */
export interface Engine {
  readonly catalog: Catalog
  readonly clock: Clock
  readonly random: Random
  readonly memory: Memory
  /** What is done to payloads in the tiers below memory. */
  readonly codec: Codec
  readonly tiers: readonly Tier[]
  readonly collectors: ReadonlyMap<Tier, Collector>
  /** The log of one process; with a `cluster` the log is the shared store's. */
  readonly log: InvalidationLog
  /** What is there when processes share a store. */
  cluster: Cluster | undefined
  readonly order: Order
  readonly tickets: Tickets
  readonly lanes: Lanes
  /** Milliseconds after which a write or a removal that no tier has confirmed rejects. */
  readonly writeDeadline: number
  readonly flights: Map<string, Flight>
  readonly failures: Failures
  /** Keys whose load left something running that may better them. */
  readonly upgradings: Set<Upgrading>
  /** Versions of entries, by key, that a refresh could not better. */
  readonly leftAlone: Map<string, string>
  /** Where such work runs: the application's registry, or one of the cache's own. */
  readonly tasks: Background
  /** Versions that were removed one by one: whoever has read one of them must not put it back into memory. */
  readonly removed: RemovedVersions
  readonly counters: ReadonlyMap<string, Counters>
  /** How long tiers and loads take. */
  readonly latencies: Latencies
  /** Keys of reads, for `hotKeys`. */
  readonly hot: ReadSketch
  /** How entries lived that have left memory, for `advise`. */
  readonly lifetimes: LifetimeLog
  /** Runs work that nobody waits for; `close` does. Its failure is swallowed, so it tells its own. */
  background(work: Promise<unknown>): void
  readonly state: {
    closed: boolean
    readonly startedAt: number
    expirations: number
    /** What this process has changed in the tiers below memory, counted when it was done. */
    changes: number
  }
}

/** @throws E_CACHE_CLOSED */
export function assertOpen(engine: Engine): void {
  if (engine.state.closed) throw new RepriseError('E_CACHE_CLOSED', 'the cache was closed; open a new one')
}

/** The counters of a space. */
export function countersOf(engine: Engine, space: BoundSpace): Counters {
  return engine.counters.get(space.name) as Counters
}

const bare = new WeakMap<BoundSpace, readonly string[]>()

/** The marks that can kill an entry, given its tags: its space, its tenant, its tags. */
export function marksOf(space: BoundSpace, params: AnyParams, tags: readonly string[]): readonly string[] {
  const { tenant } = space.space
  let own = bare.get(space)
  if (own === undefined) bare.set(space, (own = Object.freeze([spaceMark(space.name)])))
  if (tenant === undefined && tags.length === 0) return own
  return [...own, ...(tenant === undefined ? [] : [tenantMark(String(params[tenant]))]), ...tags.map(tagMark)]
}

/** Stored tags and those that the space computes today, so that a deploy that changes the function misses nothing. */
export function allTags(space: BoundSpace, params: AnyParams, more: readonly string[]): readonly string[] {
  const computed = space.settings.tags(params)
  if (more.length === 0) return checkTags(computed)
  return [...new Set([...checkTags(computed), ...checkTags(more)])]
}

/** Whether something can be a tag. */
export function isTag(tag: unknown): tag is string {
  return typeof tag === 'string' && tag !== '' && tag.length <= 256
}

/** @throws E_TAG_INVALID quoting the tag */
export function checkTags(tags: readonly string[]): readonly string[] {
  if (tags.length === 0) return tags
  const bad: unknown = tags.find((tag) => !isTag(tag))
  if (bad === undefined && tags.every(isTag)) return tags
  const shown = typeof bad === 'string' ? `"${bad.slice(0, 40)}" (${bad.length} characters)` : String(bad)
  throw new RepriseError('E_TAG_INVALID', `tag ${shown}: give text of 1 to 256 characters`)
}

/** Whether a record in memory lives: compares its marks only when the log has moved since the last time. */
export function lives(engine: Engine, record: MemoryRecord): boolean {
  const { revision } = engine.order
  if (record.checkedAt === revision) return true
  if (engine.order.deadBy(record.entry.asOf, record.marks) !== undefined) return false
  record.checkedAt = revision
  return true
}

/** Puts an entry in memory, replacing what is there. */
export function remember(
  engine: Engine,
  { space, key, params }: Required<Pick<Remembered, 'space' | 'key' | 'params'>>,
  { entry, marks, readAt }: Pick<Remembered, 'entry' | 'marks' | 'readAt'>,
): void {
  if (engine.removed.has(entry.version)) return
  engine.memory.write({ key, space, params, entry, marks, readAt })
}

/** What stored times are ahead of this process, in milliseconds. */
export function offsetOf(engine: Engine): number {
  return engine.cluster?.shared.offset() ?? 0
}
