import { type Engine } from './engine.ts';
import type { EntryPage, EntryPageOptions, TierReport } from './operate.ts';
import type { Tier, TierItem } from './tier.ts';
/** Every record of a tier under a prefix, page by page. */
export declare function walk(engine: Engine, tier: Tier, prefix: string): AsyncGenerator<readonly TierItem[]>;
/** Living entries of all spaces, or of one, a page at a time, by key. @throws E_OPTION_INVALID, E_SPACE_UNKNOWN */
export declare function listEntries(engine: Engine, options: EntryPageOptions): Promise<EntryPage>;
/** Each tier, what it holds of this catalog and whether it can be reached (row B1). */
export declare function reportTiers(engine: Engine): Promise<readonly TierReport[]>;
