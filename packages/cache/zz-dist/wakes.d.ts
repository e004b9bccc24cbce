import type { Clock } from './clock.ts';
/** Those who wait for a lease of another process to end: woken by message, or by time where the message is lost. */
export interface Wakes {
    /** Resolves when the key is woken, `wait` milliseconds have passed or the signal fires, whichever is first. */
    wait(key: string, wait: number, signal: AbortSignal): Promise<void>;
    wake(key: string): void;
}
/** Nobody waiting. */
export declare function createWakes(clock: Clock): Wakes;
