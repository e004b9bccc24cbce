import type { SharedHead, SharedKey } from '../shared.ts';
import type { TierRecord } from '../tier.ts';
import type { Heads } from './head.ts';
import { type CatalogKeys } from './keys.ts';
import { type Link } from './link.ts';
/** What one read gives. */
export interface Read {
    readonly records: readonly (TierRecord | undefined)[];
    readonly head: SharedHead;
}
/** The record of a document; it ends when the life that the server told has passed since the question was sent. */
export declare function documentRecord(key: string, sent: number, reply: readonly unknown[]): TierRecord | undefined;
/** The record of a frame, which tells its own times. */
export declare function entryRecord(key: string, sent: number, body: unknown): TierRecord | undefined;
/**
 * Reads keys and the head: all commands go out in one write, the head's last. On a single server whose run is
 * known that is one MGET, of the entries and the head's mirror together.
 */
export declare function makeRead(heads: Heads, names: CatalogKeys): (link: Link, keys: readonly SharedKey[], now: number) => Promise<Read>;
