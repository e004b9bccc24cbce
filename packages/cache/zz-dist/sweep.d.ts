import { type Engine } from './engine.ts';
import type { Tier } from './tier.ts';
/** Removes expired entries from every tier, a slice at a time. Resolves to how many went. */
export declare function sweep(engine: Engine): Promise<number>;
/** Removes expired records of one tier, a slice at a time. A failure is told by its event. */
export declare function sweepTier(engine: Engine, tier: Tier): Promise<number>;
/**
 * Removes what marks have made unreadable from the tiers below, page by page. Nothing depends on it but space:
 * reads compare marks anyway.
 */
export declare function removeDead(engine: Engine): Promise<void>;
