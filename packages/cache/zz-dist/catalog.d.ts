import { type Settings } from './policy.ts';
import type { ParamsOf, Policy, SpaceBase } from './space.ts';
import { type KeyBuilder } from './template.ts';
/** A space with its keys compiled and its policy settled. */
export interface BoundSpace {
    readonly space: SpaceBase;
    readonly name: string;
    readonly keys: KeyBuilder;
    readonly settings: Settings;
}
/** What configuration may override per space, without touching its types (row A2). */
export type Overrides = Readonly<Record<string, Partial<Pick<Policy, 'jitter' | 'staleWhileRevalidate' | 'staleIfError' | 'refreshAhead' | 'softLimit' | 'hardLimit' | 'maxValueBytes' | 'cost'>> & {
    readonly ttl?: Policy['ttl'];
}>>;
/** All spaces of an application, under one prefix. */
export interface Catalog<Spaces extends readonly SpaceBase[] = readonly SpaceBase[]> {
    readonly prefix: string;
    readonly spaces: readonly BoundSpace[];
    readonly maxKeyBytes: number;
    /**
     * The full key of a template by the space's name, prefix included once (row A1).
     * @throws E_SPACE_UNKNOWN, E_PARAM_MISSING, E_PARAM_UNKNOWN, E_PARAM_INVALID, E_KEY_TOO_LONG
     */
    getCacheKey<Name extends Spaces[number]['name']>(template: Name, params: ParamsOf<Extract<Spaces[number], {
        name: Name;
    }>>): string;
    /** The bound space of a name. @throws E_SPACE_UNKNOWN */
    find(name: string): BoundSpace;
    /** The space and parameters that a full key belongs to, or undefined. */
    parse(key: string): {
        readonly space: BoundSpace;
        readonly params: Record<string, string>;
    } | undefined;
    /** The same catalog with other policies. @throws E_SPACE_UNKNOWN, E_OPTION_INVALID */
    override(overrides: Overrides): Catalog<Spaces>;
}
/** What `defineCatalog` takes. */
export interface CatalogOptions<Spaces extends readonly SpaceBase[]> {
    /** Goes before every key with a colon, such as `intent_system`; keeps the product's keys apart from others in one store. */
    readonly prefix: string;
    readonly spaces: Spaces;
    /** Longest key, in bytes of UTF-8. @default 1024 */
    readonly maxKeyBytes?: number;
    /** Policies from configuration. */
    readonly overrides?: Overrides;
}
/**
 * Gathers the spaces of an application under one prefix.
 * @throws E_CATALOG_INVALID when the prefix is unusable, a name is given twice or two templates can make one key
 */
export declare function defineCatalog<const Spaces extends readonly SpaceBase[]>(options: CatalogOptions<Spaces>): Catalog<Spaces>;
