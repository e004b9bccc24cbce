import type { Clock } from './clock.ts';
/** The outcome of work, or the error of its deadline, whichever is first; the work itself goes on. Infinity waits for ever. */
export declare function within<T>(clock: Clock, work: Promise<T>, options: {
    readonly deadline: number;
    readonly late: () => Error;
}): Promise<T>;
