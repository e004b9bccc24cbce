/** Time as the engine sees it; `@reprise/cache/testing` has one that only moves when told to. */
export interface Clock {
    /** Milliseconds since 1970, UTC. */
    now(): number;
    /** Milliseconds of a clock that never jumps, from any start. @default now() */
    monotonic?(): number;
    /** Runs a callback once after a delay in milliseconds. A `background` one does not keep the process alive. */
    setTimeout(callback: () => void, delay: number, options?: {
        readonly background?: boolean;
    }): Timer;
}
/** A pending callback of a clock. */
export interface Timer {
    cancel(): void;
}
/** The clock of the machine. */
export declare const systemClock: Clock;
/** Randomness as the engine sees it: a number in [0, 1). */
export type Random = () => number;
