import type { Tier, TierItem, TierRecord } from '../tier.ts';
import type { FakeClock } from './fake-clock.ts';
/** A case while it runs: the tier, its clock, and a maker of records that live a minute. */
export interface TierStage {
    readonly tier: Tier;
    readonly clock: FakeClock;
    readonly record: (key: string, change?: Partial<TierRecord>) => TierRecord;
}
/** A named check of a tier. */
export type TierCheck = readonly [name: string, check: (stage: TierStage) => Promise<void>];
/** Asserts that a tier gives a record back as it was written, whatever kind of byte array it uses. */
export declare function assertSame(got: TierRecord | undefined, wanted: TierRecord): void;
/** Every item under a prefix, page by page. */
export declare function listAll(tier: Tier, prefix: string, limit: number): Promise<TierItem[]>;
