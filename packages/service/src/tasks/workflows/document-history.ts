import type { Database } from '@reprise/database'
import * as statements from './statements.ts'

/** A version of a document as a row of the database. */
export interface VersionRow {
  readonly version: number
  readonly active: boolean
  readonly replaces: number | null
  readonly username: string
  readonly task: string
  readonly created_at: Date
}

/** The versions of managed documents as an operator sees them. Every call throws what `Database.query` throws. */
export interface DocumentHistory {
  /** The documents that the application has, each with its version in use. */
  list(): Promise<readonly { readonly name: string; readonly version: number | null }[]>
  /** Versions below a number, the newest first; undefined where there is no such document. */
  versions(
    name: string,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly VersionRow[] | undefined>
  /** One version with its document, or with 0 the one in use; undefined where there is none. */
  read(name: string, version: number): Promise<(VersionRow & { readonly document: unknown }) | undefined>
}

/** The history of the documents of these names, in a migrated database. */
export function openDocumentHistory(database: Database, names: readonly string[]): DocumentHistory {
  return {
    async list() {
      const { rows } = await database.query<{ name: string; version: number }>(statements.inUse, [names])
      return names.map((name) => ({ name, version: rows.find((row) => row.name === name)?.version ?? null }))
    },
    async versions(name, { before, limit }) {
      if (!names.includes(name)) return undefined
      return (await database.query<VersionRow>(statements.versions, [name, before, limit])).rows
    },
    async read(name, version) {
      if (!names.includes(name)) return undefined
      const found = await database.query<VersionRow & { document: unknown }>(statements.version, [
        name,
        version,
      ])
      return found.rows[0]
    },
  }
}
