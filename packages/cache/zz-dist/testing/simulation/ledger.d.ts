/** A floor under a key: from an instant on, some readers must see at least this number. */
interface Floor {
    readonly process: string;
    readonly value: number;
    readonly calledAt: number;
    readonly at: number;
}
/** A read, from its call to its answer. */
export interface Read {
    readonly space: string;
    readonly id: number;
    readonly process: string;
    /** When the reading process was started. */
    readonly processStartedAt: number;
    readonly calledAt: number;
    readonly value: number;
    /** The instant from which nothing was wrong with the world. */
    readonly calmSince: number;
}
/** Truth and floors. */
export interface Ledger {
    /** The number that the source has now. */
    truth(space: string, id: number): number;
    /** The source is written: the key gets its next number. */
    write(space: string, id: number): number;
    /** An invalidation or a set resolved: whoever made it must not see less any more. */
    settle(floor: Floor & {
        readonly space: string;
        readonly id: number;
    }): void;
    /** A value is being set; the returned function tells that it is done. A set that crosses an invalidation may win or lose. */
    set(space: string, id: number, value: number, calledAt: number): (endedAt: number) => void;
    /** What is wrong with a read, or undefined. */
    judge(read: Read): string | undefined;
}
/** In fair weather a record must have arrived everywhere within this many milliseconds. */
export declare const arrival = 150;
/** After trouble a follower needs its deadline and its pause to come back. */
export declare const recovery = 450;
/** An empty ledger. */
export declare function createLedger(): Ledger;
export {};
