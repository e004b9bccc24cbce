import type { Ttl } from './duration.ts';
import { type Engine } from './engine.ts';
import type { WriteOptions } from './handle.ts';
import type { Target } from './revive.ts';
/** One value to write. */
export interface Write {
    readonly target: Target;
    readonly value: unknown;
}
/**
 * Writes values to every tier: all are checked before the first is written, loads under way on their keys are
 * cut off, and the last of several writes of one key wins everywhere. A TTL that says "do not keep" removes.
 */
export declare function setAll(engine: Engine, writes: readonly Write[], options: WriteOptions): Promise<void>;
/** Gives a fresh entry a new life from now, keeping its value, position and tags. */
export declare function touch(engine: Engine, target: Target, ttl?: Ttl): Promise<boolean>;
