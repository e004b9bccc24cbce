import type { Database } from './database.ts'
import { DatabaseError } from './errors.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import type { DatabaseOptions } from './settings.ts'

/**
 * Opens the database that the options name: `url` is PostgreSQL, `dataDir` PGlite in that folder, neither PGlite in
 * memory. Throws E_DATABASE_OPTION, E_DATABASE_UNREACHABLE or E_DATABASE_LOCKED.
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { url } = options
  if (url === undefined) return openPglite(options)
  if (options.dataDir !== undefined) {
    throw new DatabaseError(
      'E_DATABASE_OPTION',
      `Both url and dataDir (${JSON.stringify(options.dataDir)}) are given: keep url for PostgreSQL or dataDir for PGlite`,
    )
  }
  return openPostgres({ ...options, url })
}
