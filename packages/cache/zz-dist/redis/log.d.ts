import type { LogRecord, Shared } from '../shared.ts';
import type { LeaseContext } from './lease.ts';
/** The writing side of the log, and how it is joined. */
export declare function makeLog(context: LeaseContext): Pick<Shared, 'join' | 'append' | 'prune'>;
/** A record of the stream and the era it was written in. */
export interface StoredRecord {
    readonly era: string;
    readonly record: LogRecord;
}
/** The records of an answer to XREAD of one stream, whose shape depends on the version of the protocol. */
export declare function readRecords(reply: unknown): readonly StoredRecord[];
