import type { Clock } from '../clock.ts';
import type { Tier, TierRecord } from '../tier.ts';
/** A tier in a Map: the plainest one that passes the conformance suite, for tests and as an example. */
export declare function mapTier(options: {
    readonly clock: Clock;
    readonly name?: string;
    readonly records?: Map<string, TierRecord>;
}): Tier;
