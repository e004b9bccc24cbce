import { type Bounds, Policy } from './policy.ts'
import type { Ranked } from './queue.ts'
import { depthOf, withDepth } from './rank.ts'
import { createTrials, shares } from './trials.ts'

/** Which entry goes when there is no room; it follows the work by itself. */
export interface Ranking<Item> {
  /** A request for what is held. */
  use(item: Item): void
  /** A request for what was not held and is from now on. */
  add(item: Item): void
  /** An item in the place of another of the same key. */
  replace(old: Item, item: Item): void
  remove(item: Item): void
  /** Takes out what is worth least; there must be something. @param byBytes whether bytes are what is short */
  evict(byBytes: boolean): Item
}

/** A ranking of items within bounds. `hashOf` gives 32 bits that are well mixed. */
export function createRanking<Item extends Ranked<Item>>(
  bounds: Bounds,
  hashOf: (item: Item) => number,
): Ranking<Item> {
  const policy = new Policy<Item>(bounds, shares[0] as number, hashOf)
  const { probation, main } = policy
  let trials = createTrials(bounds, bounds.entries, policy.share)
  let checkAt = 16

  /** A sample of another size, when what fits is another number than was thought. */
  const check = (): void => {
    const entries = probation.count + main.count
    checkAt = entries * 2
    const fitting = policy.full ? entries : (bounds.bytes * entries) / (probation.weight + main.weight)
    const expected = Math.min(bounds.entries, fitting)
    if (trials.isOff(expected)) trials = createTrials(bounds, expected, policy.share)
  }

  return {
    use(item) {
      policy.use(item)
      // While there is room, every share does as well.
      if (policy.full && depthOf(item.rank) > trials.depth)
        policy.share = trials.request(hashOf(item), item.size)
    },
    add(item) {
      const hash = hashOf(item)
      item.rank = withDepth(item.rank, hash)
      policy.add(item, hash)
      if (depthOf(item.rank) > trials.depth) policy.share = trials.request(hash, item.size)
      if (probation.count + main.count >= checkAt) check()
    },
    replace: (old, item) => policy.replace(old, item),
    remove: (item) => policy.remove(item),
    evict(byBytes) {
      const isFirst = !policy.full
      const item = policy.evict(byBytes)
      if (isFirst || checkAt > 4 * (probation.count + main.count)) check()
      return item
    },
  }
}
