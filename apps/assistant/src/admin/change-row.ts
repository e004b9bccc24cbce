import { type Database, DatabaseError, type Queryable } from '@reprise/database'
import { HttpError } from '@reprise/service'
import { publishChange } from '../events/event.ts'
import type { Affected, ConfigTable, Problem, Row } from './config-table.ts'
import * as statements from './statements.ts'

/** Who changes a row, and why. */
export interface Author {
  readonly operator: string
  readonly reason: string
  /** Records the change in the operation log: the last statement of its transaction. */
  readonly record: (change: Recorded, transaction: Queryable) => Promise<void>
}

/** What the operation log is told of a change besides who made it. */
export interface Recorded {
  readonly table: string
  readonly record: string
  readonly invalidationId: string
}

/** A change that was made: the row after it, and the event that takes it to the caches. */
export interface Changed {
  readonly row: Row
  readonly invalidationId: string
}

/** Makes, changes and removes rows of the configuration, each with its event in one transaction (row A20). */
export interface RowChanger {
  /** @throws HttpError 422 with the fields, 409 for a row that there is already */
  create(table: ConfigTable, values: unknown, author: Author): Promise<Changed>
  /** @throws HttpError 404, 422 with the fields */
  change(table: ConfigTable, id: string, options: { values: unknown; author: Author }): Promise<Changed>
  /** @throws HttpError 404, 409 for a row that others refer to */
  remove(table: ConfigTable, id: string, author: Author): Promise<Changed>
}

function refuse(status: 409 | 422, problems: readonly Problem[]): never {
  const message = problems.map(({ field, message: reason }) => `${field}: ${reason}`).join('; ')
  throw new HttpError(status, message, { details: problems })
}

function parse(schema: ConfigTable['create'], values: unknown): Row {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  return refuse(
    422,
    result.error.issues.flatMap((issue): Problem[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            field: [...issue.path, key].join('.'),
            message: 'This table has no such field, or it cannot be changed',
          }))
        : [{ field: issue.path.join('.') || 'values', message: issue.message }],
    ),
  )
}

/** What the database itself refused, as the caller may see it. */
function explained(error: unknown, table: ConfigTable): unknown {
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

/** Makes the changer. `now` tells the time of events. */
export function createRowChanger(database: Database, now: () => Date): RowChanger {
  const encode = (table: ConfigTable, values: Row): unknown[] =>
    Object.entries(values).map(([column, value]) =>
      table.json.has(column) && value !== null && value !== undefined ? JSON.stringify(value) : value,
    )

  async function lock(transaction: Queryable, table: ConfigTable, id: string): Promise<Row> {
    const key = table.key === 'id' ? Number(id) : id
    const known = table.key !== 'id' || /^\d{1,9}$/.test(id)
    const { rows } = known
      ? await transaction.query(statements.lockRow(table.name, table.key), [key])
      : { rows: [] }
    if (rows[0] !== undefined) return rows[0]
    throw new HttpError(404, `${table.name} has no row ${JSON.stringify(id.slice(0, 100))}`)
  }

  async function check(transaction: Queryable, table: ConfigTable, row: Row): Promise<void> {
    const problems = await table.problems(row, transaction)
    if (problems.length > 0) refuse(422, problems)
  }

  async function publish(
    transaction: Queryable,
    table: ConfigTable,
    change: { before?: Row; after?: Row; affected: readonly Affected[]; author: Author },
  ): Promise<Changed> {
    const { before, after, affected, author } = change
    const row = after ?? before ?? {}
    const record = String(row[table.key])
    const { operator, reason } = author
    const [first] = affected
    const invalidationId = await publishChange(
      transaction,
      {
        table: table.name,
        record,
        operation: before === undefined ? 'INSERT' : after === undefined ? 'DELETE' : 'UPDATE',
        data: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
        subject: first?.subject ?? table.name,
        target: first?.target ?? '',
        keys: affected.flatMap(({ keys }) => keys),
        tags: affected.flatMap(({ tags = [] }) => tags),
        operator,
        reason,
      },
      now(),
    )
    await author.record({ table: table.name, record, invalidationId }, transaction)
    return { row, invalidationId }
  }

  async function run(table: ConfigTable, work: (transaction: Queryable) => Promise<Changed>) {
    try {
      return await database.transaction(work)
    } catch (error) {
      throw explained(error, table)
    }
  }

  return {
    create(table, values, author) {
      const row = parse(table.create, values)
      return run(table, async (transaction) => {
        await check(transaction, table, row)
        const text = statements.insertRow(table.name, Object.keys(row))
        const after = (await transaction.query(text, encode(table, row))).rows[0] ?? row
        const affected = [await table.affected(after, transaction)]
        return publish(transaction, table, { after, affected, author })
      })
    },
    change(table, id, { values, author }) {
      const row = parse(table.change, values)
      if (Object.keys(row).length === 0) {
        refuse(422, [{ field: 'values', message: 'Give at least one field to change' }])
      }
      return run(table, async (transaction) => {
        const before = await lock(transaction, table, id)
        await check(transaction, table, { ...before, ...row })
        const changed = Object.keys(row)
        const was = await table.affected(before, transaction, changed)
        const text = statements.updateRow(table.name, table.key, Object.keys(row))
        const parameters = [before[table.key], ...encode(table, row)]
        const after = (await transaction.query(text, parameters)).rows[0] ?? before
        const affected = [await table.affected(after, transaction, changed), was]
        return publish(transaction, table, { before, after, affected, author })
      })
    },
    remove(table, id, author) {
      return run(table, async (transaction) => {
        const before = await lock(transaction, table, id)
        const problems = await table.refuseRemoval(before, transaction)
        if (problems.length > 0) refuse(409, problems)
        const affected = [await table.affected(before, transaction)]
        await transaction.query(statements.deleteRow(table.name, table.key), [before[table.key]])
        return publish(transaction, table, { before, affected, author })
      })
    },
  }
}
