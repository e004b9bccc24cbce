import type { BoundSpace } from './catalog.ts';
import { type Engine } from './engine.ts';
import type { KeyPage, PageOptions } from './handle.ts';
/** Keys of the living entries of a space: those of the lowest tier first, then those that only upper ones have. */
export declare function listKeys(engine: Engine, space: BoundSpace, options: PageOptions): Promise<KeyPage>;
