import { type Engine } from './engine.ts';
import { type Freshness, type Provenance } from './entry.ts';
import type { Target } from './revive.ts';
/** What one tier has for a key. */
export interface TierExplanation {
    readonly tier: string;
    readonly state: Freshness | 'absent' | 'invalidated' | 'unreadable' | 'unreachable';
    readonly ageMs?: number;
    /** Fresh life left in milliseconds; negative when it is over, Infinity for ever. */
    readonly leftMs?: number;
    readonly bytes?: number;
    readonly meta?: Provenance;
    readonly tags?: readonly string[];
    /** The mark that invalidated it. */
    readonly mark?: string;
}
/** What is known about one key (row F9). */
export interface Explanation {
    readonly space: string;
    readonly key: string;
    readonly tiers: readonly TierExplanation[];
    /** The load in progress, where there is one. */
    readonly flight?: {
        readonly startedAt: number;
        readonly callers: number;
    };
    /** The failure that keeps its loader from being called, where there is one. */
    readonly failure?: {
        readonly message: string;
        readonly attempts: number;
        readonly until: number;
    };
    /** One sentence: what a read would do now. */
    readonly onRead: string;
}
/** What is known about one key, tier by tier, without counting as a read. */
export declare function explain(engine: Engine, target: Target): Promise<Explanation>;
