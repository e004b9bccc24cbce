import type { Entry, Provenance } from './entry.ts';
/** What is stored beside a value, with short names and the version first, where a script finds it: version, key, creation, end of fresh life (null for ever), position, tags, provenance, load time, digest. */
export interface Header {
    readonly v: string;
    readonly k: string;
    readonly c: number;
    readonly f: number | null;
    readonly a: readonly [era: string, n: number];
    readonly t: readonly string[];
    readonly m: Provenance;
    readonly l: number;
    /** SHA-256 of a document's text, first 16 hex digits; frames need none. */
    readonly d?: string;
}
/** The header of an entry under its key. */
export declare function makeHeader(key: string, entry: Entry): Header;
/** A header read from a store, or undefined when it is not one. */
export declare function readHeader(stored: unknown): Header | undefined;
/** The entry of a header and its value. */
export declare function makeEntry(header: Header, value: unknown, bytes: number): Entry;
/** The same entry with its times moved by so many milliseconds, to or from the time of a store. */
export declare function shift(entry: Entry, milliseconds: number): Entry;
