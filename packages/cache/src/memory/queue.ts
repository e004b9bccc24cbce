import type { none as noSlot, Slots } from './slots.ts'

const none: number = -1 satisfies typeof noSlot

/** A doubly linked list of slots from the oldest to the newest place, with what it holds counted and weighed. */
export class Queue {
  oldest = none
  newest = none
  count = 0
  weight = 0
  readonly #slots: Slots

  constructor(slots: Slots) {
    this.#slots = slots
  }

  /** Puts a slot that is in no queue at the newest end. */
  push(slot: number, size: number): void {
    const { newest } = this
    this.#slots.setOlder(slot, newest)
    this.#slots.setNewer(slot, none)
    if (newest === none) this.oldest = slot
    else this.#slots.setNewer(newest, slot)
    this.newest = slot
    this.count += 1
    this.weight += size
  }

  /** Takes out a slot of this queue. */
  remove(slot: number, size: number): void {
    this.#unlink(slot, this.#slots.newer(slot))
    this.count -= 1
    this.weight -= size
  }

  /** Takes a slot of this queue to the newest end. */
  renew(slot: number): void {
    const newer = this.#slots.newer(slot)
    if (newer === none) return
    this.#unlink(slot, newer)
    this.#slots.setNewer(this.newest, slot)
    this.#slots.setOlder(slot, this.newest)
    this.#slots.setNewer(slot, none)
    this.newest = slot
  }

  #unlink(slot: number, newer: number): void {
    const older = this.#slots.older(slot)
    if (older === none) this.oldest = newer
    else this.#slots.setNewer(older, newer)
    if (newer === none) this.newest = older
    else this.#slots.setOlder(newer, older)
  }
}
