import { routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import { HttpError, registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import type { EventRow } from '../events/event.ts'
import type { Invalidator } from '../events/invalidator.ts'
import * as events from '../events/statements.ts'
import { authorOf, createAnswers, eventJson, toJson } from './answers.ts'
import { createRowChanger } from './change-row.ts'
import type { ConfigTable } from './config-table.ts'
import * as statements from './statements.ts'
import { configTables } from './tables.ts'
import { registerVersions } from './version-handlers.ts'
import { type Changed, createRowWriter } from './write-row.ts'

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

/** Registers the administration of the configuration (rows A6, A9, A17–A20). */
export function registerAdmin(app: FastifyInstance, parts: AdminParts): void {
  const { database, invalidator } = parts
  const answers = createAnswers(parts)
  const writer = createRowWriter(parts.now)
  const changer = createRowChanger(database, writer)

  async function count(table: string): Promise<number> {
    const { rows } = await database.query<{ rows: number }>(statements.countRows(table))
    return rows[0]?.rows ?? 0
  }

  async function answer(caller: { readonly username: string }, { row, invalidationId }: Changed) {
    const [invalidation = await answers.event(invalidationId)] = await answers.carry([invalidationId])
    const { table_name: table, record_id, operation } = invalidation
    const details = { table, record_id, invalidation_id: invalidationId }
    answers.tell(`configuration.${operation.toLowerCase()}`, caller, details)
    return { data: { row: toJson(row), invalidation } }
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
    return answer(caller, await changer.create(tableOf(params.table), body.values, author))
  })
  registerRoute(app, routes.configChange, async ({ params, body, caller, audit }) => {
    const change = { values: body.values, author: authorOf({ caller, audit }, body.reason) }
    return answer(caller, await changer.change(tableOf(params.table), params.id, change))
  })
  registerRoute(app, routes.configRemove, async ({ params, query, caller, audit }) => {
    const author = authorOf({ caller, audit }, query.reason)
    return answer(caller, await changer.remove(tableOf(params.table), params.id, author))
  })
  registerRoute(app, routes.invalidations, async ({ query: { page, page_size, status = null } }) => {
    const parameters = [status, page_size, (page - 1) * page_size]
    const { rows } = await database.query<Paged<EventRow>>(events.selectEvents, parameters)
    const total = rows[0]?.total_rows ?? 0
    return { data: { invalidations: rows.map(eventJson), total, page, page_size } }
  })
  registerRoute(app, routes.invalidationRetry, async ({ params: { invalidation_id: id } }) => {
    if (await invalidator.retry(id)) await invalidator.run()
    return { data: { invalidation: await answers.event(id) } }
  })
  registerVersions(app, { database, writer, answers })
}
