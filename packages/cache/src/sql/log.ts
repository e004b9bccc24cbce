import { randomUUID } from 'node:crypto'
import type { InvalidationLog } from '../log/log.ts'
import { type SqlDatabase, checkTable, make, toNumber } from './database.ts'
import * as statements from './statements.ts'

/** Options of the SQL log. */
export interface SqlLogOptions {
  readonly database: SqlDatabase
  /** The catalog's prefix: catalogs that share a database have logs of their own. */
  readonly catalog: string
  /** Table name, made when it is missing; its marks are in `<table>_marks`. @default 'reprise_log' */
  readonly table?: string
}

interface HeadRow {
  readonly era: string
  readonly n: unknown
  readonly floor: unknown
}

/**
 * A log in PostgreSQL or PGlite, beside the SQL tier: marks outlive the process, so that what was invalidated
 * stays invalidated after a restart. One process at a time follows it; several processes need the Redis log.
 * @throws E_OPTION_INVALID
 */
export function sqlLog(options: SqlLogOptions): InvalidationLog {
  const { database, catalog } = options
  const table = checkTable(options.table ?? 'reprise_log')
  return {
    durable: true,
    async join() {
      await make(database, statements.createLog(table))
      await make(database, statements.createMarks(table))
      await database.query(statements.beginLog(table), [catalog, randomUUID()])
      const heads = (await database.query(statements.readLog(table), [catalog])).rows as readonly HeadRow[]
      const { rows } = await database.query(statements.readMarks(table), [catalog])
      const head = heads[0] as HeadRow
      const marks = (rows as readonly { readonly mark: string; readonly n: unknown }[]).map(
        ({ mark, n }): [string, number] => [mark, toNumber(n)],
      )
      return { era: head.era, n: toNumber(head.n), floor: toNumber(head.floor), marks: new Map(marks) }
    },
    async append(marks) {
      const { rows } = await database.query(statements.appendMarks(table), [catalog, JSON.stringify(marks)])
      const head = rows[0] as HeadRow | undefined
      if (head === undefined)
        throw new Error(`the log of catalog "${catalog}" is gone from table ${table}; start again`)
      return { era: head.era, n: toNumber(head.n) }
    },
    async prune(floor) {
      await database.query(statements.pruneMarks(table), [catalog, floor])
    },
    close: async () => {},
  }
}
