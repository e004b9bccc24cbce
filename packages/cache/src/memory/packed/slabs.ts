import { none, type Slots } from '../slots.ts'

/** One stretch of bytes outside V8's heap, with many entries or one large one. */
export interface Slab {
  readonly number: number
  readonly bytes: Buffer
  readonly view: DataView
  /** Whether it was made for one entry. */
  readonly single: boolean
  /** Bytes that were given out, from its beginning. */
  used: number
  /** Bytes of those that are still somebody's. */
  live: number
}

/** A share of the bytes in use that may belong to nobody, at most, before slabs are compacted. */
const deadShare = 1 / 8
/** Empty slabs that are kept for the next write. */
const mostSpare = 2
/** Slabs that one write compacts, at most. */
const mostAtOnce = 8

/** Bytes are given out in words of four. */
export function padded(length: number): number {
  return (length + 3) & ~3
}

/**
 * Room for the bytes of entries: a log of slabs. New bytes go to the end of the current slab, what is given back is
 * dead until its slab is compacted: the one with least life, whole, into a fresh one, and never more than one slab (a
 * megabyte) at a time. An entry above an eighth of a slab has one of its own. A place is the number of the slab and the
 * word in it, in 32 bits; where an entry begins, its length in words stands in three bytes, after one of its own.
 */
export class Slabs {
  readonly #size: number
  readonly #bits: number
  readonly #mask: number
  readonly #slots: Slots
  readonly #slotAt: (place: number) => number
  readonly #slabs: (Slab | undefined)[] = []
  readonly #numbers: number[] = []
  readonly #spare: Slab[] = []
  #current: Slab | undefined
  /** Bytes of all slabs. */
  allocated = 0
  /** Bytes of those that belong to entries. */
  live = 0
  /** Bytes of slabs that belong to one entry each. */
  #singles = 0

  /**
   * @param bits logarithm of the bytes of a slab, at most 30
   * @param slotAt the slot that has the key that stands at a place; it may be elsewhere by now, or none
   */
  constructor(bits: number, slots: Slots, slotAt: (place: number) => number) {
    this.#bits = bits - 2
    this.#mask = 2 ** this.#bits - 1
    this.#size = 2 ** bits
    this.#slots = slots
    this.#slotAt = slotAt
  }

  slabAt(place: number): Slab {
    return this.#slabs[place >>> this.#bits] as Slab
  }

  /** Where the bytes of a place begin in their slab. */
  offsetAt(place: number): number {
    return (place & this.#mask) << 2
  }

  /** Bytes that a place has. */
  lengthAt(place: number): number {
    const slab = this.slabAt(place)
    return slab.single ? slab.used : (slab.view.getUint32(this.offsetAt(place), true) >>> 8) << 2
  }

  /** A place for so many bytes, a multiple of four, while all slabs stay within `room`; `none` where there is none. */
  take(length: number, room: number): number {
    const slab = length > this.#size / 8 ? this.#single(length, room) : this.#shared(length, room)
    if (slab === undefined) return none
    const place = (slab.number << this.#bits) | (slab.single ? 0 : slab.used >>> 2) | 0
    if (!slab.single) slab.used += length
    slab.live += length
    this.live += length
    return place
  }

  /** Gives back a place. */
  free(place: number): void {
    const slab = this.slabAt(place)
    const length = this.lengthAt(place)
    this.live -= length
    slab.live -= length
    if (slab.single) {
      this.#singles -= length
      this.#drop(slab)
    } else if (slab.live === 0) this.#empty(slab)
  }

  /** Gives all slabs back; no place may be taken. */
  clear(): void {
    this.#slabs.length = this.#numbers.length = this.#spare.length = 0
    this.#current = undefined
    this.allocated = this.live = this.#singles = 0
  }

  #single(length: number, room: number): Slab | undefined {
    for (let step = 0; this.allocated + length > room; step += 1) {
      const spare = this.#spare.pop()
      if (spare !== undefined) this.#drop(spare)
      else if (step >= mostAtOnce || !this.#compact()) return undefined
    }
    const slab = this.#make(length, true)
    if (slab === undefined) return undefined
    slab.used = length
    this.#singles += length
    return slab
  }

  #shared(length: number, room: number): Slab | undefined {
    for (let step = 0; ; step += 1) {
      const current = this.#current
      if (current !== undefined && current.used + length <= this.#size) return current
      const isOver = this.#spare.length === 0 && this.allocated + this.#size > room
      if ((isOver || this.#isSparse()) && step < mostAtOnce && this.#compact()) continue
      if (isOver) return undefined
      this.#current = this.#spare.pop() ?? this.#make()
      if (this.#current === undefined) return undefined
    }
  }

  /** Whether so much is dead that compacting is worth more than another slab. */
  #isSparse(): boolean {
    const used = this.allocated - this.#singles - this.#spare.length * this.#size
    const dead = used - (this.live - this.#singles)
    return dead > Math.max(2 * this.#size, used * deadShare)
  }

  /** Moves what is alive of the slab with least life to a fresh one, which is the current one then. */
  #compact(): boolean {
    let from: Slab | undefined
    for (const slab of this.#slabs) {
      if (slab === undefined || slab.single || slab.live === 0 || slab === this.#current) continue
      if (from === undefined || slab.live < from.live) from = slab
    }
    if (from === undefined || from.live > this.#size * (1 - deadShare / 8)) return false
    const to = this.#spare.pop() ?? this.#make()
    if (to === undefined) return false
    this.#move(from, to)
    this.#current = to
    this.#empty(from)
    return true
  }

  #move(from: Slab, to: Slab): void {
    const first = from.number << this.#bits
    // Neighbours that are both alive are copied at once, and have their new places when their bytes are there: until
    // then others may be compared with them.
    let start = 0
    let run: number[] = []
    const copy = (end: number): void => {
      from.bytes.copy(to.bytes, to.used, start, end)
      for (const slot of run) {
        const offset = this.offsetAt(this.#slots.held(slot)) - start
        this.#slots.setHeld(slot, (to.number << this.#bits) | ((to.used + offset) >>> 2))
      }
      to.used += end - start
      run = []
    }
    for (let at = 0; at < from.used;) {
      const length = (from.view.getUint32(at, true) >>> 8) << 2
      const place = first | (at >>> 2)
      const slot = this.#slotAt(place)
      if (slot !== none && this.#slots.held(slot) === place) run.push(slot)
      else {
        copy(at)
        start = at + length
      }
      at += length
    }
    copy(from.used)
    to.live = from.live
    from.live = 0
  }

  #empty(slab: Slab): void {
    slab.used = slab.live = 0
    if (slab === this.#current) return
    if (this.#spare.length < mostSpare) this.#spare.push(slab)
    else this.#drop(slab)
  }

  #make(length = this.#size, single = false): Slab | undefined {
    const number = this.#numbers.pop() ?? this.#slabs.length
    if (number >= 2 ** (32 - this.#bits)) return undefined
    const bytes = Buffer.allocUnsafeSlow(length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    const slab = { number, bytes, view, single, used: 0, live: 0 }
    this.#slabs[number] = slab
    this.allocated += length
    return slab
  }

  #drop(slab: Slab): void {
    this.#slabs[slab.number] = undefined
    this.#numbers.push(slab.number)
    this.allocated -= slab.bytes.length
  }
}
