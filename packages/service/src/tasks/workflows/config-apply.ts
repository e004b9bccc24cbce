import { z } from 'zod'
import { TaskError } from '../errors.ts'
import type { TaskKind } from '../kind.ts'
import type { ManagedDocument } from './managed-document.ts'
import { type DocumentTools, putToUse } from './put-to-use.ts'

const input = z.strictObject({
  name: z.string().min(1).max(100).describe('Which document'),
  document: z.json().describe('The whole of it'),
})

/**
 * Changes a managed document (row B7): checks it, saves a version, clears what is derived from the one before, reloads,
 * tests, verifies; when that fails, the version before is in use again and the task is dead.
 */
export function configApplyKind(
  documents: ReadonlyMap<string, ManagedDocument>,
  tools: DocumentTools,
): TaskKind<z.output<typeof input>> {
  return {
    name: 'config-apply',
    summary: 'Save a document, put it to use, test it, and roll it back when it will not do',
    role: 'admin',
    input,
    async run({ name, document: given }, { id, user, signal, step }) {
      const document = findDocument(documents, name)
      const value = await step('check', async () => checkDocument(document, given))
      const saved = await step('save', () =>
        tools.store.save(name, value, { task: id, username: user.username }),
      )
      await putToUse(document, saved, { ...tools, step, signal })
      return { name, version: saved.version, replaces: saved.replaces }
    },
  }
}

/** @throws E_TASKS_DOCUMENT naming those there are */
export function findDocument(documents: ReadonlyMap<string, ManagedDocument>, name: string): ManagedDocument {
  const found = documents.get(name)
  if (found !== undefined) return found
  const there = [...documents.keys()].join(', ') || 'none'
  throw new TaskError('E_TASKS_DOCUMENT', `There is no document ${JSON.stringify(name)}; there are ${there}`)
}

/** A document as its schema gives it. @throws E_TASKS_DOCUMENT naming what is wrong */
export function checkDocument(document: ManagedDocument, given: unknown): unknown {
  const checked = document.schema.safeParse(given)
  if (checked.success) return checked.data
  const why = checked.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the whole'}: ${message}`)
  throw new TaskError('E_TASKS_DOCUMENT', `${document.name} is not acceptable: ${why.join('; ')}`)
}
