import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import { HttpError, type RequestAudit, registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import type { EventRow } from '../events/event.ts'
import type { Invalidator } from '../events/invalidator.ts'
import * as events from '../events/statements.ts'
import { type Author, type Changed, type RowChanger, createRowChanger } from './change-row.ts'
import type { ConfigTable } from './config-table.ts'
import * as statements from './statements.ts'
import { configTables } from './tables.ts'

type JsonRow = DataOf<Routes['configRead']>['row']
type Shown = DataOf<Routes['invalidationRetry']>['invalidation']
type Paged<Row> = Row & { readonly total_rows: number }

/** What the administration of the configuration works with. */
export interface AdminParts {
  readonly database: Database
  readonly invalidator: Invalidator
  readonly now: () => Date
  /** Hears of every change that was made, for the audit log. */
  readonly onChange: (entry: { action: string; user: string; details: Record<string, unknown> }) => void
}

function tableOf(name: string): ConfigTable {
  const table = configTables.get(name)
  if (table !== undefined) return table
  const message = `There is no table ${JSON.stringify(name)}: use ${[...configTables.keys()].join(', ')}`
  throw new HttpError(404, message)
}

/** A row as JSON; what only counts pages is left out. */
function toJson(row: Readonly<Record<string, unknown>>): JsonRow {
  return JSON.parse(JSON.stringify({ ...row, total_rows: undefined })) as JsonRow
}

function show(row: EventRow): Shown {
  return toJson({ ...row }) as unknown as Shown
}

/** Registers the administration of the configuration (rows A6, A9, A17–A20). */
export function registerAdmin(app: FastifyInstance, parts: AdminParts): void {
  const { database, invalidator, onChange } = parts
  const changer: RowChanger = createRowChanger(database, parts.now)

  async function count(table: string): Promise<number> {
    const { rows } = await database.query<{ rows: number }>(statements.countRows(table))
    return rows[0]?.rows ?? 0
  }

  async function invalidationOf(id: string): Promise<Shown> {
    const { rows } = await database.query<EventRow>(events.selectEvent, [id])
    if (rows[0] === undefined) throw new HttpError(404, `There is no invalidation ${JSON.stringify(id)}`)
    return show(rows[0])
  }

  /** The change is made whatever becomes of the caches now: the answer says how far that is. */
  async function answer(user: string, { row, invalidationId }: Changed) {
    await invalidator.run()
    const invalidation = await invalidationOf(invalidationId)
    const { table_name: table, record_id, operation } = invalidation
    onChange({
      action: `configuration.${operation.toLowerCase()}`,
      user,
      details: { table, record_id, invalidation_id: invalidationId },
    })
    return { data: { row: toJson(row), invalidation } }
  }

  function authorOf(
    { caller, audit }: { readonly caller: { readonly username: string }; readonly audit: RequestAudit },
    reason = '',
  ): Author {
    return {
      operator: caller.username,
      reason,
      async record({ table, record, invalidationId }, transaction) {
        audit.on(`${table}/${record}`)
        audit.tell({ invalidation_id: invalidationId })
        await audit.record(transaction)
      },
    }
  }

  registerRoute(app, routes.configTables, async () => {
    const tables = [...configTables.values()].map(async ({ name, key, create }) => {
      return { table: name, key, rows: await count(name), fields: Object.keys(create.shape) }
    })
    return { data: { tables: await Promise.all(tables) } }
  })
  registerRoute(app, routes.configList, async ({ params, query: { page, page_size } }) => {
    const table = tableOf(params.table)
    const text = statements.selectPage(table.name, table.key)
    const { rows } = await database.query<Paged<object>>(text, [page_size, (page - 1) * page_size])
    const total = rows[0]?.total_rows ?? (await count(table.name))
    return { data: { rows: rows.map((row) => toJson({ ...row })), total, page, page_size } }
  })
  registerRoute(app, routes.configRead, async ({ params }) => {
    const table = tableOf(params.table)
    const key = table.key === 'id' && !/^\d{1,9}$/.test(params.id) ? 0 : params.id
    const { rows } = await database.query(statements.selectRow(table.name, table.key), [key])
    if (rows[0] === undefined) throw new HttpError(404, `${table.name} has no row ${params.id}`)
    return { data: { row: toJson(rows[0]) } }
  })
  registerRoute(app, routes.configCreate, async ({ params, body, caller, audit }) => {
    const author = authorOf({ caller, audit }, body.reason)
    return answer(caller.username, await changer.create(tableOf(params.table), body.values, author))
  })
  registerRoute(app, routes.configChange, async ({ params, body, caller, audit }) => {
    const change = { values: body.values, author: authorOf({ caller, audit }, body.reason) }
    return answer(caller.username, await changer.change(tableOf(params.table), params.id, change))
  })
  registerRoute(app, routes.configRemove, async ({ params, query, caller, audit }) => {
    const author = authorOf({ caller, audit }, query.reason)
    return answer(caller.username, await changer.remove(tableOf(params.table), params.id, author))
  })
  registerRoute(app, routes.invalidations, async ({ query: { page, page_size, status = null } }) => {
    const parameters = [status, page_size, (page - 1) * page_size]
    const { rows } = await database.query<Paged<EventRow>>(events.selectEvents, parameters)
    const total = rows[0]?.total_rows ?? 0
    return { data: { invalidations: rows.map(show), total, page, page_size } }
  })
  registerRoute(app, routes.invalidationRetry, async ({ params: { invalidation_id: id } }) => {
    if (await invalidator.retry(id)) await invalidator.run()
    return { data: { invalidation: await invalidationOf(id) } }
  })
}
