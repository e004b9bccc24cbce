import type { Ttl } from './duration.ts';
import type { Provenance } from './entry.ts';
import { type LoadContext } from './loader.ts';
/** What a loader said about its value. */
export interface Said {
    ttl: Ttl | undefined;
    tags: readonly string[];
    meta: Provenance;
    skip: boolean;
}
/** The context that a loader gets, and where it writes down what it says. */
export declare function createContext(options: {
    readonly key: string;
    readonly signal: AbortSignal;
    readonly previous: unknown;
}): {
    readonly context: LoadContext<unknown>;
    readonly said: Said;
};
