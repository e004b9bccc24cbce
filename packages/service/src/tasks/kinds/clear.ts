import type { Cache } from '@reprise/cache'
import { z } from 'zod'
import type { TaskKind } from '../kind.ts'
import { countTiers, followRemoval } from './follow-removal.ts'

const input = z.strictObject({})

/** Removes every entry of the catalog and nothing else (row B2): at once for readers, then for real. */
export function clearKind({ cache }: { readonly cache: Cache }): TaskKind<z.output<typeof input>> {
  return {
    name: 'clear',
    summary: 'Remove every entry of this application and nothing else',
    role: 'admin',
    input,
    async run(_, context) {
      const counted = await countTiers(cache, context)
      const { removed, bytes, tiers } = await cache.clear(followRemoval(context, counted))
      return { removed, bytes, tiers }
    },
  }
}
