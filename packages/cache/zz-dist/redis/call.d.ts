import type { Breaker } from './breaker.ts';
import { type Link } from './link.ts';
import type { RedisSettings } from './settings.ts';
/** What a call is to its caller: how it is named in errors, and whether it may have changed something. */
export interface Operation<T> {
    readonly name: string;
    readonly code: 'E_TIER_READ' | 'E_TIER_WRITE';
    /** How many keys it is about, for errors. */
    readonly keys?: number;
    /** Milliseconds instead of the usual deadline. */
    readonly deadline?: number;
    /** Gets a result that came after the caller was told that there is none, and where it came from. */
    readonly late?: (result: T, link: Link) => void;
}
/** Sends to a connection and gives up in time. */
export type Call = <T>(operation: Operation<T>, send: (link: Link) => Promise<T>) => Promise<T>;
/**
 * Calls go out on the next connection, at most until their deadline; after an error reply that passes they are
 * repeated, after a lost connection never, since they may have been done. Failures open the breaker.
 */
export declare function makeCall(settings: RedisSettings, next: () => Link | undefined, breaker: Breaker): Call;
