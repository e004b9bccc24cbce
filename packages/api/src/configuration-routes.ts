import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

/** A row of a table of the configuration, by column; what a table takes is told by the refusals. */
export const configRow = z.record(z.string(), z.json())

/** The state of a change on its way to the caches (row A20). */
export const invalidation = z.strictObject({
  invalidation_id: z.string(),
  table_name: z.string(),
  record_id: z.string(),
  operation: z.enum(['INSERT', 'UPDATE', 'DELETE']),
  data: configRow,
  subject: z.string(),
  target: z.string(),
  cache_keys: z.array(z.string()),
  cache_tags: z.array(z.string()),
  operator_id: z.string(),
  reason: z.string(),
  status: z
    .enum(['pending', 'processing', 'completed', 'failed'])
    .describe('completed when the deletion was seen to be done'),
  attempts: count,
  error: z.string().nullable(),
  created_at: instant,
  completed_at: instant.nullable(),
})

const page = { page: queryNumber(1, 1_000_000, 1), page_size: queryNumber(1, 200, 50) }
const paged = { total: count, page: count, page_size: count }
const table = lineOf(63).describe('intents, slots, function_calls, …')
const row = z.strictObject({ table, id: lineOf(100) })
const reason = lineOf(500).optional().describe('Why: kept with the event')
const changed = z.strictObject({ row: configRow, invalidation })

/** The configuration of the assistant (rows A6, A9, A17–A20); the application mounts the handlers. */
export const configurationRoutes = {
  configTables: {
    id: 'configTables',
    method: 'GET',
    path: '/api/v1/admin/config',
    summary: 'The tables of the configuration, with the fields that a new row takes',
    role: 'admin',
    tag: 'configuration',
    data: z.strictObject({
      tables: z.array(
        z.strictObject({ table: z.string(), key: z.string(), rows: count, fields: z.array(z.string()) }),
      ),
    }),
  },
  configList: {
    id: 'configList',
    method: 'GET',
    path: '/api/v1/admin/config/:table',
    summary: 'Rows of a table, by page',
    role: 'admin',
    tag: 'configuration',
    params: z.strictObject({ table }),
    query: z.strictObject(page),
    data: z.strictObject({ rows: z.array(configRow), ...paged }),
  },
  configCreate: {
    id: 'configCreate',
    method: 'POST',
    path: '/api/v1/admin/config/:table',
    summary: 'Make a row',
    role: 'admin',
    tag: 'configuration',
    audit: 'configuration.create',
    params: z.strictObject({ table }),
    body: z.strictObject({ values: configRow, reason }),
    data: changed,
  },
  configRead: {
    id: 'configRead',
    method: 'GET',
    path: '/api/v1/admin/config/:table/:id',
    summary: 'One row',
    role: 'admin',
    tag: 'configuration',
    params: row,
    data: z.strictObject({ row: configRow }),
  },
  configChange: {
    id: 'configChange',
    method: 'PATCH',
    path: '/api/v1/admin/config/:table/:id',
    summary: 'Change fields of a row; every process hears of it',
    role: 'admin',
    tag: 'configuration',
    audit: 'configuration.change',
    params: row,
    body: z.strictObject({ values: configRow, reason }),
    data: changed,
  },
  configRemove: {
    id: 'configRemove',
    method: 'DELETE',
    path: '/api/v1/admin/config/:table/:id',
    summary: 'Remove a row and what belongs to it',
    role: 'admin',
    tag: 'configuration',
    audit: 'configuration.remove',
    params: row,
    query: z.strictObject({ reason }),
    data: changed,
  },
  invalidations: {
    id: 'invalidations',
    method: 'GET',
    path: '/api/v1/admin/invalidations',
    summary: 'Changes of the configuration and how far their invalidation is, the newest first',
    role: 'admin',
    tag: 'configuration',
    query: z.strictObject({
      ...page,
      status: z.enum(['pending', 'processing', 'completed', 'failed']).optional(),
    }),
    data: z.strictObject({ invalidations: z.array(invalidation), ...paged }),
  },
  invalidationRetry: {
    id: 'invalidationRetry',
    method: 'POST',
    path: '/api/v1/admin/invalidations/:invalidation_id/retry',
    summary: 'Try an invalidation that failed once more',
    role: 'admin',
    tag: 'configuration',
    audit: 'configuration.retry',
    params: z.strictObject({ invalidation_id: lineOf(100) }),
    data: z.strictObject({ invalidation }),
  },
} as const satisfies Record<string, Route>
