import type { Clock } from './clock.ts';
import type { Tier, TierRecord } from './tier.ts';
/** Reads of one tier: those of one tick are sent together, one key is asked for once, and none takes longer than the tier's deadline. */
export type Collector = (key: string) => Promise<TierRecord | undefined>;
/** A collector for one tier. Its promises reject with E_TIER_READ when the tier fails or is too slow. */
export declare function createCollector(tier: Tier, clock: Clock): Collector;
