import { z } from 'zod'
import { TaskError } from '../errors.ts'
import type { TaskKind } from '../kind.ts'
import { checkDocument, findDocument } from './config-apply.ts'
import { sameDocument } from './document-store.ts'
import type { ManagedDocument } from './managed-document.ts'
import { type DocumentTools, putToUse } from './put-to-use.ts'
import { readSource } from './read-source.ts'

const input = z.strictObject({
  name: z.string().min(1).max(100).describe('Which document'),
  force: z.boolean().default(false).describe('Also when its source says what is in use already'),
})

/**
 * Takes a managed document from its source (row B6): reads, checks, saves, then clears what is derived from it, reloads,
 * tests, and updates the statistics. When something fails, what was in use stays so, and the failure is counted.
 */
export function syncKind(
  documents: ReadonlyMap<string, ManagedDocument>,
  tools: DocumentTools,
): TaskKind<z.output<typeof input>> {
  const { store } = tools
  return {
    name: 'sync',
    summary: 'Take a document from its source and put it to use',
    input,
    async run({ name, force }, { id, user, signal, step }) {
      const document = findDocument(documents, name)
      const source = typeof document.source === 'function' ? await document.source() : document.source
      if (source === undefined)
        throw new TaskError('E_TASKS_DOCUMENT', `${name} has no source: give it one, or use config-apply`)
      try {
        const read = await step('read', () => readSource(source, signal))
        const value = await step('check', async () => checkDocument(document, read))
        const current = await store.active(name)
        const changed = force || current === undefined || !sameDocument(current.document, value)
        let version = current?.version ?? 0
        if (changed) {
          const saved = await step('save', () =>
            store.save(name, value, { task: id, username: user.username }),
          )
          version = saved.version
          await putToUse(document, saved, { ...tools, step, signal })
        }
        const statistics = document.statistics?.(value) ?? {}
        await step('statistics', () => store.noteSync(name, { version, changed, statistics }))
        return { name, version, changed, statistics }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (!signal.aborted) await step('note failure', () => store.noteSync(name, { error: message }))
        throw error
      }
    },
  }
}
