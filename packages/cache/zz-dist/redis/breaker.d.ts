import type { Clock, Random } from '../clock.ts';
/** `closed`: calls go out; `open`: they are refused at once; `half-open`: one is out to see whether the store is back. */
export type BreakerState = 'closed' | 'open' | 'half-open';
/** How a breaker behaves. */
export interface BreakerOptions {
    /** Failures in a row that open it. */
    readonly failures: number;
    /** Milliseconds from opening to the first probe; doubles with each probe that fails. */
    readonly delay: number;
    /** Longest such pause in milliseconds. */
    readonly longestDelay: number;
    readonly clock: Clock;
    readonly random?: Random;
    /** Hears of every change. */
    readonly onState?: (state: BreakerState) => void;
}
/** Keeps calls away from a store that does not answer, and lets one through now and then to see. It needs no timer. */
export interface Breaker {
    readonly state: BreakerState;
    /** A ticket for a call that may go out, or undefined. Every ticket must be settled. */
    enter(): number | undefined;
    /** Tells how the call of a ticket went; `undefined` when that says nothing about the store. */
    settle(ticket: number, healthy: boolean | undefined): void;
    /** Milliseconds until a call makes sense. */
    retryAfter(): number;
}
/** A closed breaker. */
export declare function createBreaker(options: BreakerOptions): Breaker;
