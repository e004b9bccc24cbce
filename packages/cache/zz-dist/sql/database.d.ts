/** What the SQL tier and log need of a database; `@reprise/database` fits, and so does a `pg` pool. */
export interface SqlDatabase {
    query(text: string, params?: readonly unknown[]): Promise<{
        readonly rows: readonly object[];
    }>;
}
/** A table name that can stand in a statement as it is. @throws E_OPTION_INVALID */
export declare function checkTable(table: string): string;
/** A bigint column, which drivers give as a number, a bigint or text. */
export declare function toNumber(value: unknown): number;
/**
 * Runs a statement that makes something if it is not there. Two processes that start at once can both find it
 * missing; the one that comes second gets a uniqueness error and finds it there when it tries again.
 */
export declare function make(database: SqlDatabase, statement: string): Promise<void>;
