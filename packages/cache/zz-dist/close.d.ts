import type { Started } from './create-engine.ts';
/** Lets work under way end, aborts what takes longer than `timeout` milliseconds, then closes tiers and log. Closing again does nothing. */
export declare function closeEngine({ engine, working, leave }: Started, timeout: number): Promise<void>;
