import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import type { FastifyInstance } from 'fastify'
import { numberCursor, pageOf } from '../http/cursor.ts'
import { HttpError } from '../http/http-error.ts'
import { registerRoute } from '../http/register-route.ts'
import { type VersionRow, openDocumentHistory } from '../tasks/workflows/document-history.ts'
import type { ManagedDocument } from '../tasks/workflows/managed-document.ts'

/** Registers the routes of the application's documents (row B7), where it has some. */
export function registerDocumentRoutes(
  app: FastifyInstance,
  { database, documents }: { readonly database: Database; readonly documents: readonly ManagedDocument[] },
): void {
  if (documents.length === 0) return
  const history = openDocumentHistory(
    database,
    documents.map(({ name }) => name),
  )
  registerRoute(app, routes.documentList, async () => {
    const found = await history.list()
    return { data: { documents: found.map((one) => ({ ...one })) } }
  })
  registerRoute(app, routes.documentVersions, async ({ query: { name, cursor, limit } }) => {
    const before = numberCursor(cursor) ?? Number.MAX_SAFE_INTEGER
    const found = await history.versions(name, { before, limit: limit + 1 })
    if (found === undefined) throw unknown(name)
    return { data: pageOf(found, limit, { item: describe, cursor: ({ version }) => version }) }
  })
  registerRoute(app, routes.documentVersion, async ({ query: { name, version } }) => {
    const found = await history.read(name, version)
    if (found === undefined) throw unknown(name, version)
    const document = found.document as DataOf<Routes['documentVersion']>['document']
    return { data: { ...describe(found), document } }
  })
}

function describe(row: VersionRow): DataOf<Routes['documentVersions']>['items'][number] {
  return {
    version: row.version,
    in_use: row.active,
    replaces: row.replaces,
    username: row.username,
    task_id: row.task,
    saved_at: row.created_at.toISOString(),
  }
}

function unknown(name: string, version?: number): HttpError {
  const what =
    version === undefined ? '' : version === 0 ? ' with a version in use' : ` with a version ${version}`
  return new HttpError(
    404,
    `There is no document ${JSON.stringify(name)}${what}: GET /api/v1/documents lists them`,
  )
}
