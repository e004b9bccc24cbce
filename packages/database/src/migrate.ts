// Each file runs in one transaction together with its record, so it is applied and recorded or neither. The transaction
// first takes an advisory lock and then looks again at the records: of several processes that start at once, one runs
// a file and the others find it done. Nothing is undone by a failing file but the file itself.
import type { Database, Queryable } from './database.ts'
import { DatabaseError } from './errors.ts'
import { readMigrationFiles } from './migration-files.ts'
import type { MigrationFile } from './migration-files.ts'
import { lockMigrations, migrationStatements, transactionId } from './statements.ts'

/** Options of `migrate`. */
export interface MigrateOptions {
  /** The folder with `0001_name.sql`, `0002_name.sql`, …. */
  readonly directory: URL | string
  /** Whose migrations these are; each set is numbered from 1 on its own. @default 'main' */
  readonly set?: string | undefined
  /** The table that records what is applied, 1 to 63 of `a-z0-9_`. @default 'schema_migrations' */
  readonly table?: string | undefined
  /** Told of each file just applied, like `0001_name.sql`. */
  readonly onApplied?: ((file: string) => void) | undefined
}

/** What `migrate` did: the files this call applied, and the highest number of the set applied by anybody. */
export interface MigrateResult {
  readonly applied: readonly string[]
  readonly current: number
}

type Statements = ReturnType<typeof migrationStatements>

/**
 * Applies the migrations of a folder that the database has not had yet, in order, each exactly once.
 * A database that is ahead of the folder is fine: an older process may start beside a newer one.
 * Throws E_MIGRATION_GAP, E_MIGRATION_CHANGED, E_MIGRATION_FAILED (naming file, line and column), E_DATABASE_OPTION.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<MigrateResult> {
  const { directory, set = 'main', table = 'schema_migrations', onApplied } = options
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(table)) {
    throw new DatabaseError(
      'E_DATABASE_OPTION',
      `Migration table ${JSON.stringify(table)}: use a-z, 0-9 and _`,
    )
  }
  const files = await readMigrationFiles(directory)
  const statements = migrationStatements(table)
  const locked = <T>(work: (transaction: Queryable) => Promise<T>): Promise<T> =>
    database.transaction(async (transaction) => {
      await transaction.query(lockMigrations, [table])
      return work(transaction)
    })

  const start = await locked(async (transaction) => {
    const { rows } = await transaction.query<{ present: boolean }>(statements.exists)
    if (rows[0]?.present !== true) await transaction.script(statements.create)
    return readApplied(transaction, statements, set)
  })
  for (const file of files) assertUnchanged(file, start, set)
  const applied: string[] = []
  let current = Math.max(0, ...start.keys())
  for (const file of files.filter(({ number }) => !start.has(number))) {
    const ran = await locked(async (transaction) => {
      const done = await readApplied(transaction, statements, set)
      assertUnchanged(file, done, set)
      if (done.has(file.number)) return false
      await run(transaction, file)
      await transaction.query(statements.record, [set, file.number, file.name, file.checksum])
      return true
    })
    current = Math.max(current, file.number)
    if (!ran) continue
    applied.push(file.name)
    onApplied?.(file.name)
  }
  return { applied, current }
}

type Applied = ReadonlyMap<number, { readonly name: string; readonly checksum: string }>

async function readApplied(transaction: Queryable, statements: Statements, set: string): Promise<Applied> {
  const { rows } = await transaction.query<{ number: number; name: string; checksum: string }>(
    statements.list,
    [set],
  )
  return new Map(rows.map((row) => [row.number, row]))
}

function assertUnchanged(file: MigrationFile, applied: Applied, set: string): void {
  const record = applied.get(file.number)
  if (record === undefined || (record.checksum === file.checksum && record.name === file.name)) return
  throw new DatabaseError(
    'E_MIGRATION_CHANGED',
    `Migration ${file.name} of set ${JSON.stringify(set)} differs from ${record.name} as it was applied: ` +
      'put the file back as it was and make the change in a new file',
  )
}

async function run(transaction: Queryable, file: MigrationFile): Promise<void> {
  const before = await readTransactionId(transaction)
  try {
    await transaction.script(file.text)
  } catch (cause) {
    if (!DatabaseError.is(cause)) throw cause
    const reason = cause.cause instanceof Error ? cause.cause.message : cause.message
    throw new DatabaseError(
      'E_MIGRATION_FAILED',
      `Migration ${place(file, cause.position)} failed: ${reason}`,
      {
        cause,
        sqlState: cause.sqlState,
        constraint: cause.constraint,
        position: cause.position,
      },
    )
  }
  if ((await readTransactionId(transaction)) === before) return
  throw new DatabaseError(
    'E_MIGRATION_FAILED',
    `Migration ${file.name} ends its own transaction: remove COMMIT and ROLLBACK from it, and check what it left behind`,
  )
}

async function readTransactionId(transaction: Queryable): Promise<string | undefined> {
  return (await transaction.query<{ id: string }>(transactionId)).rows[0]?.id
}

function place(file: MigrationFile, position: number | undefined): string {
  if (position === undefined) return file.name
  // PostgreSQL counts code points, not UTF-16 units.
  const before = Array.from(file.text)
    .slice(0, position - 1)
    .join('')
  const lines = before.split('\n')
  return `${file.name}:${lines.length}:${Array.from(lines.at(-1) ?? '').length + 1}`
}
