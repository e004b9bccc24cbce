import type { Cache, Explanation, Invalidation, InvalidationReport } from '@reprise/cache'

/** How an invalidation went: its report, and how long ago it began. */
export interface Deletion {
  readonly report: InvalidationReport
  /** Milliseconds since it began. */
  readonly elapsed: () => number
}

/** Entries looked at for each tag, space and tenant. */
const sample = 50

/**
 * The first entry that a tier still serves as it was before an invalidation, with the reason; undefined when all are
 * gone: every key that was named, and of tags, spaces and tenants what one page of the listing shows. A value that
 * somebody has loaded since does not count: between processes the position of the log tells, and in a process on its
 * own, whose log does not move for keys, its age.
 */
export async function findSurvivor(
  cache: Cache,
  target: Invalidation,
  deletion: Deletion,
): Promise<string | undefined> {
  const alone = cache.stats().log === undefined
  const lookAt = async (key: string, byAge: boolean): Promise<string | undefined> =>
    survivorIn((await cache.inspect(key)).explanation, deletion, byAge)
  const named = await Promise.all((target.keys ?? []).map((key) => lookAt(key, alone)))
  const survivor = named.find((reason) => reason !== undefined)
  if (survivor !== undefined) return survivor
  const filters = [
    ...(target.tags ?? []).map((tag) => ({ tag })),
    ...(target.spaces ?? []).map((space) => ({ space })),
    ...(target.tenant === undefined ? [] : [{ tenant: target.tenant }]),
  ]
  for (const filter of filters) {
    const { items } = await cache.list({ ...filter, limit: sample })
    const carrying = await Promise.all(items.map(({ key }) => lookAt(key, false)))
    const left = carrying.find((reason) => reason !== undefined)
    if (left !== undefined) return left
  }
  return undefined
}

function survivorIn(
  { key, tiers }: Explanation,
  { report: { position }, elapsed }: Deletion,
  byAge: boolean,
): string | undefined {
  for (const { tier, state, asOf, ageMs = Infinity } of tiers) {
    if (state === 'unreachable') return `${key} could not be looked for in ${tier}`
    const served = state === 'fresh' || state === 'stale' || state === 'fallback'
    const later = byAge
      ? ageMs <= elapsed()
      : asOf !== undefined && asOf.era === position.era && asOf.n >= position.n
    if (served && !later) return `${key} is still in ${tier}`
  }
  return undefined
}
