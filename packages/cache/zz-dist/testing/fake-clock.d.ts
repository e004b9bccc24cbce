import type { Clock } from '../clock.ts';
/** A clock that only moves when told to. */
export interface FakeClock extends Clock {
    /** Moves time on by so many milliseconds, running what falls due in its order, with promises settled after each. */
    advance(milliseconds: number): Promise<void>;
    /** Lets every promise that can settle do so, without moving time. */
    settle(): Promise<void>;
    /** Timers that wait. */
    readonly pending: number;
}
/** A fake clock at an instant, 2026-01-01T00:00:00Z unless told. */
export declare function createFakeClock(start?: number): FakeClock;
