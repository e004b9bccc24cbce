import { createGhosts, type Ghosts } from './ghosts.ts'
import { Queue } from './queue.ts'
import type * as rank from './rank.ts'
import { allDepths, allRounds, oneRound, refilled } from './rank.ts'
import { none, type Slots, type WordOf } from './slots.ts'

// What every hit needs (see `WordOf`).
const ranked: WordOf['ranked'] = 4
const usedAt: WordOf['usedAt'] = 3
const inMain: typeof rank.inMain = 1
const again: typeof rank.again = 2
const oneUse: typeof rank.oneUse = 4
const allUses: typeof rank.allUses = 12

/** Bounds of what is held. */
export interface Bounds {
  readonly entries: number
  readonly bytes: number
}

/** Steps of one eviction after which whoever is next goes: it bounds the longest pause. */
const mostSteps = 32
/** Ghosts for each entry. */
const ghostsEach = 4

/** How a policy looks at slots. */
export interface Looks {
  readonly slots: Slots
  /** Bytes of the entry of a slot. */
  readonly sizeOf: (slot: number) => number
  /** 32 well-mixed bits of its key. */
  readonly hashAt: (slot: number) => number
}

/**
 * Which entry goes when there is no room. After LIRS (SIGMETRICS'02), with the second chances of S3-FIFO (SOSP'23).
 *
 * What is new comes on probation, a queue that has a small share of the room; the rest is the main queue. What is asked
 * for again after fewer requests than the main queue's oldest entry has waited moves to the main queue, while it is on
 * probation or still remembered as a ghost. So a scan or a loop passes through probation alone. An entry of the main
 * queue that was used twice since its last turn goes round once more. With a `share` of 1 the queues are one: the entry
 * used longest ago goes, whatever queue it is in, which is LRU.
 *
 * While there is room to spare, a use changes two numbers and moves nothing; that is made up for when the turn of the
 * entry comes. Ghosts are kept from the first eviction on. Entries are slots: links and ranks are numbers in typed arrays.
 */
export class Policy {
  readonly probation: Queue
  readonly main: Queue
  readonly #bounds: Bounds
  readonly #slots: Slots
  readonly #sizeOf: (slot: number) => number
  readonly #hashAt: (slot: number) => number
  /** Share of the room for probation; 1 is LRU. May change at any time. */
  share: number
  #ghosts: Ghosts | undefined
  #now = 0

  constructor(bounds: Bounds, share: number, { slots, sizeOf, hashAt }: Looks) {
    this.#bounds = bounds
    this.#slots = slots
    this.#sizeOf = sizeOf
    this.#hashAt = hashAt
    this.probation = new Queue(slots)
    this.main = new Queue(slots)
    this.share = share
  }

  /** Whether something had to go already. */
  get full(): boolean {
    return this.#ghosts !== undefined
  }

