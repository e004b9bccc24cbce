/**
 * The `entry` format: bytes `R`, `P`, format version, flags, header length (4 bytes, big endian), header as
 * JSON, payload as JSON. The header repeats the key, so that a frame that a mixed-up store returns for another
 * key is a miss. Flags are kept for compression and encryption; a frame with an unknown flag is unreadable.
 */
import type { Header } from './header.ts';
/** The frame of a header and the JSON text of a value. */
export declare function encodeFrame(header: Header, payload: string): Uint8Array;
/** The parts of a frame, or why they cannot be read. */
export declare function decodeFrame(body: Uint8Array): {
    readonly header: unknown;
    readonly value: unknown;
} | string;
