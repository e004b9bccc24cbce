import { type TtlAdvice, advise } from './operate/advise.ts'
import type { CacheOptions } from './cache-options.ts'
import type { Catalog } from './key/catalog.ts'
import { cleanup, clear } from './operate/cleanup.ts'
import { closeEngine } from './close.ts'
import type { ServerFigures } from './cluster/shared.ts'
import { createEngine } from './create-engine.ts'
import { assertOpen } from './engine.ts'
import type { Position } from './entry/entry.ts'
import { type Explanation, explain } from './operate/explain.ts'
import type { SpaceHandle } from './handle.ts'
import { type HotKey, hotKeys } from './operate/hot-keys.ts'
import { listEntries } from './operate/inventory.ts'
import { listPage } from './operate/list.ts'
import { type KnownKey, ownerOf } from './operate/look.ts'
import { preview } from './operate/preview.ts'
import { reportTiers } from './operate/report-tiers.ts'
import { countEntries } from './operate/counts.ts'
import { type Inspection, inspect } from './operate/inspect.ts'
import { type Invalidation, type InvalidationReport, invalidate } from './write/invalidate.ts'
import { openSpace } from './open.ts'
import type {
  CacheCounts,
  CleanupOptions,
  CleanupReport,
  CleanupWatch,
  EntryListing,
  EntryPage,
  EntryPageOptions,
  InvalidationPreview,
  ListOptions,
  TierReport,
} from './operate/operate.ts'
import type { ParamsOf, SpaceBase } from './key/space.ts'
import { type LogStanding, headOf, standingOf } from './operate/standing.ts'
import { type CacheStats, readStats } from './operate/stats.ts'
import { startSweeper } from './operate/sweeper.ts'
import { type WarmJob, type WarmOptions, type WarmReport, warm } from './operate/warm.ts'

/** The cache of an application: every space of its catalog over its tiers. */
export interface Cache {
  readonly catalog: Catalog
  /** Opens a space of the catalog; cheap, and the same handle each time. @throws E_SPACE_UNKNOWN */
  open<S extends SpaceBase>(space: S): SpaceHandle<S>
  /**
   * Makes entries disappear: when it has resolved, no later read returns a value loaded from before it, and no
   * load under way can bring one back (row F1). Tags, spaces and tenants cost the same however many entries carry them.
   * @throws E_INVALIDATION_UNKNOWN when a tier or the log could not confirm; repeating it is safe
   */
  invalidate(target: Invalidation): Promise<InvalidationReport>
  /** Loads entries ahead of use (row C7), a few at a time; a failure does not stop the others. */
  warm(jobs: readonly WarmJob[], options?: WarmOptions): Promise<WarmReport>
  /** Figures by space. */
  stats(): CacheStats
  /**
   * The keys that this process reads much at present, the hottest first (row C7); fewer than `limit` where no more
   * stand out. Counted in fixed space, so `reads` is an estimate. @param limit 1 to 256, 10 by default
   * @throws E_OPTION_INVALID
   */
  hotKeys(limit?: number): readonly HotKey[]
  /**
   * What to do about the TTL of each space, or of one, and the figures that say so (row C7). Told from entries that
   * have left this process's memory; where those are too few it says that. @throws E_SPACE_UNKNOWN
   */
  advise(space?: SpaceBase): readonly TtlAdvice[]
  /** What is known about one key, and what a read would do (row F9). */
  explain<S extends SpaceBase>(space: S, params: ParamsOf<S>): Promise<Explanation>
  /** What a full key is and has: its value as it is stored, and what `explain` tells; nothing counts as a read. @throws E_KEY_UNKNOWN */
  inspect(key: string): Promise<Inspection>
  /**
   * Living entries of all tiers, page by page, each once: the lowest tier's first, then those that only upper ones have.
   * @throws E_OPTION_INVALID, E_SPACE_UNKNOWN, E_CURSOR_INVALID, E_TIER_READ
   */
  list(options?: ListOptions): Promise<EntryListing>
  /**
   * How many entries there are, by space and tier. Counted anew when this process has changed something or an entry has
   * ended; as to other processes at most a second old, or four times as old as counting took.
   */
  counts(): Promise<CacheCounts>
  /** What `invalidate` would make disappear now, counted, with some of it. @param samples how many, 20 by default */
  preview(target: Invalidation, samples?: number): Promise<InvalidationPreview>
  /** What the server of a shared store tells about itself (row C5); undefined where there is none. @throws E_TIER_READ */
  server(): Promise<ServerFigures | undefined>
  /** How far this process has applied the log of invalidations. */
  standing(): LogStanding
  /** Where the log itself stands. @throws E_TIER_READ */
  head(): Promise<Position>
  /** Living entries of all spaces, by page (row B2). */
  entries(options?: EntryPageOptions): Promise<EntryPage>
  /** Each tier with what it holds under this catalog's prefix and whether it can be reached (row B1). */
  tiers(): Promise<readonly TierReport[]>
  /** Removes entries made before an instant, and expired ones (row B2). */
  cleanup(options: CleanupOptions): Promise<CleanupReport>
  /** Removes every entry of this catalog and nothing else (row B2). @throws E_INVALIDATION_UNKNOWN */
  clear(watch?: CleanupWatch): Promise<CleanupReport>
  /** Stops background work, waits for writes under way, aborts loads after `timeout` milliseconds, closes the tiers. */
  close(options?: { readonly timeout?: number }): Promise<void>
}

