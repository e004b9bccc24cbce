import type { Engine } from './engine.ts';
import type { Tier } from './tier.ts';
/** Asks a tier outside of reads and writes of entries, for at most its deadline. @throws E_TIER_READ when it fails or hangs */
export declare function askTier<T>(engine: Engine, tier: Tier, question: () => Promise<T>): Promise<T>;
