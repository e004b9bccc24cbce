import type { Windows } from './entry.ts';
import type { Policy } from './space.ts';
/** A policy read once: every duration in milliseconds, nothing undefined that has a default. */
export interface Settings extends Windows {
    readonly ttl: Policy['ttl'];
    readonly jitter: number;
    readonly refreshAhead: number;
    readonly earlyRefresh: number;
    readonly softLimit: number;
    readonly hardLimit: number;
    readonly onAbandon: 'abort' | 'finish';
    readonly backoff: {
        readonly base: number;
        readonly max: number;
    } | undefined;
    readonly tags: NonNullable<Policy['tags']>;
    readonly admit: NonNullable<Policy['admit']>;
    readonly format: 'entry' | 'document';
    readonly immutability: 'freeze' | 'clone';
    readonly maxValueBytes: number;
    readonly cost: number;
    /** Memory answers while the log was confirmed within so many milliseconds: Infinity for `eventual`, 0 for `strict`. */
    readonly trust: number;
}
/**
 * The settings of a space, from its declared policy and what configuration overrides (row A2).
 * @throws E_OPTION_INVALID quoting the bad value
 */
export declare function settle(space: string, policy: Policy): Settings;
