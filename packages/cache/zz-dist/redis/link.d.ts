import type { Clock } from '../clock.ts';
import type { RedisClient } from './client.ts';
/** A client and what is known of the server behind its present connection. */
export interface Link {
    readonly client: RedisClient;
    /** The run of the server that this very connection leads to; undefined when not known, and always for a Cluster. */
    run: string | undefined;
    /** When the oldest command that nothing was heard after was sent; undefined when none is. */
    since: number | undefined;
    /** Stops listening. */
    detach(): void;
}
/** Passes on the first error and then at most one every five seconds. */
export declare function throttled(clock: Clock, onError: (error: Error) => void): (error: unknown) => void;
/** Drops a connection that has been silent for too long, so that another one can be made: it may lead nowhere. */
export declare function dropSilent(link: Link, now: number): void;
/** Listens to a client, so that its errors are heard and a lost connection is not taken for the next one. */
export declare function linkTo(client: RedisClient, onError: (error: unknown) => void): Link;
/**
 * Resolves when the client can send, on a Cluster also to the masters that it has just found.
 * @throws an Error past the limit in milliseconds, or when the client has ended
 */
export declare function whenReady(client: RedisClient, limit: number, clock: Clock): Promise<void>;
/** Holds back what is sent until the function returns, so that it goes out in one write. */
export declare function together<T>(client: RedisClient, send: () => T): T;
