import { type Engine } from './engine.ts';
import type { Entry } from './entry.ts';
import type { Flight } from './flight.ts';
import type { Lease } from './lease.ts';
import type { Said } from './load-context.ts';
import type { LoadRequest } from './load-request.ts';
/** What a loader came back with. */
interface Loaded {
    readonly request: LoadRequest;
    readonly said: Said;
    readonly loaded: unknown;
    readonly previous: Entry | undefined;
    readonly loadTime: number;
    readonly lease: Lease | undefined;
}
/**
 * Answers with a loaded value and keeps it, unless it was invalidated meanwhile, its loader or its space says no,
 * or it has no life.
 * @throws E_LOADER_UNDEFINED, E_VALUE_*, E_TTL_INVALID, E_TAG_INVALID
 */
export declare function keepLoaded(engine: Engine, flight: Flight, { request, said, loaded, previous, loadTime, lease }: Loaded): Promise<void>;
export {};
