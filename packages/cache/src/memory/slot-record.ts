import type { Entry } from '../entry/entry.ts'
import type { BoundSpace } from '../key/catalog.ts'
import { allMarks } from './marks.ts'
import type { MemoryRecord } from './record.ts'
import type { Slots } from './slots.ts'

/** What a record is made of. */
export interface Parts {
  readonly key: string
  readonly space: BoundSpace
  readonly entry: Entry
  /** Marks beside those of its tags. */
  readonly marks: readonly string[]
  readonly size: number
}

/**
 * A copy of an entry for one reader. What it counts is written back to the slot, as long as nothing in memory has
 * changed since it was made: it is meant for the moment of a read.
 */
export class SlotRecord implements MemoryRecord {
  readonly key: string
  readonly space: BoundSpace
  readonly size: number
  readonly entry: Entry
  readonly #marks: readonly string[]
  readonly #slots: Slots
  readonly #slot: number
  readonly #stamp: number
  #hits: number
  #lastReadAt: number
  #checkedAt: number

  constructor(slots: Slots, slot: number, parts: Parts) {
    const { entry } = parts
    this.key = parts.key
    this.space = parts.space
    this.size = parts.size
    this.entry = entry
    this.#marks = parts.marks
    this.#slots = slots
    this.#slot = slot
    this.#stamp = slots.changes
    this.#hits = slots.hits(slot)
    const after = slots.readAfter(slot)
    this.#lastReadAt = after < 0 ? 0 : entry.createdAt + after
    this.#checkedAt = slots.checkedAt(slot)
  }

  get marks(): readonly string[] {
    return allMarks(this.#marks, this.entry.tags)
  }

  get hits(): number {
    return this.#hits
  }

  set hits(hits: number) {
    this.#hits = hits
    if (this.#isCurrent) this.#slots.setHits(this.#slot, hits)
  }

  get lastReadAt(): number {
    return this.#lastReadAt
  }

  set lastReadAt(time: number) {
    this.#lastReadAt = time
    if (this.#isCurrent) this.#slots.setReadAfter(this.#slot, Math.max(0, time - this.entry.createdAt))
  }

  get checkedAt(): number {
    return this.#checkedAt
  }

  set checkedAt(revision: number) {
    this.#checkedAt = revision
    if (this.#isCurrent) this.#slots.setCheckedAt(this.#slot, revision)
  }

  get #isCurrent(): boolean {
    return this.#slots.changes === this.#stamp
  }
}
