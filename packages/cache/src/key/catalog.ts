import { RepriseError, quote } from '../errors.ts'
import { type Settings, settle } from './policy.ts'
import type { ParamsOf, Policy, SpaceBase } from './space.ts'
import { type KeyBuilder, compileTemplate, parseTemplate } from './template.ts'

/** A space with its keys compiled and its policy settled. */
export interface BoundSpace {
  readonly space: SpaceBase
  readonly name: string
  readonly keys: KeyBuilder
  readonly settings: Settings
}

/** What configuration may override per space, without touching its types (row A2). */
export type Overrides = Readonly<
  Record<
    string,
    Partial<
      Pick<
        Policy,
        | 'jitter'
        | 'staleWhileRevalidate'
        | 'staleIfError'
        | 'refreshAhead'
        | 'softLimit'
        | 'hardLimit'
        | 'maxValueBytes'
        | 'cost'
      >
    > & { readonly ttl?: Policy['ttl'] }
  >
>

/** All spaces of an application, under one prefix. */
export interface Catalog<Spaces extends readonly SpaceBase[] = readonly SpaceBase[]> {
  readonly prefix: string
  readonly spaces: readonly BoundSpace[]
  readonly maxKeyBytes: number
  /**
   * The full key of a template by the space's name, prefix included once (row A1).
   * @throws E_SPACE_UNKNOWN, E_PARAM_MISSING, E_PARAM_UNKNOWN, E_PARAM_INVALID, E_KEY_TOO_LONG
   */
  getCacheKey<Name extends Spaces[number]['name']>(
    template: Name,
    params: ParamsOf<Extract<Spaces[number], { name: Name }>>,
  ): string
  /** The bound space of a name. @throws E_SPACE_UNKNOWN */
  find(name: string): BoundSpace
  /** The space and parameters that a full key belongs to, or undefined. */
  parse(key: string): { readonly space: BoundSpace; readonly params: Record<string, string> } | undefined
  /** The same catalog with other policies. @throws E_SPACE_UNKNOWN, E_OPTION_INVALID */
  override(overrides: Overrides): Catalog<Spaces>
}

/** What `defineCatalog` takes. */
export interface CatalogOptions<Spaces extends readonly SpaceBase[]> {
  /** Goes before every key with a colon, such as `intent_system`; keeps the product's keys apart from others in one store. */
  readonly prefix: string
  readonly spaces: Spaces
  /** Longest key, in bytes of UTF-8. @default 1024 */
  readonly maxKeyBytes?: number
  /** Policies from configuration. */
  readonly overrides?: Overrides
}

/** The literals of other templates that a parameter of this one must not be mistaken for, by segment. */
function reservedFor(template: string, others: readonly string[]): Map<number, Set<string>> {
  const own = parseTemplate(template)
  const reserved = new Map<number, Set<string>>()
  for (const other of others) {
    const theirs = parseTemplate(other)
    if (theirs.length !== own.length) continue
    const apart = own.some(
      (segment, index) =>
        segment.literal !== undefined &&
        theirs[index]?.literal !== undefined &&
        segment.literal !== theirs[index]?.literal,
    )
    if (apart) continue
    const places = own.flatMap((segment, index) =>
      segment.param !== undefined && theirs[index]?.literal !== undefined ? [index] : [],
    )
    const back = theirs.some(
      (segment, index) => segment.param !== undefined && own[index]?.literal !== undefined,
    )
    if (places.length === 0 && !back) {
      throw new RepriseError(
        'E_CATALOG_INVALID',
        `keys ${quote(template)} and ${quote(other)} are the same for some parameters; give one of them a literal of its own`,
      )
    }
    for (const index of places) {
      const literals = reserved.get(index) ?? new Set<string>()
      reserved.set(index, literals.add(theirs[index]?.literal as string))
    }
  }
  return reserved
}

/**
 * Gathers the spaces of an application under one prefix.
 * @throws E_CATALOG_INVALID when the prefix is unusable, a name is given twice or two templates can make one key
 */
export function defineCatalog<const Spaces extends readonly SpaceBase[]>(
  options: CatalogOptions<Spaces>,
): Catalog<Spaces> {
  const { prefix, spaces, maxKeyBytes = 1024, overrides = {} } = options
  if (!/^[A-Za-z0-9_.-]+$/.test(prefix)) {
    throw new RepriseError(
      'E_CATALOG_INVALID',
      `catalog prefix ${quote(prefix)}: use letters, digits, _, . and -, without a colon`,
    )
  }
  const byName = new Map<string, BoundSpace>()
  for (const name of Object.keys(overrides)) {
    if (!spaces.some((space) => space.name === name)) throw unknownSpace(name)
  }
  for (const space of spaces) {
    if (byName.has(space.name))
      throw new RepriseError(
        'E_CATALOG_INVALID',
        `space "${space.name}" is in the catalog twice; names are unique`,
      )
    const reserved = reservedFor(
      space.key,
      spaces.filter((other) => other !== space).map((other) => other.key),
    )
    byName.set(space.name, {
      space,
      name: space.name,
      keys: compileTemplate(space.key, { prefix, maxKeyBytes, ...(reserved.size > 0 ? { reserved } : {}) }),
      settings: settle(space.name, { ...space.policy, ...overrides[space.name] }),
    })
  }

  function unknownSpace(name: string): RepriseError {
    return new RepriseError(
      'E_SPACE_UNKNOWN',
      `space ${quote(name)} is not in the catalog "${prefix}"; it has ${spaces.map((space) => space.name).join(', ')}`,
    )
  }

  const catalog: Catalog<Spaces> = {
    prefix,
    spaces: [...byName.values()],
    maxKeyBytes,
    getCacheKey: (template, params) => catalog.find(template).keys.build(params),
    find(name) {
      const bound = byName.get(name)
      if (bound === undefined) throw unknownSpace(name)
      return bound
    },
    parse(key) {
      for (const space of byName.values()) {
        const params = space.keys.parse(key)
        if (params !== undefined) return { space, params }
      }
      return undefined
    },
    override: (more) => defineCatalog({ ...options, overrides: { ...overrides, ...more } }),
  }
  return Object.freeze(catalog)
}
