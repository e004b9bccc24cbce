import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cache } from '@reprise/cache'
import { z } from 'zod'
import type { TaskContext, TaskKind } from '../kind.ts'
import { countTiers, followRemoval } from './follow-removal.ts'

const input = z.strictObject({
  days: z.number().int().min(1).max(30).default(7).describe('Entries made longer ago go'),
  type: z.enum(['all', 'file', 'redis', 'database', 'tooling']).default('all'),
})

/** The tier that a type names; `all` is every one, memory too. */
const tierOf = { file: 'file', redis: 'redis', database: 'sql' } as const
const day = 86_400_000

/**
 * Removes entries made more than some days ago (row B4), from the tiers of one type or from all; `tooling` is what tasks
 * have left behind: exported files.
 */
export function cleanupKind(options: {
  readonly cache: Cache
  readonly exports: string
  readonly now: () => number
}): TaskKind<z.output<typeof input>> {
  const { cache, exports, now } = options
  return {
    name: 'cleanup',
    summary: 'Remove entries made more than some days ago',
    input,
    async run({ days, type }, context) {
      const createdBefore = now() - days * day
      const withFiles = type === 'all' || type === 'tooling'
      const files = withFiles
        ? await context.step('files', () => removeFiles(exports, createdBefore, context.signal))
        : { removed: 0, bytes: 0 }
      const nothing = { days, type, removed: 0, bytes: files.bytes, files, tiers: [] }
      if (type === 'tooling') return nothing
      const counted = await context.step('count', () => countTiers(cache, context))
      const chosen = type === 'all' ? counted : counted.filter(({ name }) => name === tierOf[type])
      if (chosen.length === 0) return nothing
      const { removed, bytes, tiers } = await context.step('entries', () =>
        cache.cleanup({
          createdBefore,
          tiers: chosen.map(({ name }) => name),
          ...followRemoval(context, chosen),
        }),
      )
      return { days, type, removed, bytes: bytes + files.bytes, files, tiers }
    },
  }
}

async function removeFiles(
  folder: string,
  before: number,
  signal: TaskContext['signal'],
): Promise<{ readonly removed: number; readonly bytes: number }> {
  let removed = 0
  let bytes = 0
  // Without the folder no export was ever made.
  for (const name of await readdir(folder).catch(() => [])) {
    signal.throwIfAborted()
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || !found.isFile() || found.mtimeMs >= before) continue
    await rm(path, { force: true })
    removed += 1
    bytes += found.size
  }
  return { removed, bytes }
}
