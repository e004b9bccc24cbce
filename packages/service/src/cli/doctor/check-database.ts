import type { Database } from '@reprise/database'
import { reasonOf } from './check-machine.ts'
import { type Finding, clockFinding, failed, ok, warning } from './finding.ts'

/** The oldest PostgreSQL that still gets fixes as this is written. */
const leastPostgres = 14

interface Facts {
  readonly version: string
  readonly number: number
  readonly superuser: boolean
  readonly at: number
}

const ask = `select version() as version, current_setting('server_version_num')::int as number,
  coalesce((select rolsuper or rolbypassrls from pg_roles where rolname = current_user), false) as superuser,
  (extract(epoch from clock_timestamp()) * 1000)::float8 as at`

/** Looks at an open database: version, clock, and whether row-level security binds its user. */
export async function checkDatabase(database: Database): Promise<readonly Finding[]> {
  try {
    const before = Date.now()
    const { rows } = await database.query<Facts>(ask)
    const after = Date.now()
    const [facts] = rows
    if (facts === undefined) return [failed('database', 'answered nothing', 'look at the log of the server')]
    const name = `${database.engine} ${Math.floor(facts.number / 10_000)}`
    const found = [
      ok('database', `${name} answers in ${after - before} ms`),
      facts.number >= leastPostgres * 10_000
        ? ok('database version', facts.version.split(',')[0] ?? '')
        : warning('database version', facts.version, `use PostgreSQL ${leastPostgres} or newer`),
    ]
    // An embedded database has one user, and the clock of this machine.
    if (database.engine === 'pglite') return found
    return [
      ...found,
      clockFinding('database clock', { before, remote: facts.at, after }),
      facts.superuser
        ? warning(
            'database user',
            'row-level security does not bind it',
            'give DATABASE_URL a user that is neither superuser nor BYPASSRLS: then the database itself keeps sites apart',
          )
        : ok('database user', 'bound by row-level security'),
    ]
  } catch (error) {
    return [
      failed('database', reasonOf(error), 'check DATABASE_URL, or unset it to use the embedded database'),
    ]
  }
}
