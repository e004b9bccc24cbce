import { type Engine } from './engine.ts';
import type { Position } from './entry.ts';
/** What to invalidate: any of these together. */
export interface Invalidation {
    /** Full keys, as `handle.key(params)` gives them. */
    readonly keys?: readonly string[];
    readonly tags?: readonly string[];
    /** Names of spaces. */
    readonly spaces?: readonly string[];
    /** Every entry of a tenant, in the spaces whose key names one. */
    readonly tenant?: string;
}
/** What an invalidation did. */
export interface InvalidationReport {
    /** Stored entries that were removed by key; marks remove nothing, they make entries misses. */
    readonly removed: number;
    /** The position of the log after it. */
    readonly position: {
        readonly era: string;
        readonly n: number;
    };
}
/** Carries out an invalidation. @throws E_INVALIDATION_UNKNOWN when a tier or the log could not confirm it */
export declare function invalidate(engine: Engine, target: Invalidation): Promise<InvalidationReport>;
/**
 * Removes keys from every tier, the lowest first, and cuts off whatever was under way on them: before, so that
 * nothing old is stored meanwhile, and again after, for what read a lower tier before its record was gone.
 */
export declare function invalidateKeys(engine: Engine, keys: readonly string[]): Promise<number>;
/** Cuts off the loads whose value would carry one of these marks. */
export declare function detachMarked(engine: Engine, marks: readonly string[], record: Position): void;
