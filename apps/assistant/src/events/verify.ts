import type { Cache, InvalidationReport } from '@reprise/cache'

/** How an invalidation went: its report, and when it began. */
export interface Deletion {
  readonly report: InvalidationReport
  /** Milliseconds since it began. */
  readonly elapsed: () => number
}

/**
 * The first of some keys that a tier still has as it was before an invalidation, with the reason; undefined when all
 * are gone. A value that somebody has loaded since does not count: between processes the position of the log tells,
 * and in a process on its own, whose log moves only for tags, its age.
 */
export async function findSurvivor(
  cache: Cache,
  keys: readonly string[],
  { report: { position }, elapsed }: Deletion,
): Promise<string | undefined> {
  const alone = cache.stats().log === undefined
  const reasons = await Promise.all(
    keys.map(async (key) => {
      const found = cache.catalog.parse(key)
      if (found === undefined) return `${key} belongs to no space`
      const { tiers } = await cache.explain(found.space.space, found.params as never)
      for (const { tier, state, asOf, ageMs = Infinity } of tiers) {
        if (state === 'unreachable') return `${key} could not be looked for in ${tier}`
        const served = state === 'fresh' || state === 'stale' || state === 'fallback'
        const later = alone
          ? ageMs <= elapsed()
          : asOf !== undefined && asOf.era === position.era && asOf.n >= position.n
        if (served && !later) return `${key} is still in ${tier}`
      }
      return undefined
    }),
  )
  return reasons.find((reason) => reason !== undefined)
}
