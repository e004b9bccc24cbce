import type { Engine } from './engine.ts';
import type { LoadOptions } from './handle.ts';
import type { BatchContext } from './loader.ts';
import type { Target } from './revive.ts';
/** A batch loader without its types. */
export type AnyBatchLoader = (missing: readonly unknown[], context: BatchContext<unknown>) => unknown;
/** The values of many keys; the loader is called once with those that are missing. */
export declare function getOrLoadMany(engine: Engine, targets: readonly Target[], loader: AnyBatchLoader, options: LoadOptions): Promise<unknown[]>;
