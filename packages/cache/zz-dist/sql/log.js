import { randomUUID } from 'node:crypto';
import { checkTable, make, toNumber } from './database.js';
import * as statements from './statements.js';
/**
 * A log in PostgreSQL or PGlite, beside the SQL tier: marks outlive the process, so that what was invalidated
 * stays invalidated after a restart. One process at a time follows it; several processes need the Redis log.
 * @throws E_OPTION_INVALID
 */
export function sqlLog(options) {
    const { database, catalog } = options;
    const table = checkTable(options.table ?? 'reprise_log');
    return {
        durable: true,
        async join() {
            await make(database, statements.createLog(table));
            await make(database, statements.createMarks(table));
            await database.query(statements.beginLog(table), [catalog, randomUUID()]);
            const heads = (await database.query(statements.readLog(table), [catalog])).rows;
            const { rows } = await database.query(statements.readMarks(table), [catalog]);
            const head = heads[0];
            const marks = rows.map(({ mark, n }) => [mark, toNumber(n)]);
            return { era: head.era, n: toNumber(head.n), floor: toNumber(head.floor), marks: new Map(marks) };
        },
        async append(marks) {
            const { rows } = await database.query(statements.appendMarks(table), [catalog, JSON.stringify(marks)]);
            const head = rows[0];
            if (head === undefined)
                throw new Error(`the log of catalog "${catalog}" is gone from table ${table}; start again`);
            return { era: head.era, n: toNumber(head.n) };
        },
        async prune(floor) {
            await database.query(statements.pruneMarks(table), [catalog, floor]);
        },
        close: async () => { },
    };
}
//# sourceMappingURL=log.js.map