  /** A request for a slot that is held, with its words at hand, since this is part of every hit. */
  use(slot: number, page: Int32Array, at: number): void {
    const now = (this.#now = (this.#now + 1) | 0)
    // Above the rank are the hits, which stay.
    let rank = refilled(page[at + ranked] as number)
    if ((rank & allUses) !== allUses && ((rank & inMain) !== 0 || this.#isNear(page[at + usedAt] as number)))
      rank += oneUse
    page[at + usedAt] = now
    if (this.#ghosts === undefined) page[at + ranked] = rank | again
    else {
      page[at + ranked] = rank
      this.#queueOf(rank).renew(slot)
    }
  }

  /** A request for a slot that was not held and is from now on, with the hash of its key. */
  add(slot: number, size: number, hash: number): void {
    const slots = this.#slots
    this.#now = (this.#now + 1) | 0
    slots.setUsedAt(slot, this.#now)
    const gone = this.#ghosts?.take(hash)
    const known = gone !== undefined && this.#isNear(gone)
    // While there is room, probation takes its share and the main queue all the rest.
    const spare = !this.full && Math.min(this.#probationRoom(false), this.#probationRoom(true)) <= 0
    if (known || spare) slots.setRank(slot, slots.rank(slot) | inMain)
    this.#queueOf(slots.rank(slot)).push(slot, size)
  }

  /** Takes a slot out whose entry is replaced: what of its rank stays. */
  lift(slot: number): number {
    const rank = this.#slots.rank(slot)
    this.#queueOf(rank).remove(slot, this.#sizeOf(slot))
    return rank & (allUses | inMain | allDepths)
  }

  /** Puts a slot that was lifted back, as new as can be. */
  land(slot: number, rank: number, size: number): void {
    this.#slots.setRank(slot, rank)
    this.#queueOf(rank).push(slot, size)
  }

  /** Takes out a slot; its key is remembered, since an entry that ends is often loaded again. */
  remove(slot: number): void {
    const slots = this.#slots
    this.#queueOf(slots.rank(slot)).remove(slot, this.#sizeOf(slot))
    this.#ghosts?.put(this.#hashAt(slot), slots.usedAt(slot))
  }

  /** Takes out the slot that is worth least. There must be one. @param byBytes whether bytes are what is short */
  evict(byBytes: boolean): number {
    const { probation, main } = this
    const entries = probation.count + main.count
    if (this.#ghosts === undefined || this.#ghosts.slots < entries * 2)
      this.#ghosts = createGhosts(entries * ghostsEach)
    for (let step = 0; step < 4 && main.oldest !== none; step += 1) {
      if ((this.#slots.rank(main.oldest) & again) === 0) break
      this.#renew(main.oldest)
    }
    if (this.share < 1) this.#fill(byBytes)
    for (let step = 0; ; step += 1) {
      const slot = this.#next(byBytes)
      if (step < mostSteps && this.#stays(slot)) continue
      this.remove(slot)
      return slot
    }
  }

  /** Whose turn it is to go. */
  #next(byBytes: boolean): number {
    const newcomer = this.probation.oldest
    const settled = this.main.oldest
    if (newcomer === none) return settled
    if (settled === none) return newcomer
    const slots = this.#slots
    const fromMain =
      this.share < 1 ? this.#mainRoom(byBytes) < 0 : isAfter(slots.usedAt(newcomer), slots.usedAt(settled))
    return fromMain ? settled : newcomer
  }

  /** Whether a slot whose turn has come stays: it is where it goes on, then. */
  #stays(slot: number): boolean {
    const rank = this.#slots.rank(slot)
    const uses = rank & allUses
    if (this.share < 1 && (rank & inMain) === 0 && uses !== 0) {
      this.#promote(slot)
      return true
    }
    if ((rank & again) === 0) {
      if (this.share < 1 && uses >= 2 * oneUse)
        this.#slots.setRank(slot, (rank & ~allUses) | ((uses >> 1) & allUses))
      else if ((rank & allRounds) !== 0) this.#slots.setRank(slot, rank - oneRound)
      else return false
    }
    this.#renew(slot)
    return true
  }

  /** Moves up what is over the share of probation while the main queue has room, a little each time. */
  #fill(byBytes: boolean): void {
    for (let step = 0; step < 2; step += 1) {
      const slot = this.probation.oldest
      if (slot === none || this.#mainRoom(byBytes) < (byBytes ? this.#sizeOf(slot) : 1)) return
      if (this.#probationRoom(byBytes) >= 0) return
      this.#promote(slot)
    }
  }

  #probationRoom(byBytes: boolean): number {
    const { bytes, entries } = this.#bounds
    const { weight, count } = this.probation
    return byBytes ? bytes * this.share - weight : Math.max(1, Math.floor(entries * this.share)) - count
  }

  #mainRoom(byBytes: boolean): number {
    const { bytes, entries } = this.#bounds
    const { weight, count } = this.main
    if (byBytes) return bytes * (1 - this.share) - weight
    return entries - Math.max(1, Math.floor(entries * this.share)) - count
  }

  #promote(slot: number): void {
    const size = this.#sizeOf(slot)
    this.probation.remove(slot, size)
    this.#slots.setRank(slot, (this.#slots.rank(slot) & ~(allUses | again)) | inMain)
    this.main.push(slot, size)
  }

  #renew(slot: number): void {
    const rank = this.#slots.rank(slot) & ~again
    this.#slots.setRank(slot, rank)
    this.#queueOf(rank).renew(slot)
  }

  #queueOf(rank: number): Queue {
    return (rank & inMain) === 0 ? this.probation : this.main
  }

  /** Whether a last use was later than that of the main queue's oldest. */
  #isNear(time: number): boolean {
    const { oldest } = this.main
    return oldest === none || isAfter(time, this.#slots.usedAt(oldest))
  }
}

function isAfter(one: number, other: number): boolean {
  return ((one - other) | 0) > 0
}
