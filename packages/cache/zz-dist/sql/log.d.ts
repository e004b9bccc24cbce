import type { InvalidationLog } from '../log.ts';
import { type SqlDatabase } from './database.ts';
/** Options of the SQL log. */
export interface SqlLogOptions {
    readonly database: SqlDatabase;
    /** The catalog's prefix: catalogs that share a database have logs of their own. */
    readonly catalog: string;
    /** Table name, made when it is missing; its marks are in `<table>_marks`. @default 'reprise_log' */
    readonly table?: string;
}
/**
 * A log in PostgreSQL or PGlite, beside the SQL tier: marks outlive the process, so that what was invalidated
 * stays invalidated after a restart. One process at a time follows it; several processes need the Redis log.
 * @throws E_OPTION_INVALID
 */
export declare function sqlLog(options: SqlLogOptions): InvalidationLog;
