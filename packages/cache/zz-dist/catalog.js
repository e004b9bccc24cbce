import { RepriseError, quote } from './errors.js';
import { settle } from './policy.js';
import { compileTemplate, parseTemplate } from './template.js';
/** The literals of other templates that a parameter of this one must not be mistaken for, by segment. */
function reservedFor(template, others) {
    const own = parseTemplate(template);
    const reserved = new Map();
    for (const other of others) {
        const theirs = parseTemplate(other);
        if (theirs.length !== own.length)
            continue;
        const apart = own.some((segment, index) => segment.literal !== undefined &&
            theirs[index]?.literal !== undefined &&
            segment.literal !== theirs[index]?.literal);
        if (apart)
            continue;
        const places = own.flatMap((segment, index) => segment.param !== undefined && theirs[index]?.literal !== undefined ? [index] : []);
        const back = theirs.some((segment, index) => segment.param !== undefined && own[index]?.literal !== undefined);
        if (places.length === 0 && !back) {
            throw new RepriseError('E_CATALOG_INVALID', `keys ${quote(template)} and ${quote(other)} are the same for some parameters; give one of them a literal of its own`);
        }
        for (const index of places) {
            const literals = reserved.get(index) ?? new Set();
            reserved.set(index, literals.add(theirs[index]?.literal));
        }
    }
    return reserved;
}
/**
 * Gathers the spaces of an application under one prefix.
 * @throws E_CATALOG_INVALID when the prefix is unusable, a name is given twice or two templates can make one key
 */
export function defineCatalog(options) {
    const { prefix, spaces, maxKeyBytes = 1024, overrides = {} } = options;
    if (!/^[A-Za-z0-9_.-]+$/.test(prefix)) {
        throw new RepriseError('E_CATALOG_INVALID', `catalog prefix ${quote(prefix)}: use letters, digits, _, . and -, without a colon`);
    }
    const byName = new Map();
    for (const name of Object.keys(overrides)) {
        if (!spaces.some((space) => space.name === name))
            throw unknownSpace(name);
    }
    for (const space of spaces) {
        if (byName.has(space.name))
            throw new RepriseError('E_CATALOG_INVALID', `space "${space.name}" is in the catalog twice; names are unique`);
        const reserved = reservedFor(space.key, spaces.filter((other) => other !== space).map((other) => other.key));
        byName.set(space.name, {
            space,
            name: space.name,
            keys: compileTemplate(space.key, { prefix, maxKeyBytes, ...(reserved.size > 0 ? { reserved } : {}) }),
            settings: settle(space.name, { ...space.policy, ...overrides[space.name] }),
        });
    }
    function unknownSpace(name) {
        return new RepriseError('E_SPACE_UNKNOWN', `space ${quote(name)} is not in the catalog "${prefix}"; it has ${spaces.map((space) => space.name).join(', ')}`);
    }
    const catalog = {
        prefix,
        spaces: [...byName.values()],
        maxKeyBytes,
        getCacheKey: (template, params) => catalog.find(template).keys.build(params),
        find(name) {
            const bound = byName.get(name);
            if (bound === undefined)
                throw unknownSpace(name);
            return bound;
        },
        parse(key) {
            for (const space of byName.values()) {
                const params = space.keys.parse(key);
                if (params !== undefined)
                    return { space, params };
            }
            return undefined;
        },
        override: (more) => defineCatalog({ ...options, overrides: { ...overrides, ...more } }),
    };
    return Object.freeze(catalog);
}
//# sourceMappingURL=catalog.js.map