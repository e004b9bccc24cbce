import type { Queryable } from '@reprise/database'
import { HttpError } from '@reprise/service'
import { publishChange } from '../events/event.ts'
import type { Affected, ConfigTable, Problem, Row } from './config-table.ts'
import * as statements from './statements.ts'

/** Who changes a row, and why. */
export interface Author {
  readonly operator: string
  readonly reason: string
  /** Records what was done in the operation log: the last statement of its transaction. */
  readonly record: (
    done: { readonly target: string; readonly details: object },
    transaction: Queryable,
  ) => Promise<void>
}

/** A change that was made: the row after it, and the event that takes it to the caches. */
export interface Changed {
  readonly row: Row
  /** The value of the table's key. */
  readonly record: string
  readonly invalidationId: string
}

/** Writes rows of the configuration within a transaction, each with its event (row A20). */
export interface RowWriter {
  /** @throws HttpError 422 with the fields */
  create(transaction: Queryable, table: ConfigTable, given: Given): Promise<Changed>
  /** @throws HttpError 404, 422 with the fields */
  change(transaction: Queryable, table: ConfigTable, given: Given & { readonly id: string }): Promise<Changed>
  /** @throws HttpError 404, 409 for a row that others refer to */
  remove(
    transaction: Queryable,
    table: ConfigTable,
    given: Pick<Given, 'author'> & { readonly id: string },
  ): Promise<Changed>
}

interface Given {
  readonly values: unknown
  readonly author: Author
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

/** Makes the writer. `now` tells the time of events. */
export function createRowWriter(now: () => Date): RowWriter {
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
    return { row, record, invalidationId }
  }

  return {
    async create(transaction, table, { values, author }) {
      const row = parse(table.create, values)
      await check(transaction, table, row)
      const text = statements.insertRow(table.name, Object.keys(row))
      const after = (await transaction.query(text, encode(table, row))).rows[0] ?? row
      const affected = [await table.affected(after, transaction)]
      return publish(transaction, table, { after, affected, author })
    },
    async change(transaction, table, { id, values, author }) {
      const row = parse(table.change, values)
      const changed = Object.keys(row)
      if (changed.length === 0)
        refuse(422, [{ field: 'values', message: 'Give at least one field to change' }])
      const before = await lock(transaction, table, id)
      await check(transaction, table, { ...before, ...row })
      const was = await table.affected(before, transaction, changed)
      const text = statements.updateRow(table.name, table.key, changed)
      const parameters = [before[table.key], ...encode(table, row)]
      const after = (await transaction.query(text, parameters)).rows[0] ?? before
      const affected = [await table.affected(after, transaction, changed), was]
      return publish(transaction, table, { before, after, affected, author })
    },
    async remove(transaction, table, { id, author }) {
      const before = await lock(transaction, table, id)
      const problems = await table.refuseRemoval(before, transaction)
      if (problems.length > 0) refuse(409, problems)
      const affected = [await table.affected(before, transaction)]
      await transaction.query(statements.deleteRow(table.name, table.key), [before[table.key]])
      return publish(transaction, table, { before, affected, author })
    },
  }
}
