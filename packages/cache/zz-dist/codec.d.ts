import type { BoundSpace } from './catalog.ts';
import { type Entry, type Position } from './entry.ts';
import type { TierRecord } from './tier.ts';
/** An entry as tiers below memory keep it, its times `offset` ahead of this process. A document ends with its fresh life, so that its key's own expiry tells the truth. */
export declare function encode(space: BoundSpace, key: string, entry: Entry, offset?: number): TierRecord;
/** The version of what another program wrote. */
export declare const foreign = "foreign";
/** What reading a record needs to know. */
export interface Reading {
    /** The position that a document from another program gets. */
    readonly now: Position;
    /** Milliseconds by which stored times are ahead of this process. */
    readonly offset: number;
}
/** The entry of a record, in the times of this process, or why it cannot be read. */
export declare function decode(key: string, record: TierRecord, { now, offset }: Reading): Entry | string;
