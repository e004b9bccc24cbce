import { type Engine } from './engine.ts';
import type { LoadOptions } from './handle.ts';
import type { Loader } from './loader.ts';
import type { Target } from './revive.ts';
/** A read with a loader: the target, and what loads it. */
export interface LoadingRead extends Target {
    readonly run: Loader<unknown, unknown>;
    readonly onOver?: () => void;
}
/** The value of a key, from memory where it is fresh, else from the one load of that key. */
export declare function getOrLoad(engine: Engine, read: LoadingRead, options: LoadOptions): Promise<unknown>;
