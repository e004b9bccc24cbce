import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
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

/** The settings of a category after a change (row A9). */
export const settingVersion = z.strictObject({
  version: count.describe('From 1, without a gap'),
  settings: z
    .record(
      z.string(),
      z.strictObject({
        config_value: z.json(),
        value_type: z.enum(['string', 'number', 'boolean', 'json']),
        description: z.string(),
      }),
    )
    .describe('By key'),
  changed: z.array(z.string()).describe('The keys that differ from the version before'),
  operator_id: z.string().nullable().describe('null for what no administrator did: the seed, or SQL by hand'),
  reason: z.string(),
  restores: count.nullable().describe('The version that this one brought back'),
  created_at: instant,
})

const page = { page: queryNumber(1, 1_000_000, 1), page_size: queryNumber(1, 200, 50) }
const paged = { total: count, page: count, page_size: count }
const table = lineOf(63).describe('intents, slots, function_calls, …')
const row = z.strictObject({ table, id: lineOf(100) })
const reason = lineOf(500).optional().describe('Why: kept with the event')
const category = lineOf(63).describe('system_thresholds, …')
const version = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1)
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
  settingCategories: {
    id: 'settingCategories',
    method: 'GET',
    path: '/api/v1/admin/settings',
    summary: 'The categories of the settings, with the version that is in use',
    role: 'operator',
    tag: 'configuration',
    data: z.strictObject({
      categories: z.array(z.strictObject({ category: z.string(), version: count, changed_at: instant })),
    }),
  },
  settingVersions: {
    id: 'settingVersions',
    method: 'GET',
    path: '/api/v1/admin/settings/versions',
    summary: 'The versions of the settings of a category, the newest first, which is the one in use',
    role: 'operator',
    tag: 'configuration',
    query: z.strictObject({ category, ...pageQuery }),
    data: pageOf(settingVersion),
  },
  settingRestore: {
    id: 'settingRestore',
    method: 'POST',
    path: '/api/v1/admin/settings/restore',
    summary: 'Make the settings what a version of them was: a new version; every process hears of it',
    role: 'admin',
    tag: 'configuration',
    audit: 'configuration.restore',
    body: z.strictObject({
      category,
      version,
      replaces: version.describe('The version in use as far as the caller saw: 409 when it is another'),
      reason,
    }),
    data: z.strictObject({ version: settingVersion, invalidations: z.array(invalidation) }),
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
