import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import { HttpError, numberCursor, pageOf, registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import { type Answers, authorOf } from './answers.ts'
import { createVersionRestorer } from './restore-version.ts'
import type { SettingVersion } from './setting-versions.ts'
import * as statements from './statements.ts'
import type { RowWriter } from './write-row.ts'

type Shown = DataOf<Routes['settingRestore']>['version']

function show({
  version,
  settings,
  changed,
  operator_id,
  reason,
  restores,
  created_at,
}: SettingVersion): Shown {
  const made = { operator_id, reason, restores, created_at: created_at.toISOString() }
  return { version, settings: { ...settings }, changed: [...changed], ...made }
}

/** Registers the versions of the settings (row A9): what they were, and the way back. */
export function registerVersions(
  app: FastifyInstance,
  parts: { readonly database: Database; readonly writer: RowWriter; readonly answers: Answers },
): void {
  const { database, writer, answers } = parts
  const restorer = createVersionRestorer(database, writer)

  registerRoute(app, routes.settingCategories, async () => {
    const { rows } = await database.query<SettingVersion>(statements.selectNewestVersions)
    const categories = rows.map(({ category, version, created_at }) => ({
      category,
      version,
      changed_at: created_at.toISOString(),
    }))
    return { data: { categories } }
  })
  registerRoute(app, routes.settingVersions, async ({ query: { category, cursor, limit } }) => {
    const before = numberCursor(cursor) ?? 2 ** 31 - 1
    const { rows } = await database.query<SettingVersion>(statements.selectVersions, [
      category,
      Math.min(before, 2 ** 31 - 1),
      limit + 1,
    ])
    if (rows.length === 0 && cursor === undefined) {
      throw new HttpError(404, `There are no settings ${JSON.stringify(category)}`)
    }
    return { data: pageOf(rows, limit, { item: show, cursor: ({ version }) => version }) }
  })
  registerRoute(app, routes.settingRestore, async ({ body, caller, audit }) => {
    const author = authorOf({ caller, audit }, body.reason)
    const { version, invalidationIds } = await restorer.restore({ ...body, author })
    const invalidations = await answers.carry(invalidationIds)
    const { category, version: restores } = body
    answers.tell('configuration.restore', caller, { category, restores, invalidation_ids: invalidationIds })
    return { data: { version: show(version), invalidations } }
  })
}
