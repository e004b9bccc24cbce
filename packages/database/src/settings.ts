import type { PGliteOptions } from '@electric-sql/pglite'
import { DatabaseError } from './errors.ts'

/** Options of `openPostgres`. */
export interface PostgresOptions {
  /** Where the server is: `postgres://user:password@host:5432/database`. */
  readonly url: string
  /** Connections in the pool, 1 or more; a listener has one more of its own. @default 10 */
  readonly poolSize?: number | undefined
  /** The name that `pg_stat_activity` shows. @default 'reprise' */
  readonly applicationName?: string | undefined
  /** How long a connection, or a free place in the pool, is waited for, in milliseconds, 1 or more. @default 10000 */
  readonly connectTimeoutMs?: number | undefined
  /** Told of what fails in the background: idle and listening connections, listeners that throw. @default a process warning */
  readonly onError?: ((error: Error) => void) | undefined
}

/** Options of `openPglite`. */
export interface PgliteOptions extends Pick<PostgresOptions, 'onError'> {
  /** The folder of the database, made when missing. @default a database in memory, gone when closed */
  readonly dataDir?: string | undefined
  /**
   * A file made by `writePgliteTemplate`, from which a database that is not there yet begins: PostgreSQL's own first
   * set-up is what takes seconds. @default the environment's REPRISE_PGLITE_TEMPLATE, else that set-up
   */
  readonly template?: string | undefined
  /** Extensions by their names, such as `{ vector }` of `@electric-sql/pglite-pgvector`. @default none */
  readonly extensions?: PgliteExtensions | undefined
}

/** Extensions of PGlite as their packages export them. */
export type PgliteExtensions = NonNullable<PGliteOptions['extensions']>

/** Options of `openDatabase`: `url` opens PostgreSQL, `dataDir` PGlite in a folder, neither PGlite in memory. */
export interface DatabaseOptions extends Partial<PostgresOptions>, PgliteOptions {}

/** `PostgresOptions` with every default filled in; throws E_DATABASE_OPTION for a number out of range. */
export function readPostgresSettings(options: PostgresOptions) {
  return Object.freeze({
    url: options.url,
    poolSize: atLeastOne('poolSize', options.poolSize ?? 10),
    applicationName: options.applicationName ?? 'reprise',
    connectTimeoutMs: atLeastOne('connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    onError: options.onError ?? warn,
  })
}

/** `PgliteOptions` with every default filled in; throws E_DATABASE_OPTION for an empty folder name. */
export function readPgliteSettings(options: PgliteOptions) {
  if (options.dataDir?.trim() === '') {
    throw new DatabaseError(
      'E_DATABASE_OPTION',
      'dataDir is empty: name a folder, or leave it out for memory',
    )
  }
  return Object.freeze({
    dataDir: options.dataDir,
    template: options.template ?? process.env['REPRISE_PGLITE_TEMPLATE'],
    extensions: options.extensions ?? {},
    onError: options.onError ?? warn,
  })
}

function atLeastOne(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value
  throw new DatabaseError('E_DATABASE_OPTION', `${name} is ${value}: give a whole number of 1 or more`)
}

function warn(error: Error): void {
  process.emitWarning(error)
}
