/** What a key parameter may be. `1` and `"1"` make the same key. */
export type ParamValue = string | number | bigint | boolean;
/** The parameter names of a template, read off its text: `'a:{b}:{c}'` has `'b' | 'c'`. */
export type ParamNames<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;
/** The parameters object of a template; `{}` for a template without any. */
export type Params<T extends string> = [ParamNames<T>] extends [never] ? Readonly<Record<string, never>> : {
    readonly [Name in ParamNames<T>]: ParamValue;
};
/** Parameters of a template whose text is not known to the compiler. */
export type AnyParams = Readonly<Record<string, ParamValue>>;
/** One segment of a template: a literal, or a parameter with the literals it must not be mistaken for. */
export interface Segment {
    readonly literal?: string;
    readonly param?: string;
}
/**
 * The segments of a template. A segment is a literal of letters, digits, `_`, `.`, `-`, or exactly one
 * `{parameter}`; since parameters never contain a bare colon, no value of one can reach into the next.
 * @throws E_TEMPLATE_INVALID quoting the segment that is neither
 */
export declare function parseTemplate(template: string): readonly Segment[];
/** An unsafe character as `%3A`, or `%uD800` past Latin-1. */
export declare function escapeCharacter(character: string): string;
/** A parameter as it stands in a key: unsafe characters as `%3A`, lone surrogates as `%uD800`. */
export declare function escapeParam(text: string): string;
/** The parameter that `escapeParam` was given. */
export declare function unescapeParam(text: string): string;
/** Builds and reads the keys of one template. */
export interface KeyBuilder {
    readonly template: string;
    readonly names: readonly string[];
    /**
     * The full key of a set of parameters.
     * @throws E_PARAM_MISSING, E_PARAM_UNKNOWN, E_PARAM_INVALID, E_KEY_TOO_LONG
     */
    build(params: AnyParams): string;
    /** The parameters (all as strings) of a full key of this template, or undefined when it is not one. */
    parse(key: string): Record<string, string> | undefined;
}
/**
 * A builder for one template under a prefix. `reserved` gives, for each segment, the literals that other
 * templates of the catalog have in that place: a parameter of that very text is escaped, so it cannot stand
 * for another template's key (row A1).
 */
export declare function compileTemplate(template: string, options: {
    prefix: string;
    maxKeyBytes: number;
    reserved?: ReadonlyMap<number, ReadonlySet<string>>;
}): KeyBuilder;
