import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@reprise/database'
import { jsonText, plainText } from '../json-text.ts'
import * as statements from './statements.ts'

/** One version of a document. */
export interface DocumentVersion {
  readonly version: number
  readonly document: unknown
  /** The version that was active before it; null for the first. */
  readonly replaces: number | null
}

/** The versions of managed documents. Every call throws what `Database.query` throws. */
export interface DocumentStore {
  /** Makes a document the active version of its name; saved once for each task, however often it runs. */
  save(
    name: string,
    document: unknown,
    by: { readonly task: string; readonly username: string },
  ): Promise<DocumentVersion>
  /** The version in use; undefined where there never was one. */
  active(name: string): Promise<DocumentVersion | undefined>
  /** Makes another version the active one; null for none. */
  activate(name: string, version: number | null): Promise<DocumentVersion | undefined>
  /** Keeps what a synchronisation came to; a failure keeps the figures and counts. */
  noteSync(name: string, outcome: SyncOutcome): Promise<void>
}

/** What a synchronisation came to. */
export type SyncOutcome =
  | {
      readonly version: number
      readonly changed: boolean
      readonly statistics: Readonly<Record<string, number>>
    }
  | { readonly error: string }

/** Opens the documents of a migrated database. */
export function openDocuments(database: Database): DocumentStore {
  const read = async (
    gate: Queryable,
    text: string,
    parameters: readonly unknown[],
  ): Promise<DocumentVersion | undefined> => (await gate.query<DocumentVersion>(text, parameters)).rows[0]
  const activate = async (gate: Queryable, name: string, version: number | null) => {
    await gate.query(statements.deactivate, [name, version])
    return version === null ? undefined : read(gate, statements.activate, [name, version])
  }

  return {
    save: (name, document, { task, username }) =>
      database.transaction(async (transaction) => {
        await transaction.query(statements.lockDocument, [name])
        const known = await read(transaction, statements.findByTask, [name, task])
        if (known !== undefined) {
          await activate(transaction, name, known.version)
          return known
        }
        const before = await read(transaction, statements.active, [name])
        await transaction.query(statements.deactivate, [name, null])
        const replaces = before?.version ?? null
        const saved = await read(transaction, statements.save, [
          name,
          jsonText(document),
          replaces,
          task,
          plainText(username),
        ])
        if (saved === undefined) throw new Error(`The version of ${name} that was just saved is not there`)
        return saved
      }),
    active: (name) => read(database, statements.active, [name]),
    activate: (name, version) =>
      database.transaction(async (transaction) => {
        await transaction.query(statements.lockDocument, [name])
        return activate(transaction, name, version)
      }),
    async noteSync(name, outcome) {
      if ('error' in outcome) await database.query(statements.noteFailure, [name, plainText(outcome.error)])
      else
        await database.query(statements.noteSync, [
          name,
          outcome.version,
          outcome.changed,
          jsonText(outcome.statistics),
        ])
    },
  }
}

/** Whether two documents say the same; the order of fields says nothing. */
export const sameDocument = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(jsonText(one)), JSON.parse(jsonText(other)))
