import { type Engine } from './engine.ts';
import type { CleanupOptions, CleanupReport } from './operate.ts';
/** Removes entries made before an instant from the tiers named. A tier that fails rejects; what was removed stays removed. */
export declare function cleanup(engine: Engine, options: CleanupOptions): Promise<CleanupReport>;
/** Removes everything of this catalog: first by mark, so that nothing can come back, then for real. */
export declare function clear(engine: Engine): Promise<CleanupReport>;
