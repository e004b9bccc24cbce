import { type Database, DatabaseError, type Queryable } from '@reprise/database'
import { HttpError } from '@reprise/service'
import type { ConfigTable } from './config-table.ts'
import { noteVersions } from './setting-versions.ts'
import type { Author, Changed, RowWriter } from './write-row.ts'

/** Makes, changes and removes rows of the configuration, each with its event in one transaction (row A20). */
export interface RowChanger {
  /** @throws HttpError 422 with the fields, 409 for a row that there is already */
  create(table: ConfigTable, values: unknown, author: Author): Promise<Changed>
  /** @throws HttpError 404, 422 with the fields */
  change(table: ConfigTable, id: string, options: { values: unknown; author: Author }): Promise<Changed>
  /** @throws HttpError 404, 409 for a row that others refer to */
  remove(table: ConfigTable, id: string, author: Author): Promise<Changed>
}

/** What the database itself refused, as the caller may see it. */
export function explained(error: unknown, table: ConfigTable): unknown {
  if (!DatabaseError.is(error, 'E_DATABASE_QUERY')) return error
  const rule = error.constraint ?? table.name
  if (error.sqlState === '23505') {
    return new HttpError(409, `There is such a row already (${rule})`, { code: 'CONFLICT', cause: error })
  }
  if (error.sqlState === '23503') {
    return new HttpError(
      409,
      `Other rows refer to this one, or it refers to one that there is not (${rule})`,
      {
        cause: error,
      },
    )
  }
  if (error.sqlState?.startsWith('23') === true || error.sqlState?.startsWith('22') === true) {
    return new HttpError(422, `The row breaks a rule of its table (${rule})`, { cause: error })
  }
  return error
}

/** Makes the changer. */
export function createRowChanger(database: Database, writer: RowWriter): RowChanger {
  async function run(
    table: ConfigTable,
    author: Author,
    write: (transaction: Queryable) => Promise<Changed>,
  ): Promise<Changed> {
    const work = async (transaction: Queryable): Promise<Changed> => {
      if (table.versioned) await noteVersions(transaction)
      const changed = await write(transaction)
      if (table.versioned) await noteVersions(transaction, author)
      const { record, invalidationId } = changed
      const done = { target: `${table.name}/${record}`, details: { invalidation_id: invalidationId } }
      await author.record(done, transaction)
      return changed
    }
    try {
      return await database.transaction(work)
    } catch (error) {
      throw explained(error, table)
    }
  }

  return {
    create: (table, values, author) =>
      run(table, author, (transaction) => writer.create(transaction, table, { values, author })),
    change: (table, id, { values, author }) =>
      run(table, author, (transaction) => writer.change(transaction, table, { id, values, author })),
    remove: (table, id, author) =>
      run(table, author, (transaction) => writer.remove(transaction, table, { id, author })),
  }
}
