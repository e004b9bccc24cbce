import type { Clock, Random } from './clock.ts';
import type { BoundSpace } from './catalog.ts';
/** A failure that keeps a loader from being called for a while. */
export interface Failure {
    readonly error: unknown;
    readonly attempts: number;
    /** Until when, milliseconds since 1970. */
    readonly until: number;
}
/** Failures by key, the newest 10 000. */
export interface Failures {
    /** The failure that holds a load of this key back now. */
    holding(key: string): Failure | undefined;
    /** Remembers a failure; the wait doubles with each in a row, and `Retry-After` rules where the error carries it. */
    record(space: BoundSpace, key: string, error: unknown): Failure;
    forget(key: string): void;
}
/** An empty memory of failures. */
export declare function createFailures(clock: Clock, random: Random): Failures;
/**
 * Milliseconds that an error asks to wait: `retryAfterMs`, `retryAfter` in seconds (milliseconds of a RepriseError),
 * or a `Retry-After` header (RFC 9110 10.2.3, seconds or a date) in `headers`, `responseHeaders` or `response.headers`.
 */
export declare function retryAfter(error: unknown, now: number): number | undefined;
