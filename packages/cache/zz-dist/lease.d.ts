import type { Cluster } from './cluster.ts';
import { type Engine } from './engine.ts';
import { type Entry } from './entry.ts';
import type { Flight } from './flight.ts';
import type { LoadRequest } from './load-request.ts';
import type { SharedFailure } from './shared.ts';
/** The right to load a key, kept alive by a heart-beat until it is ended. */
export interface Lease {
    readonly token: string;
    end(): void;
}
/** What became of asking for the right to load. */
export type Obtained = {
    readonly kind: 'found';
    readonly entry: Entry;
} | {
    readonly kind: 'failed';
    readonly failure: SharedFailure;
    readonly left: number;
} | {
    readonly kind: 'granted';
    readonly lease: Lease;
}
/** The store is away. */
 | {
    readonly kind: 'alone';
    readonly error: unknown;
}
/** Everybody has left. */
 | {
    readonly kind: 'abandoned';
};
/** Asks for the right to load until there is an answer. `found` is only an entry that is worth serving. */
export declare function obtain(engine: Engine, cluster: Cluster, { flight, request }: {
    flight: Flight;
    request: LoadRequest;
}): Promise<Obtained>;
