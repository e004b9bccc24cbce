import { type TierCheck } from './tier-stage.ts';
/** The cases about listings, sweeps and figures of a tier. */
export declare const tierListing: readonly TierCheck[];