/**
 * Opens a cache over its tiers; resolves when they and the log can be used.
 * @throws E_LOG_MISSING, E_OPTION_INVALID, and what a tier's `open` throws
 */
export async function createCache(options: CacheOptions): Promise<Cache> {
  const started = await createEngine(options)
  const { engine } = started
  const { catalog } = engine
  const handles = new Map<string, SpaceHandle<SpaceBase>>()
  const sweeper = startSweeper(engine, options.sweepEvery ?? 30_000)

  function open(space: SpaceBase): SpaceHandle<SpaceBase> {
    const bound = catalog.find(space.name)
    let handle = handles.get(bound.name)
    if (handle === undefined) handles.set(bound.name, (handle = openSpace(engine, bound)))
    return handle
  }

  return {
    catalog,
    open: open as Cache['open'],
    async invalidate(target) {
      const report = await invalidate(engine, target)
      if (engine.tiers.length > 0 && report.position.n > 0) sweeper.removeDead()
      return report
    },
    warm: async (jobs, warmOptions = {}) => warm(jobs, { ...warmOptions, now: () => engine.clock.now() }),
    stats: () => readStats(engine),
    hotKeys: (limit = 10) => hotKeys(engine.hot, limit),
    advise: (space) => advise(engine, space),
    async explain(space, params) {
      assertOpen(engine)
      const bound = catalog.find(space.name)
      const key = bound.keys.build(params)
      const { explanation } = await explain(engine, ownerOf(engine, key) as KnownKey)
      return explanation
    },
    inspect: async (key) => inspect(engine, key),
    list: async (page = {}) => listPage(engine, page),
    counts: async () => countEntries(engine),
    preview: async (target, samples = 20) => preview(engine, target, samples),
    async server() {
      assertOpen(engine)
      return engine.cluster?.shared.server?.()
    },
    standing: () => standingOf(engine),
    head: async () => headOf(engine),
    entries: async (page = {}) => listEntries(engine, page),
    tiers: async () => reportTiers(engine),
    cleanup: async (cleaning) => cleanup(engine, cleaning),
    clear: async (watch) => clear(engine, watch),
    close: async ({ timeout = 5_000 } = {}) => {
      sweeper.stop()
      if (options.background === undefined) await engine.tasks.shutdown(timeout)
      await closeEngine(started, timeout)
    },
  }
}
