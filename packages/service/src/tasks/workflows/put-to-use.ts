import type { Cache } from '@reprise/cache'
import { TaskError } from '../errors.ts'
import type { TaskContext } from '../kind.ts'
import { type DocumentStore, type DocumentVersion, sameDocument } from './document-store.ts'
import type { ManagedDocument } from './managed-document.ts'

/** What the workflows of documents work with. */
export interface DocumentTools {
  readonly cache: Cache
  readonly store: DocumentStore
}

/**
 * Puts a saved version to use: clears what is derived from it, reloads, tests, verifies. When one of these fails, or the
 * task is cancelled, the version that was in use before is put back, and the error says so.
 */
export async function putToUse(
  document: ManagedDocument,
  saved: DocumentVersion,
  { cache, store, step, signal }: DocumentTools & Pick<TaskContext, 'step' | 'signal'>,
): Promise<void> {
  const clear = async (): Promise<void> => {
    if (document.clears !== undefined) await cache.invalidate(document.clears)
  }
  try {
    await step('clear', clear)
    signal.throwIfAborted()
    await step('reload', async () => document.reload?.(saved.document, signal))
    await step('test', async () => document.test?.(saved.document, signal))
    signal.throwIfAborted()
    await step('verify', async () => {
      const now = await store.active(document.name)
      if (now?.version !== saved.version || !sameDocument(now.document, saved.document))
        throw new Error(`version ${saved.version} is not the one in use, version ${now?.version} is`)
    })
  } catch (cause) {
    // Somebody else has the task, or will have it: it goes on there.
    const elsewhere =
      TaskError.is(signal.reason, 'E_TASKS_LOST') || TaskError.is(signal.reason, 'E_TASKS_STOPPED')
    if (elsewhere) throw cause
    await step('roll back', async () => {
      const before = await store.activate(document.name, saved.replaces)
      await clear()
      if (before !== undefined) await document.reload?.(before.document, new AbortController().signal)
    })
    const reason = cause instanceof Error ? cause.message : String(cause)
    const back =
      saved.replaces === null
        ? 'no version is in use, as before'
        : `version ${saved.replaces} is in use again`
    throw new TaskError('E_TASKS_DOCUMENT', `${document.name} ${saved.version}: ${reason}; ${back}`, {
      cause,
    })
  }
}
