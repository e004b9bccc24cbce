import { mix } from './hash.ts'
import { type Bounds, Policy } from './policy.ts'
import { Slots, none } from './slots.ts'

/** A small cache without values that is run to see how a share of probation would do. */
class Trial {
  readonly share: number
  /** Hits, of which older ones count less and less. */
  score = 0
  readonly #bounds: Bounds
  readonly #policy: Policy
  readonly #slots = new Slots(slotBits)
  readonly #byHash = new Map<number, number>()
  readonly #hashes: number[] = []
  readonly #sizes: number[] = []
  #bytes = 0

  constructor(bounds: Bounds, share: number) {
    this.share = share
    this.#bounds = bounds
    this.#policy = new Policy(bounds, share, {
      slots: this.#slots,
      sizeOf: (slot) => this.#sizes[slot] as number,
      hashAt: (slot) => this.#hashes[slot] as number,
    })
  }

  /** Whether it would have been a hit. */
  request(hash: number, size: number): boolean {
    const held = this.#byHash.get(hash) ?? none
    if (held !== none) {
      this.#policy.use(held, this.#slots.page(held), this.#slots.at(held))
      return true
    }
    const { entries, bytes } = this.#bounds
    if (size > bytes) return false
    while (this.#byHash.size >= entries || this.#bytes + size > bytes) {
      const gone = this.#policy.evict(this.#byHash.size < entries)
      this.#byHash.delete(this.#hashes[gone] as number)
      this.#bytes -= this.#sizes[gone] as number
      this.#slots.release(gone)
    }
    const slot = this.#slots.take()
    this.#hashes[slot] = hash
    this.#sizes[slot] = size
    this.#byHash.set(hash, slot)
    this.#bytes += size
    this.#policy.add(slot, size, hash)
    return false
  }
}

/** Shares of probation that are tried. The first is taken until another does better; 1 is LRU. */
export const shares: readonly number[] = [0.01, 0.1, 0.3, 1]
/** Hits by which another share must be ahead. */
const margin = 3
/** Entries of a trial, at most. */
const mostEntries = 768
/** Logarithm of the slots of a page of a trial. */
const slotBits = 6

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
