/**
 * One load in progress that everybody who wants its key shares. Callers join and leave; when the last one has
 * left before there is an answer, the load is abandoned. The answer comes once: a value found below, a value
 * loaded, a stale value served instead, or an error that all share. A flight whose ticket was broken goes on
 * for those who joined before, and keeps nothing.
 */
import type { Entry, Position } from './entry.ts';
import type { Ticket } from './ticket.ts';
/** What a flight answers its callers. */
export interface Answer {
    readonly value: unknown;
    readonly entry: Entry | undefined;
    readonly outcome: 'hit' | 'stale' | 'miss';
    readonly tier?: string;
    /** Where the log stood when a value began that was invalidated while it was made: it is right only for those who joined then. */
    readonly diedSince?: number;
}
/** One load in progress. */
export declare class Flight {
    #private;
    readonly key: string;
    readonly ticket: Ticket;
    readonly marks: readonly string[];
    readonly startedAt: number;
    readonly forced: boolean;
    readonly controller: AbortController;
    /** The value to serve when loading fails or is slow. */
    fallback: Entry | undefined;
    /** The position of the log when the loader was called. */
    asOf: Position | undefined;
    callers: number;
    answered: boolean;
    /** Whether it goes on without callers. */
    keepAlive: boolean;
    constructor(options: {
        readonly ticket: Ticket;
        readonly marks: readonly string[];
        readonly startedAt: number;
        readonly forced: boolean;
        readonly fallback: Entry | undefined;
        readonly onAbandon: () => void;
    });
    /** Gives those who wait a stale value; the load goes on, and who comes later waits for its end. */
    serve(answer: Answer): void;
    /** Ends the flight with an answer; later ones change nothing. */
    settle(answer: Answer): void;
    /** Ends the flight with an error; later ones change nothing. */
    fail(error: unknown): void;
    /** Waits for the answer as one more caller; rejects with the signal's reason when it fires. */
    join(signal?: AbortSignal): Promise<Answer>;
}
