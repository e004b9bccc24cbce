import type { Engine } from './engine.ts';
/** Background removal of what is expired or invalidated. */
export interface Sweeper {
    /** Asks for one walk through the tiers for invalidated entries; asked again during one, it is done once more. */
    removeDead(): void;
    stop(): void;
}
/** Sweeps every `every` milliseconds by the engine's clock; 0 for never. Never two sweeps at a time. */
export declare function startSweeper(engine: Engine, every: number): Sweeper;
