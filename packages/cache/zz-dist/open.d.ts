import type { BoundSpace } from './catalog.ts';
import { type Engine } from './engine.ts';
import type { SpaceHandle } from './handle.ts';
import type { SpaceBase } from './space.ts';
/** The handle of a space, over the engine that all share. Types are the caller's: inside, values are unknown. */
export declare function openSpace(engine: Engine, space: BoundSpace): SpaceHandle<SpaceBase>;
