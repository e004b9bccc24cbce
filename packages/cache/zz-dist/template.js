import { RepriseError, quote } from './errors.js';
const literalPattern = /^[A-Za-z0-9_.-]+$/;
const paramPattern = /^\{([A-Za-z][A-Za-z0-9_]*)\}$/;
/**
 * The segments of a template. A segment is a literal of letters, digits, `_`, `.`, `-`, or exactly one
 * `{parameter}`; since parameters never contain a bare colon, no value of one can reach into the next.
 * @throws E_TEMPLATE_INVALID quoting the segment that is neither
 */
export function parseTemplate(template) {
    const seen = new Set();
    return template.split(':').map((text) => {
        if (literalPattern.test(text))
            return { literal: text };
        const param = paramPattern.exec(text)?.[1];
        if (param === undefined || seen.has(param)) {
            throw new RepriseError('E_TEMPLATE_INVALID', `key template ${quote(template)}: segment ${quote(text)} is ${param === undefined ? 'neither a literal nor one {parameter}' : 'named twice'}; ` +
                'write literals and single {parameters} between colons, such as "nlu_result:{input_hash}:{user_id}"');
        }
        seen.add(param);
        return { param };
    });
}
// Control characters, lone surrogates (which UTF-8 would fold into one another), colon (the separator), braces
// (cluster hash tags), glob characters and the escape sign.
const unsafe = /[\p{Cc}\p{Cs}:{}*?[\]\\%]/u;
const unsafeAll = new RegExp(unsafe.source, 'gu');
/** An unsafe character as `%3A`, or `%uD800` past Latin-1. */
export function escapeCharacter(character) {
    const code = character.charCodeAt(0);
    return code < 0x100
        ? `%${code.toString(16).toUpperCase().padStart(2, '0')}`
        : `%u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
/** A parameter as it stands in a key: unsafe characters as `%3A`, lone surrogates as `%uD800`. */
export function escapeParam(text) {
    return unsafe.test(text) ? text.replace(unsafeAll, escapeCharacter) : text;
}
/** The parameter that `escapeParam` was given. */
export function unescapeParam(text) {
    return text.replace(/%u([0-9A-F]{4})|%([0-9A-F]{2})/g, (_, wide, narrow) => String.fromCharCode(Number.parseInt(wide ?? narrow ?? '', 16)));
}
/**
 * A builder for one template under a prefix. `reserved` gives, for each segment, the literals that other
 * templates of the catalog have in that place: a parameter of that very text is escaped, so it cannot stand
 * for another template's key (row A1).
 */
export function compileTemplate(template, options) {
    const segments = parseTemplate(template);
    const names = segments.flatMap((segment) => (segment.param === undefined ? [] : [segment.param]));
    const head = options.prefix === '' ? '' : `${options.prefix}:`;
    const { maxKeyBytes, reserved } = options;
    function paramText(params, name, index) {
        const value = params[name];
        let text;
        if (typeof value === 'string')
            text = value;
        else if (typeof value === 'number' && Number.isFinite(value))
            text = String(value);
        else if (typeof value === 'bigint' || typeof value === 'boolean')
            text = String(value);
        else if (value === undefined) {
            throw new RepriseError('E_PARAM_MISSING', `key ${quote(template)}: parameter "${name}" is missing; got ${quote(params)}`);
        }
        else {
            throw new RepriseError('E_PARAM_INVALID', `key ${quote(template)}: parameter "${name}" is ${quote(value)}; give a string, finite number, bigint or boolean`);
        }
        if (text === '') {
            throw new RepriseError('E_PARAM_INVALID', `key ${quote(template)}: parameter "${name}" is empty; give at least one character`);
        }
        // A long parameter is refused before it is escaped, so that a hostile one costs nothing.
        if (text.length > maxKeyBytes)
            throw tooLong(text.length);
        const escaped = escapeParam(text);
        if (reserved !== undefined && reserved.get(index)?.has(escaped) === true) {
            return escapeCharacter(escaped.charAt(0)) + escaped.slice(1);
        }
        return escaped;
    }
    function tooLong(length) {
        return new RepriseError('E_KEY_TOO_LONG', `key ${quote(template)}: the key would be at least ${length} bytes, over the limit of ${maxKeyBytes}; hash long parameters before using them in a key`);
    }
    function builds(params, key) {
        try {
            return builder.build(params) === key;
        }
        catch {
            return false;
        }
    }
    const builder = {
        template,
        names,
        build(params) {
            let key = head;
            for (let index = 0; index < segments.length; index += 1) {
                const segment = segments[index];
                if (index > 0)
                    key += ':';
                key += segment.literal ?? paramText(params, segment.param, index);
            }
            let given = 0;
            for (const name in params)
                if (params[name] !== undefined)
                    given += 1;
            if (given !== names.length) {
                const extra = Object.keys(params).filter((name) => !names.includes(name));
                throw new RepriseError('E_PARAM_UNKNOWN', `key ${quote(template)}: unknown parameter ${extra.map(quote).join(', ')}; it takes ${names.join(', ') || 'none'}`);
            }
            if (key.length * 3 > maxKeyBytes) {
                const bytes = Buffer.byteLength(key);
                if (bytes > maxKeyBytes)
                    throw tooLong(bytes);
            }
            return key;
        },
        parse(key) {
            if (!key.startsWith(head))
                return undefined;
            const parts = key.slice(head.length).split(':');
            if (parts.length !== segments.length)
                return undefined;
            const params = {};
            for (const [index, part] of parts.entries()) {
                const segment = segments[index];
                if (segment.literal !== undefined) {
                    if (segment.literal !== part)
                        return undefined;
                }
                else if (part === '')
                    return undefined;
                else
                    params[segment.param] = unescapeParam(part);
            }
            // A text that no parameters build is not a key, however well it splits.
            return builds(params, key) ? params : undefined;
        },
    };
    return builder;
}
//# sourceMappingURL=template.js.map