import type { Entry } from './entry.ts'

/** Whether what is there is fresh and of a higher rank, or of the same and its load began later. */
export function outranks(there: Entry | undefined, entry: Entry, now: number): boolean {
  if (there === undefined || now >= there.freshUntil) return false
  const [old, own] = [there, entry].map(({ meta }) => meta.rank ?? -Infinity) as [number, number]
  return old > own || (old === own && begun(there) > begun(entry))
}

const begun = ({ createdAt, loadTime }: Entry): number => createdAt - loadTime
