import { mix } from './hash.ts'
import { type Bounds, Policy } from './policy.ts'
import type { Ranked } from './queue.ts'

/** What stands for an entry in a trial. */
interface Stand extends Ranked<Stand> {
  readonly hash: number
}

/** A small cache without values that is run to see how a share of probation would do. */
class Trial {
  readonly share: number
  /** Hits, of which older ones count less and less. */
  score = 0
  readonly #bounds: Bounds
  readonly #policy: Policy<Stand>
  readonly #stands = new Map<number, Stand>()
  #bytes = 0

  constructor(bounds: Bounds, share: number) {
    this.share = share
    this.#bounds = bounds
    this.#policy = new Policy<Stand>(bounds, share, ({ hash }) => hash)
  }

  /** Whether it would have been a hit. */
  request(hash: number, size: number): boolean {
    const held = this.#stands.get(hash)
    if (held !== undefined) {
      this.#policy.use(held)
      return true
    }
    const { entries, bytes } = this.#bounds
    if (size > bytes) return false
    while (this.#stands.size >= entries || this.#bytes + size > bytes) {
      const gone = this.#policy.evict(this.#stands.size < entries)
      this.#stands.delete(gone.hash)
      this.#bytes -= gone.size
    }
    const stand: Stand = { newer: undefined, older: undefined, usedAt: 0, rank: 0, size, hash }
    this.#stands.set(hash, stand)
    this.#bytes += size
    this.#policy.add(stand, hash)
    return false
  }
}

/** Shares of probation that are tried. The first is taken until another does better; 1 is LRU. */
export const shares: readonly number[] = [0.01, 0.1, 0.3, 1]
/** Hits by which another share must be ahead. */
const margin = 3
/** Entries of a trial, at most. */
const mostEntries = 768

/** Small caches that see the requests for a sample of the keys (Mini-Sim, ATC'17) and tell which share does best. */
export interface Trials {
  /** Zero bits at the head of a key's hash that put it in the sample. */
  readonly depth: number
  /** A request for a key of the sample: the share to use from now on. */
  request(hash: number, size: number): number
  /** Whether a cache of so many entries wants another sample. */
  isOff(entries: number): boolean
}

/** Trials for a cache that holds so many entries. */
export function createTrials(bounds: Bounds, entries: number, first: number): Trials {
  let depth = 0
  while (entries / 2 ** depth > mostEntries) depth += 1
  const part = {
    entries: Math.max(1, Math.round(bounds.entries / 2 ** depth)),
    bytes: bounds.bytes / 2 ** depth,
  }
  const trials = shares.map((share) => new Trial(part, share))
  let best = trials.find(({ share }) => share === first) ?? new Trial(part, first)
  const kept = 1 - 1 / (200 + 10 * Math.min(part.entries, entries / 2 ** depth))
  return {
    depth,
    request(hash, size) {
      // Bits that all of the sample have in common would leave ghosts few to be told by.
      const own = mix(hash)
      for (const trial of trials) trial.score = trial.score * kept + (trial.request(own, size) ? 1 : 0)
      for (const trial of trials) if (trial.score > best.score + margin) best = trial
      return best.share
    },
    isOff: (now) => now / 2 ** depth > 2 * mostEntries || (depth > 0 && now / 2 ** depth < mostEntries / 4),
  }
}
