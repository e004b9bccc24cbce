import { type Bounds, type Looks, Policy } from './policy.ts'
import { allDepths, depthOf, withDepth } from './rank.ts'
import type { WordOf } from './slots.ts'
import { createTrials, shares } from './trials.ts'

const ranked: WordOf['ranked'] = 4

/** Which slot goes when there is no room; it follows the work by itself. */
export interface Ranking {
  /** A request for what is held. */
  use(slot: number): void
  /** The same with the words of the slot at hand. */
  useAt(slot: number, page: Int32Array, at: number): void
  /** A request for what was not held and is from now on. @param rank what the entry is worth */
  add(slot: number, rank: number, size: number): void
  /** Takes a slot out until `land`, while its entry is replaced. */
  lift(slot: number): void
  /** Puts back the slot that was lifted, for an entry of another worth and size. */
  land(slot: number, rank: number, size: number): void
  remove(slot: number): void
  /** Takes out what is worth least; there must be something. @param byBytes whether bytes are what is short */
  evict(byBytes: boolean): number
}

/** A ranking of slots within bounds. */
export function createRanking(bounds: Bounds, looks: Looks): Ranking {
  const { slots, sizeOf, hashAt } = looks
  const policy = new Policy(bounds, shares[0] as number, looks)
  const { probation, main } = policy
  let trials = createTrials(bounds, bounds.entries, policy.share)
  let checkAt = 16
  let standing = 0

  /** A sample of another size, when what fits is another number than was thought. */
  const check = (): void => {
    const entries = probation.count + main.count
    checkAt = entries * 2
    const fitting = policy.full ? entries : (bounds.bytes * entries) / (probation.weight + main.weight)
    const expected = Math.min(bounds.entries, fitting)
    if (trials.isOff(expected)) trials = createTrials(bounds, expected, policy.share)
  }

  const use = (slot: number, page: Int32Array, at: number): void => {
    policy.use(slot, page, at)
    // While there is room, every share does as well.
    if (policy.full && depthOf(page[at + ranked] as number) > trials.depth)
      policy.share = trials.request(hashAt(slot), sizeOf(slot))
  }

  return {
    use: (slot) => use(slot, slots.page(slot), slots.at(slot)),
    useAt: use,
    add(slot, rank, size) {
      const hash = hashAt(slot)
      slots.setRank(slot, withDepth(rank, hash))
      policy.add(slot, size, hash)
      if (depthOf(slots.rank(slot)) > trials.depth) policy.share = trials.request(hash, size)
      if (probation.count + main.count >= checkAt) check()
    },
    lift(slot) {
      standing = policy.lift(slot)
    },
    land: (slot, rank, size) => policy.land(slot, (rank & ~allDepths) | standing, size),
    remove: (slot) => policy.remove(slot),
    evict(byBytes) {
      const isFirst = !policy.full
      const slot = policy.evict(byBytes)
      if (isFirst || checkAt > 4 * (probation.count + main.count)) check()
      return slot
    },
  }
}
