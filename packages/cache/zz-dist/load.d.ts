import { type Engine } from './engine.ts';
import { Flight } from './flight.ts';
import type { LoadRequest } from './load-request.ts';
/** Starts the one load of a key; whoever wants the key joins it. */
export declare function startFlight(engine: Engine, request: LoadRequest): Flight;
/** Cuts a flight off from its key: those who joined get its answer, those who come now load anew. */
export declare function detach(engine: Engine, flight: Flight, space: string): void;
