import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { TaskKind } from '../kind.ts'
import { configApplyKind } from './config-apply.ts'
import { openDocuments } from './document-store.ts'
import type { ManagedDocument } from './managed-document.ts'
import { syncKind } from './sync.ts'

/** The workflows of an application's documents, `sync` and `config-apply`; none without documents. */
export function documentKinds(
  documents: readonly ManagedDocument[],
  { cache, database }: { readonly cache: Cache; readonly database: Database },
): readonly TaskKind[] {
  if (documents.length === 0) return []
  const byName = new Map(documents.map((document) => [document.name, document]))
  const tools = { cache, store: openDocuments(database) }
  return [syncKind(byName, tools), configApplyKind(byName, tools)]
}
