/** What a queue and a policy keep in each thing they rank, in the thing itself: nothing else is allocated for it. */
export interface Ranked<Self> {
  newer: Self | undefined
  older: Self | undefined
  /** The request at which it was last asked for: a count of 32 bits that starts again when it is full. */
  usedAt: number
  /** The bits of `rank.ts`. */
  rank: number
  /** Estimated heap, in bytes. */
  readonly size: number
}

/** A doubly linked list from the oldest to the newest place, with what it holds counted and weighed. */
export class Queue<Item extends Ranked<Item>> {
  oldest: Item | undefined = undefined
  newest: Item | undefined = undefined
  count = 0
  weight = 0

  /** Puts an item that is in no queue at the newest end. */
  push(item: Item): void {
    const { newest } = this
    item.older = newest
    item.newer = undefined
    if (newest === undefined) this.oldest = item
    else newest.newer = item
    this.newest = item
    this.count += 1
    this.weight += item.size
  }

  /** Takes out an item of this queue. */
  remove(item: Item): void {
    const { newer, older } = item
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
    item.newer = item.older = undefined
    this.count -= 1
    this.weight -= item.size
  }

  /** Takes an item of this queue to the newest end. */
  renew(item: Item): void {
    const { newer, older } = item
    if (newer === undefined) return
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    newer.older = older
    const newest = this.newest as Item
    newest.newer = item
    item.older = newest
    item.newer = undefined
    this.newest = item
  }
}
