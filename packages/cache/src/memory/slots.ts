/** Words of 32 bits that every layout has of a slot; a layout may have more behind them. */
const commonWords = 7
/** Where they are, for the code that a hit runs through: from `Slots.at` on. */
const held = 0
const newer = 1
const older = 2
const usedAt = 3
/** The bits of `rank.ts` below, how often it was served above. */
const ranked = 4
const checkedAt = 5
const lastRead = 6

/**
 * The same for the code that every hit runs through. It has constants of its own, which the types of these hold to them:
 * V8 takes a constant of the same file as it is, and looks up one of another, or one that is exported, at each use.
 */
export type WordOf = {
  readonly held: typeof held
  readonly usedAt: typeof usedAt
  readonly ranked: typeof ranked
  readonly checkedAt: typeof checkedAt
  readonly lastRead: typeof lastRead
}

/** Bytes of a slot. */
export const slotBytes = commonWords * 4

const noSlot = -1
/** No slot, nothing held. */
export const none = noSlot

/** Milliseconds up to which the time of a read is kept as it is; later ones in steps. */
const exact = 2 ** 30
const step = 1_024

/** Milliseconds as 31 bits: exact for twelve days, then in steps of about a second. */
export function packTime(milliseconds: number): number {
  if (milliseconds < exact) return milliseconds > 0 ? milliseconds | 0 : 0
  return Math.min(2 * exact - 1, exact + Math.floor(milliseconds / step))
}

/**
 * What is known of each entry, in pages of typed arrays: no object per entry, and a page at a time, so that no write
 * pays for growth. Slots that are free are a list over `newer`.
 */
export class Slots {
  /** Counts what is taken, given back or replaced: who holds numbers of a slot sees by it that they may be another's. */
  changes = 0
  /** Slots below which all that are taken lie. */
  high = 0
  /** The words of all slots, by page; a slot's are in the page of its upper bits. */
  readonly pages: Int32Array[] = []
  readonly #bits: number
  readonly #mask: number
  readonly #words: number
  #free = noSlot

  /** @param bits logarithm of the slots of a page @param words of 32 bits for each slot */
  constructor(bits: number, words = commonWords) {
    this.#bits = bits
    this.#mask = (1 << bits) - 1
    this.#words = words
  }

  /** Bytes of all pages. */
  get allocated(): number {
    return this.pages.length * this.#words * 4 * 2 ** this.#bits
  }

  /** The page that a slot is in. */
  page(slot: number): Int32Array {
    return this.pages[slot >>> this.#bits] as Int32Array
  }

  /** Where the words of a slot begin in its page. */
  at(slot: number): number {
    return (slot & this.#mask) * this.#words
  }

  /** A slot for an entry that is somewhere from now on. */
  take(): number {
    let slot = this.#free
    if (slot === noSlot) {
      slot = this.high
      this.high += 1
      if ((slot & this.#mask) === 0) this.pages.push(new Int32Array(this.#words * 2 ** this.#bits))
    } else this.#free = this.newer(slot)
    this.renew(slot)
    return slot
  }

  /** Counts of another entry begin: not read, not compared, of no rank. */
  renew(slot: number): void {
    this.#set(slot, ranked, 0)
    this.#set(slot, checkedAt, -1)
    this.#set(slot, lastRead, -1)
    this.changes += 1
  }

  /** A slot may be another's from now on. */
  release(slot: number): void {
    this.#set(slot, held, noSlot)
    this.#set(slot, newer, this.#free)
    this.#free = slot
    this.changes += 1
  }

  /** Gives all pages back; no slot may be taken. */
  clear(): void {
    this.pages.length = 0
    this.high = 0
    this.#free = noSlot
    this.changes += 1
  }

  /** A number of the layout, not below 0: where the bytes of an entry are, or of which space it is; `none` for a slot that is free. */
  held(slot: number): number {
    return this.#get(slot, held)
  }

  setHeld(slot: number, number: number): void {
    this.#set(slot, held, number)
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

  /** Milliseconds from creation to the last read, as `packTime` keeps them; below 0 when there was noSlot. */
  readAfter(slot: number): number {
    const kept = this.#get(slot, lastRead)
    return kept < exact ? kept : (kept - exact) * step
  }

  setReadAfter(slot: number, milliseconds: number): void {
    this.#set(slot, lastRead, packTime(milliseconds))
  }

  #get(slot: number, word: number): number {
    return this.page(slot)[this.at(slot) + word] as number
  }

  #set(slot: number, word: number, value: number): void {
    this.page(slot)[this.at(slot) + word] = value
  }
}

/** A page of records for the slots that are held, from a slot on. */
export function pageOf<T>(
  slots: Slots,
  { from, limit }: { readonly from: number; readonly limit: number },
  read: (slot: number) => T,
): { readonly records: readonly T[]; readonly next?: number } {
  const records: T[] = []
  let slot = from
  for (; slot < slots.high && records.length < limit; slot += 1)
    if (slots.held(slot) !== none) records.push(read(slot))
  return slot < slots.high ? { records, next: slot } : { records }
}
