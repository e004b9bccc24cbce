import type { Clock } from '../clock.ts';
/** Something that runs when its time is up, unless it was called off. */
export interface Deadline {
    cancel(): void;
}
/**
 * Deadlines of one length behind a single timer: tens of thousands begin and are called off each second, and a
 * timer for each would cost as much as the command it guards.
 */
export declare function makeDeadlines(clock: Clock, length: number): (expire: () => void) => Deadline;
