import type { BoundSpace } from './catalog.ts';
import { type Entry } from './entry.ts';
/** Bounds of the memory tier. */
export interface MemoryOptions {
    /** @default 100 000 */
    readonly maxEntries?: number;
    /** Estimated heap of keys and values, in bytes. @default 256 MiB */
    readonly maxBytes?: number;
}
/** An entry in memory, with what reads need beside it. */
export interface MemoryRecord {
    readonly key: string;
    readonly space: BoundSpace;
    readonly entry: Entry;
    /** Its space, tenant and tags as marks of the log. */
    readonly marks: readonly string[];
    /** The revision of the order at which its marks were last compared. */
    checkedAt: number;
    hits: number;
    lastReadAt: number;
}
/** What a space holds in memory. */
export interface SpaceUsage {
    entries: number;
    bytes: number;
}
/** The tier in the process: live objects, answered without waiting. Which entry goes when it is full is its own affair. */
export interface Memory {
    /** The record of a key, marked as used. */
    read(key: string): MemoryRecord | undefined;
    /** The record of a key, as if nobody had looked. */
    look(key: string): MemoryRecord | undefined;
    write(record: MemoryRecord): void;
    remove(key: string): boolean;
    /** Looks at the next `limit` records and removes those that `isDead` tells; resolves to how many. */
    sweep(limit: number, isDead: (record: MemoryRecord) => boolean): number;
    records(): IterableIterator<MemoryRecord>;
    usage(space: string): Readonly<SpaceUsage>;
    readonly entries: number;
    readonly bytes: number;
    readonly evictions: number;
    readonly maxBytes: number;
}
/** A memory tier that removes what was not used for longest. @throws E_OPTION_INVALID */
export declare function createMemory(options: MemoryOptions, onEvict: (record: MemoryRecord) => void): Memory;
/** Whether nothing of a record can be served any more. */
export declare function isOver(record: MemoryRecord, now: number): boolean;
