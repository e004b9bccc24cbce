import type { CacheOptions } from './cache-options.ts';
import type { Catalog } from './catalog.ts';
import { type Explanation } from './explain.ts';
import type { SpaceHandle } from './handle.ts';
import { type Invalidation, type InvalidationReport } from './invalidate.ts';
import type { CleanupOptions, CleanupReport, EntryPage, EntryPageOptions, TierReport } from './operate.ts';
import type { ParamsOf, SpaceBase } from './space.ts';
import { type CacheStats } from './stats.ts';
import { type WarmJob, type WarmOptions, type WarmReport } from './warm.ts';
/** The cache of an application: every space of its catalog over its tiers. */
export interface Cache {
    readonly catalog: Catalog;
    /** Opens a space of the catalog; cheap, and the same handle each time. @throws E_SPACE_UNKNOWN */
    open<S extends SpaceBase>(space: S): SpaceHandle<S>;
    /**
     * Makes entries disappear: when it has resolved, no later read returns a value loaded from before it, and no
     * load under way can bring one back (row F1). Tags, spaces and tenants cost the same however many entries carry them.
     * @throws E_INVALIDATION_UNKNOWN when a tier or the log could not confirm; repeating it is safe
     */
    invalidate(target: Invalidation): Promise<InvalidationReport>;
    /** Loads entries ahead of use (row C7), a few at a time; a failure does not stop the others. */
    warm(jobs: readonly WarmJob[], options?: WarmOptions): Promise<WarmReport>;
    /** Figures by space. */
    stats(): CacheStats;
    /** What is known about one key, and what a read would do (row F9). */
    explain<S extends SpaceBase>(space: S, params: ParamsOf<S>): Promise<Explanation>;
    /** Living entries of all spaces, by page (row B2). */
    entries(options?: EntryPageOptions): Promise<EntryPage>;
    /** Each tier with what it holds under this catalog's prefix and whether it can be reached (row B1). */
    tiers(): Promise<readonly TierReport[]>;
    /** Removes entries made before an instant, and expired ones (row B2). */
    cleanup(options: CleanupOptions): Promise<CleanupReport>;
    /** Removes every entry of this catalog and nothing else (row B2). @throws E_INVALIDATION_UNKNOWN */
    clear(): Promise<CleanupReport>;
    /** Stops background work, waits for writes under way, aborts loads after `timeout` milliseconds, closes the tiers. */
    close(options?: {
        readonly timeout?: number;
    }): Promise<void>;
}
/**
 * Opens a cache over its tiers; resolves when they and the log can be used.
 * @throws E_LOG_MISSING, E_OPTION_INVALID, and what a tier's `open` throws
 */
export declare function createCache(options: CacheOptions): Promise<Cache>;
