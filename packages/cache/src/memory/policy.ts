import { createGhosts, type Ghosts } from './ghosts.ts'
import { Queue, type Ranked } from './queue.ts'
import { again, allDepths, allRounds, allUses, inMain, oneRound, oneUse, refilled } from './rank.ts'

/** Bounds of what is held. */
export interface Bounds {
  readonly entries: number
  readonly bytes: number
}

/** Steps of one eviction after which whoever is next goes: it bounds the longest pause. */
const mostSteps = 32
/** Ghosts for each entry. */
const ghostsEach = 4

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
 * entry comes. Ghosts are kept from the first eviction on.
 */
export class Policy<Item extends Ranked<Item>> {
  readonly probation = new Queue<Item>()
  readonly main = new Queue<Item>()
  readonly #bounds: Bounds
  readonly #hashOf: (item: Item) => number
  /** Share of the room for probation; 1 is LRU. May change at any time. */
  share: number
  #ghosts: Ghosts | undefined
  #now = 0

  constructor(bounds: Bounds, share: number, hashOf: (item: Item) => number) {
    this.#bounds = bounds
    this.#hashOf = hashOf
    this.share = share
  }

  /** Whether something had to go already. */
  get full(): boolean {
    return this.#ghosts !== undefined
  }

  /** A request for an item that is held. */
  use(item: Item): void {
    const now = (this.#now = (this.#now + 1) | 0)
    let rank = refilled(item.rank)
    if ((rank & allUses) !== allUses && ((rank & inMain) !== 0 || this.#isNear(item.usedAt))) rank += oneUse
    item.usedAt = now
    item.rank = this.full ? rank : rank | again
    if (this.full) this.#queueOf(item).renew(item)
  }

  /** A request for an item that was not held and is from now on, with its hash. */
  add(item: Item, hash: number): void {
    this.#now = (this.#now + 1) | 0
    item.usedAt = this.#now
    const gone = this.#ghosts?.take(hash)
    const known = gone !== undefined && this.#isNear(gone)
    // While there is room, probation takes its share and the main queue all the rest.
    const spare = !this.full && Math.min(this.#probationRoom(false), this.#probationRoom(true)) <= 0
    if (known || spare) item.rank |= inMain
    this.#queueOf(item).push(item)
  }

  /** Puts an item in the place of another, as new as can be: its standing stays. */
  replace(old: Item, item: Item): void {
    const standing = allUses | inMain | allDepths
    item.rank = (item.rank & ~standing) | (old.rank & standing)
    item.usedAt = old.usedAt
    const queue = this.#queueOf(old)
    queue.remove(old)
    queue.push(item)
  }

  /** Takes out an item; its key is remembered, since an entry that ends is often loaded again. */
  remove(item: Item): void {
    this.#queueOf(item).remove(item)
    this.#ghosts?.put(this.#hashOf(item), item.usedAt)
  }

  /** Takes out the item that is worth least. There must be one. @param byBytes whether bytes are what is short */
  evict(byBytes: boolean): Item {
    const { probation, main } = this
    const entries = probation.count + main.count
    if (this.#ghosts === undefined || this.#ghosts.slots < entries * 2)
      this.#ghosts = createGhosts(entries * ghostsEach)
    for (let step = 0; step < 4 && main.oldest !== undefined && (main.oldest.rank & again) !== 0; step += 1)
      this.#renew(main.oldest)
    if (this.share < 1) this.#fill(byBytes)
    for (let step = 0; ; step += 1) {
      const item = this.#next(byBytes)
      if (step < mostSteps && this.#stays(item)) continue
      this.remove(item)
      return item
    }
  }

  /** Whose turn it is to go. */
  #next(byBytes: boolean): Item {
    const newcomer = this.probation.oldest
    const settled = this.main.oldest
    if (newcomer === undefined) return settled as Item
    if (settled === undefined) return newcomer
    const fromMain = this.share < 1 ? this.#mainRoom(byBytes) < 0 : isAfter(newcomer.usedAt, settled.usedAt)
    return fromMain ? settled : newcomer
  }

  /** Whether an item whose turn has come stays: it is where it goes on, then. */
  #stays(item: Item): boolean {
    const { rank } = item
    const uses = rank & allUses
    if (this.share < 1 && (rank & inMain) === 0 && uses !== 0) {
      this.#promote(item)
      return true
    }
    if ((rank & again) === 0) {
      if (this.share < 1 && uses >= 2 * oneUse) item.rank = (rank & ~allUses) | ((uses >> 1) & allUses)
      else if ((rank & allRounds) !== 0) item.rank = rank - oneRound
      else return false
    }
    this.#renew(item)
    return true
  }

  /** Moves up what is over the share of probation while the main queue has room, a little each time. */
  #fill(byBytes: boolean): void {
    for (let step = 0; step < 2; step += 1) {
      const item = this.probation.oldest
      if (item === undefined || this.#mainRoom(byBytes) < (byBytes ? item.size : 1)) return
      if (this.#probationRoom(byBytes) >= 0) return
      this.#promote(item)
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

  #promote(item: Item): void {
    this.probation.remove(item)
    item.rank = (item.rank & ~(allUses | again)) | inMain
    this.main.push(item)
  }

  #renew(item: Item): void {
    item.rank &= ~again
    this.#queueOf(item).renew(item)
  }

  #queueOf(item: Item): Queue<Item> {
    return (item.rank & inMain) === 0 ? this.probation : this.main
  }

  /** Whether a last use was later than that of the main queue's oldest. */
  #isNear(usedAt: number): boolean {
    const { oldest } = this.main
    return oldest === undefined || isAfter(usedAt, oldest.usedAt)
  }
}

function isAfter(one: number, other: number): boolean {
  return ((one - other) | 0) > 0
}
