import type { Remembered } from './record.ts'

/** Which cost of an entry its place in memory follows: the milliseconds of its load, or `meta.cost` and else its space's. */
export type WeighedCost = 'loadTime' | 'cost'

/** Tells how much costlier than usual an entry is to load: 0 (not), 1 (1.4 times or more), 2 (2.8), 3 (5.7). */
export type Worth = (given: Remembered) => number

/** The share of one entry in the usual cost, once many are known. */
const least = 1 / 1_024

/** A judge of entries that knows the mean cost of those it has seen, of the later ones more. Entries of no cost are left out. */
export function createWorth(weighed: WeighedCost | undefined): Worth {
  if (weighed === undefined) return () => 0
  let mean = 0
  let seen = 0
  return ({ entry, space }) => {
    const cost = weighed === 'loadTime' ? entry.loadTime : (entry.meta.cost ?? space.settings.cost)
    if (!(cost > 0) || cost === Infinity) return 0
    seen += 1
    mean += (cost - mean) * Math.max(least, 1 / seen)
    return Math.min(3, Math.max(0, Math.round(Math.log2(cost / mean))))
  }
}
