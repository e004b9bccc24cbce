import type { Cache, CleanupWatch, TierReport } from '@reprise/cache'
import type { TaskContext } from '../kind.ts'

/** Makes a walk that removes entries tell a task's progress over all of these tiers, and end with its signal. */
export function followRemoval(
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
  tiers: readonly TierReport[],
): CleanupWatch {
  const total = tiers.reduce((sum, { entries }) => sum + entries, 0)
  const told = new Map<string, { readonly looked: number; readonly removed: number }>()
  return {
    signal,
    onProgress({ tier, looked, removed }) {
      told.set(tier, { looked, removed })
      const all = [...told.values()]
      const done = all.reduce((sum, one) => sum + one.looked, 0)
      const gone = all.reduce((sum, one) => sum + one.removed, 0)
      // Entries come and go meanwhile.
      progress(done, Math.max(total, done), `${tier}: ${gone.toLocaleString('en-US')} removed`)
    },
  }
}

/** Each tier with what it holds, which takes a while where there is much. */
export async function countTiers(
  cache: Cache,
  { progress, signal }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<readonly TierReport[]> {
  progress(0, undefined, 'counting entries')
  const counted = await cache.tiers()
  signal.throwIfAborted()
  return counted
}
