import type { Clock } from '../../clock.ts';
/** A random number generator that a seed repeats (mulberry32). */
export declare function createRandom(seed: number): () => number;
/** Simulated time that every process and the network share: what is due runs one by one, in an order that a seed repeats. */
export interface Scheduler {
    /** Milliseconds since the simulation began. */
    now(): number;
    /** Runs something after a delay; returns what cancels it. */
    after(delay: number, run: () => void): () => void;
    /** Runs everything due up to an instant. */
    runUntil(instant: number): Promise<void>;
    /** A clock of a process: ahead of the scheduler by `skew`, and dead once `alive` says no. */
    clock(skew: number, alive: () => boolean): Clock;
    /** How much was run. */
    readonly steps: number;
}
/** An idle scheduler at 0. */
export declare function createScheduler(): Scheduler;
