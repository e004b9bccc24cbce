import { type DataOf, type Routes, routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { registerRoute } from '../src/http/register-route.ts'

type Row = DataOf<Routes['configRead']>['row']
type Setting = DataOf<Routes['settingVersions']>['items'][number]['settings'][string]

const created_at = '2026-11-21T00:00:00.000Z'

/** The settings of an application that mounts the routes of its configuration, as the contract has them: a list of rows. */
export function mountSettings(app: FastifyInstance, rows: readonly Row[]): void {
  const all = [...rows]
  const reasons: string[] = []

  registerRoute(app, routes.settingCategories, () => ({
    data: { categories: [{ category: 'sync', version: 1 + reasons.length, changed_at: created_at }] },
  }))
  registerRoute(app, routes.settingVersions, ({ query: { category } }) => ({
    data: {
      items: [
        {
          version: 1 + reasons.length,
          settings: Object.fromEntries(
            all
              .filter((row) => row['category'] === category)
              .map(({ config_key, config_value, value_type, description }) => [
                config_key,
                { config_value, value_type, description } as Setting,
              ]),
          ),
          changed: [],
          operator_id: null,
          reason: reasons.at(-1) ?? '',
          restores: null,
          created_at,
        },
      ],
      next_cursor: null,
    },
  }))
  registerRoute(app, routes.configList, ({ query: { page, page_size } }) => ({
    data: {
      rows: all.slice((page - 1) * page_size, page * page_size),
      total: all.length,
      page,
      page_size,
    },
  }))
  registerRoute(app, routes.configChange, ({ params, body: { values, reason = '' } }) => {
    const index = all.findIndex((row) => JSON.stringify(row['id']) === params.id)
    const row = { ...all[index], ...values }
    all[index] = row
    reasons.push(reason)
    const invalidation = {
      invalidation_id: 'one',
      table_name: params.table,
      record_id: params.id,
      operation: 'UPDATE' as const,
      data: {},
      subject: '',
      target: '',
      cache_keys: [],
      cache_tags: [],
      operator_id: 'admin',
      reason,
      status: 'completed' as const,
      attempts: 1,
      error: null,
      created_at,
      completed_at: created_at,
    }
    return { data: { row, invalidation } }
  })
}
