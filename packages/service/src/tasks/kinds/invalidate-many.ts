import type { Cache } from '@reprise/cache'
import { z } from 'zod'
import type { TaskKind } from '../kind.ts'

const names = (most: number) => z.array(z.string().min(1).max(1_024)).max(most).default([])

const input = z
  .strictObject({
    keys: names(100_000).describe('Full keys'),
    tags: names(1_000),
    spaces: names(1_000),
    tenant: z.string().min(1).max(200).optional(),
  })
  .refine(
    ({ keys, tags, spaces, tenant }) => keys.length + tags.length + spaces.length > 0 || tenant !== undefined,
    'Name keys, tags, spaces or a tenant',
  )

/** Keys that one step removes. */
const slice = 500

/** Makes many entries disappear: marks first, which cost the same however many carry them, then keys, some at a time. */
export function invalidateManyKind({ cache }: { readonly cache: Cache }): TaskKind<z.output<typeof input>> {
  return {
    name: 'invalidate-many',
    summary: 'Make entries disappear by key, tag, space or tenant',
    input,
    async run({ keys, tags, spaces, tenant }, { signal, progress, step }) {
      if (tags.length + spaces.length > 0 || tenant !== undefined) {
        const marks = { tags, spaces, ...(tenant === undefined ? {} : { tenant }) }
        await step('marks', () => cache.invalidate(marks))
      }
      let removed = 0
      const removeKeys = async (): Promise<void> => {
        for (let done = 0; done < keys.length; done += slice) {
          signal.throwIfAborted()
          const report = await cache.invalidate({ keys: keys.slice(done, done + slice) })
          removed += report.removed
          progress(Math.min(done + slice, keys.length), keys.length, `${removed} removed`)
        }
      }
      if (keys.length > 0) await step('keys', removeKeys)
      return { removed, keys: keys.length, tags: tags.length, spaces: spaces.length, tenant: tenant ?? null }
    },
  }
}
