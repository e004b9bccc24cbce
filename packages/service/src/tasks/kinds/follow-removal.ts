import type { Cache, CleanupWatch } from '@reprise/cache'
import type { TaskContext } from '../kind.ts'

/** Makes a walk that removes entries tell a task's progress over all of these tiers, and end with its signal. */
export async function followRemoval(
  cache: Cache,
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
  tiers: readonly string[],
): Promise<CleanupWatch> {
  const held = (await cache.tiers()).filter(({ name }) => tiers.includes(name))
  const total = held.reduce((sum, { entries }) => sum + entries, 0)
  const told = new Map<string, { readonly looked: number; readonly removed: number }>()
  return {
    signal,
    onProgress({ tier, looked, removed }) {
      told.set(tier, { looked, removed })
      const all = [...told.values()]
      const done = all.reduce((sum, one) => sum + one.looked, 0)
      const gone = all.reduce((sum, one) => sum + one.removed, 0)
      // Entries come and go meanwhile.
      progress(done, Math.max(total, done), `${tier}: ${gone} removed`)
    },
  }
}
