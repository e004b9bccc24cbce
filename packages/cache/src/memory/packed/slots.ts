/** Numbers that a slot has, of 32 bits each. */
const words = 7
const place = 0
const newer = 1
const older = 2
const usedAt = 3
const ranked = 4
const checkedAt = 5
const lastRead = 6

/** No slot, no place. */
export const none = -1

const wholes = new Int32Array(1)
const fractions = new Float32Array(wholes.buffer)

/**
 * What is known of each entry beside its bytes, in pages of typed arrays: no object per entry, and a page at a time, so
 * that no write pays for growth. Slots that are free are a list over `newer`.
 */
export class Slots {
  /** Counts what is taken, given back or replaced: who holds numbers of a slot sees by it that they may be another's. */
  changes = 0
  /** Slots below which all that are taken lie. */
  high = 0
  readonly #pages: Int32Array[] = []
  readonly #bits: number
  readonly #mask: number
  #free = none

  /** @param bits logarithm of the slots of a page */
  constructor(bits: number) {
    this.#bits = bits
    this.#mask = 2 ** bits - 1
  }

  /** Bytes of all pages. */
  get allocated(): number {
    return this.#pages.length * words * 4 * 2 ** this.#bits
  }

  /** A slot for an entry that is somewhere from now on. */
  take(): number {
    let slot = this.#free
    if (slot === none) {
      slot = this.high
      this.high += 1
      if ((slot & this.#mask) === 0) this.#pages.push(new Int32Array(words * 2 ** this.#bits))
    } else this.#free = this.newer(slot)
    this.renew(slot)
    return slot
  }

  /** Counts of another entry begin: not read, not compared, of no rank. */
  renew(slot: number): void {
    this.#set(slot, ranked, 0)
    this.#set(slot, checkedAt, -1)
    this.setReadAfter(slot, -1)
    this.changes += 1
  }

  /** A slot may be another's from now on. */
  release(slot: number): void {
    this.#set(slot, place, none)
    this.#set(slot, newer, this.#free)
    this.#free = slot
    this.changes += 1
  }

  /** Gives all pages back; no slot may be taken. */
  clear(): void {
    this.#pages.length = 0
    this.high = 0
    this.#free = none
    this.changes += 1
  }

  /** Where the bytes of an entry are; `none` for a slot that is free. */
  place(slot: number): number {
    return this.#get(slot, place)
  }

  setPlace(slot: number, at: number): void {
    this.#set(slot, place, at)
  }

  newer(slot: number): number {
    return this.#get(slot, newer)
  }

  setNewer(slot: number, other: number): void {
    this.#set(slot, newer, other)
  }

  older(slot: number): number {
    return this.#get(slot, older)
  }

  setOlder(slot: number, other: number): void {
    this.#set(slot, older, other)
  }

  usedAt(slot: number): number {
    return this.#get(slot, usedAt)
  }

  setUsedAt(slot: number, time: number): void {
    this.#set(slot, usedAt, time)
  }

  /** The bits of `rank.ts`. */
  rank(slot: number): number {
    return this.#get(slot, ranked) & 0xffff
  }

  setRank(slot: number, rank: number): void {
    this.#set(slot, ranked, (this.#get(slot, ranked) & ~0xffff) | rank)
  }

  /** How often it was served, up to 65 535. */
  hits(slot: number): number {
    return this.#get(slot, ranked) >>> 16
  }

  setHits(slot: number, hits: number): void {
    this.#set(slot, ranked, (Math.min(hits, 0xffff) << 16) | this.rank(slot))
  }

  /** A revision of the log, or -1; one past 31 bits is never the one that was set. */
  checkedAt(slot: number): number {
    return this.#get(slot, checkedAt)
  }

  setCheckedAt(slot: number, revision: number): void {
    this.#set(slot, checkedAt, revision)
  }

  /** Milliseconds from creation to the last read, to 24 bits; below 0 when there was none. */
  readAfter(slot: number): number {
    wholes[0] = this.#get(slot, lastRead)
    return fractions[0] as number
  }

  setReadAfter(slot: number, milliseconds: number): void {
    fractions[0] = milliseconds
    this.#set(slot, lastRead, wholes[0] as number)
  }

  #get(slot: number, word: number): number {
    return (this.#pages[slot >>> this.#bits] as Int32Array)[(slot & this.#mask) * words + word] as number
  }

  #set(slot: number, word: number, value: number): void {
    ;(this.#pages[slot >>> this.#bits] as Int32Array)[(slot & this.#mask) * words + word] = value
  }
}
