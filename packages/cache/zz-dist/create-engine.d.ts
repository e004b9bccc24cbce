import type { CacheOptions } from './cache-options.ts';
import type { Engine } from './engine.ts';
/** An engine whose tiers are open and whose log is joined, and the work that nobody waits for. */
export interface Started {
    readonly engine: Engine;
    readonly working: Set<Promise<unknown>>;
    /** Leaves the log and closes what came with it. */
    readonly leave: () => Promise<void>;
}
/** Opens tiers and log and makes the engine over them. @throws E_LOG_MISSING, E_OPTION_INVALID, and what `open` throws */
export declare function createEngine(options: CacheOptions): Promise<Started>;
