import { type Engine } from './engine.ts';
import { type Entry } from './entry.ts';
import { RepriseError } from './errors.ts';
import type { Answer, Flight } from './flight.ts';
import type { Lease } from './lease.ts';
import type { LoadRequest } from './load-request.ts';
import type { Target } from './revive.ts';
/** The load to carry out, and the right to it where processes share a store. */
export interface Call {
    readonly request: LoadRequest;
    readonly lease: Lease | undefined;
}
/** Runs the loader of a flight under its limits, and gives the flight its answer. Never rejects. */
export declare function callLoader(engine: Engine, flight: Flight, { request, lease }: Call): Promise<void>;
/** The value that may be served instead of a new one: not invalidated, and within its windows now. */
export declare function livingFallback(engine: Engine, flight: Flight, target: Target): Entry | undefined;
/** The fallback as an answer, where there is one. */
export declare function staleAnswer(engine: Engine, flight: Flight, target: Target): Answer | undefined;
/** Answers with the fallback where there is one, else with an error. */
export declare function serveOr(engine: Engine, flight: Flight, options: {
    readonly target: Target;
    readonly error: () => RepriseError;
}): void;
/** An error as a message tells it. */
export declare function reasonOf(error: unknown): string;
