/** Makes the tier's table; safe to run in several processes at once. Times are milliseconds since 1970; a null expiry is never. */
export declare const createEntries: (table: string) => string;
export declare const createEntriesIndex: (table: string) => string;
export declare const readEntries: (table: string) => string;
/** Seven parameters a row. */
export declare const writeEntries: (table: string, rows: number) => string;
export declare const removeEntries: (table: string) => string;
/** `$2` is the cursor: the last key of the page before, or empty. */
export declare const listEntries: (table: string) => string;
export declare const sweepEntries: (table: string) => string;
export declare const usageOfEntries: (table: string) => string;
export declare const createLog: (table: string) => string;
export declare const createMarks: (table: string) => string;
export declare const beginLog: (table: string) => string;
export declare const readLog: (table: string) => string;
export declare const readMarks: (table: string) => string;
/** One statement, so that the number and its marks are written together or not at all. */
export declare const appendMarks: (table: string) => string;
export declare const pruneMarks: (table: string) => string;
