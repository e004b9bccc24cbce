import type { BoundSpace } from './catalog.ts';
/** A value that may be kept, with its size as JSON in bytes (estimated: escapes are not counted). */
export interface Kept {
    readonly value: unknown;
    readonly bytes: number;
}
/**
 * Checks a value on its way in: the space's schema, JSON, size; frozen or cloned as the space says.
 * @throws E_VALUE_UNDEFINED, E_VALUE_SCHEMA, E_VALUE_NOT_JSON, E_VALUE_RESERVED, E_VALUE_TOO_LARGE
 */
export declare function keepValue(space: BoundSpace, input: unknown): Kept | Promise<Kept>;
/** The value as its schema gives it back. @throws E_VALUE_SCHEMA naming the first field that is wrong */
export declare function checkSchema(space: BoundSpace, input: unknown): unknown;
/** A kept value as a reader gets it. */
export declare function handOut(space: BoundSpace, value: unknown): unknown;
