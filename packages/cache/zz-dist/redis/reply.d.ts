/** Replies as the scripts make them. Anything else is a bug or a foreign server, and says so. */
/** The items of an array. */
export declare function items(reply: unknown): readonly unknown[];
/** Text, from bytes or a number; '' for nothing. */
export declare function text(reply: unknown): string;
/** A number, from an integer or its text. */
export declare function integer(reply: unknown): number;
