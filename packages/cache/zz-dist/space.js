import { parseTemplate } from './template.js';
import { RepriseError, quote } from './errors.js';
/** Memory is trusted only as long as the log was confirmed within this time. */
export function bounded(within) {
    return Object.freeze({ bounded: within });
}
/**
 * Declares a space. The declaration is checked at once and frozen.
 * @throws E_TEMPLATE_INVALID, E_SPACE_INVALID quoting what is wrong
 */
export function defineSpace(options) {
    const { name, key, schema, requires = [], tenant, ...policy } = options;
    if (typeof name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(name)) {
        throw new RepriseError('E_SPACE_INVALID', `space name ${quote(name)}: use lower-case letters, digits and _, such as "nlu_result"`);
    }
    const names = parseTemplate(key).flatMap((segment) => segment.param ?? []);
    const missing = [...requires, ...(tenant === undefined ? [] : [tenant])].filter((param) => !names.includes(param));
    if (missing.length > 0) {
        throw new RepriseError('E_SPACE_INVALID', `space "${name}": key ${quote(key)} lacks the required ${missing.map((param) => `{${param}}`).join(', ')}`);
    }
    if (policy.ttl === undefined) {
        throw new RepriseError('E_SPACE_INVALID', `space "${name}" has no ttl; give a duration such as "30m", or Infinity to keep for ever`);
    }
    return Object.freeze({
        name,
        key,
        schema,
        policy: Object.freeze(policy),
        tenant: tenant ?? (names.includes('tenant') ? 'tenant' : undefined),
    });
}
//# sourceMappingURL=space.js.map