import { RepriseError, quote } from '../errors.js';
/** A table name that can stand in a statement as it is. @throws E_OPTION_INVALID */
export function checkTable(table) {
    if (/^[a-z_][a-z0-9_]{0,47}$/.test(table))
        return table;
    throw new RepriseError('E_OPTION_INVALID', `table is ${quote(table)}: use lower-case letters, digits and _, at most 48`);
}
/** A bigint column, which drivers give as a number, a bigint or text. */
export function toNumber(value) {
    return Number(value);
}
/**
 * Runs a statement that makes something if it is not there. Two processes that start at once can both find it
 * missing; the one that comes second gets a uniqueness error and finds it there when it tries again.
 */
export async function make(database, statement) {
    try {
        await database.query(statement);
    }
    catch {
        await database.query(statement);
    }
}
//# sourceMappingURL=database.js.map