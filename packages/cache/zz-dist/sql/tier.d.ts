import { type Clock } from '../clock.ts';
import type { Tier } from '../tier.ts';
import { type SqlDatabase } from './database.ts';
/** Options of the SQL tier. */
export interface SqlTierOptions {
    readonly database: SqlDatabase;
    /** Table name, made when it is missing. @default 'reprise_entries' */
    readonly table?: string;
    /** Milliseconds after which a read is given up. @default 2 000 */
    readonly readDeadline?: number;
    /** @default the machine's clock */
    readonly clock?: Clock;
}
/**
 * A tier in one table of PostgreSQL or PGlite: entries survive a restart (row B1). Documents are in a text
 * column, readable with a SELECT. It never interprets bodies.
 * @throws E_OPTION_INVALID
 */
export declare function sqlTier(options: SqlTierOptions): Tier;
