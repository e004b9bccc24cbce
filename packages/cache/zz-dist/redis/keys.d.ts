/** Names of a catalog's own keys. All share a slot, since what stands in braces decides it. */
export interface CatalogKeys {
    /** Hash: era, n, floor, run of the server, and each mark's number under `m:` and its name. */
    readonly hash: string;
    /** Stream of records, whose ids are their numbers. */
    readonly log: string;
    /** String: era, n, floor and run, as in the hash. */
    readonly mirror: string;
    /** Channel of ended leases. */
    readonly wake: string;
    /** What the application that has the prefix is. */
    readonly descriptor: string;
}
/** The names for a prefix. No entry has such a key, since an entry's key begins with the prefix itself. */
export declare function catalogKeys(prefix: string): CatalogKeys;
/** The keys beside an entry, in its slot. */
export declare const leaseKey: (key: string) => string;
export declare const failureKey: (key: string) => string;
export declare const sidecarKey: (key: string) => string;
/** A text as a glob pattern that matches only itself. */
export declare function escapeGlob(literal: string): string;
/** The Cluster slot of a key without braces: CRC16 (XMODEM) modulo 16384. */
export declare function slotOf(key: string): number;
/** Indexes of keys by the slot they are in, in the order they came. */
export declare function groupBySlot(keys: readonly string[]): readonly (readonly number[])[];
