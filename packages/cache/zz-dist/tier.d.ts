/** What a tier keeps for a key. */
export interface TierRecord {
    readonly key: string;
    /** JSON text of a `document`, or the bytes of an `entry` frame. */
    readonly body: string | Uint8Array;
    /** What a document cannot carry itself: its position, tags and times, as JSON. Absent on documents that other programs wrote. */
    readonly sidecar?: string;
    readonly createdAt: number;
    /** When the tier may forget it, milliseconds since 1970; Infinity for ever. */
    readonly expiresAt: number;
}
/** One line of a listing. */
export interface TierItem {
    readonly key: string;
    readonly bytes: number;
    readonly createdAt: number;
    readonly expiresAt: number;
}
/** What a tier holds under the catalog's prefix. */
export interface TierUsage {
    readonly entries: number;
    readonly bytes: number;
}
/**
 * A place below memory where entries live. Adding one is one folder; `@reprise/cache/testing` has the
 * conformance suite. A tier never interprets bodies, never returns an expired record, and touches only keys
 * under the prefix it was given. Every call may reject; the engine treats a failed read as a miss.
 */
export interface Tier {
    readonly name: string;
    /** Whether its content outlives the process; such a tier needs a log that does, too. */
    readonly durable: boolean;
    /** Milliseconds after which a read is given up and counts as a miss. */
    readonly readDeadline: number;
    /** Makes what it needs, such as its table. Called once, before anything else. */
    open(): Promise<void>;
    /** The records of these keys, in their order; undefined for a miss. */
    read(keys: readonly string[]): Promise<readonly (TierRecord | undefined)[]>;
    /** Writes all of these records or none; each replaces what is there for its key. */
    write(records: readonly TierRecord[]): Promise<void>;
    /** Removes these keys; resolves with those that there were, expired ones left out. */
    remove(keys: readonly string[]): Promise<readonly string[]>;
    /** Lists records whose key starts with `prefix`, after `cursor`, at most `limit`; without `cursor` in the answer it is the last page. */
    list(prefix: string, page: {
        cursor?: string;
        limit: number;
    }): Promise<{
        items: readonly TierItem[];
        cursor?: string;
    }>;
    /** Removes at most `limit` expired records; resolves with how many. */
    sweep(limit: number): Promise<number>;
    /** What keys under a prefix take. */
    usage(prefix: string): Promise<TierUsage>;
    /** Resolves when the tier can be reached. */
    ping(): Promise<void>;
    close(): Promise<void>;
}
