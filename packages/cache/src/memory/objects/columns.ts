import { type Slots, slotBytes } from '../slots.ts'
import type { ShortVersion } from './short-version.ts'

/** Words of a slot, a line of the processor's caches: those of all layouts, and of two each the times. What a hit needs is in the first three quarters, since allocators give memory that begins at a quarter. */
const perSlot = 16
export const words = perSlot
/** Words of a version, which no hit needs. */
const versionWords = 3
/** Bytes of a slot. */
export const columnBytes = (words + versionWords) * 4
const hash = slotBytes / 4
/** Where the times are, counted in doubles. */
const freshUntil = 4
const createdAt = 5
/** The same for the code that every hit runs through (see `WordOf`). */
export type TimeOf = { readonly freshUntil: typeof freshUntil; readonly createdAt: typeof createdAt }
const size = 12
const position = 13
const jsonBytes = 14
const loadTime = 15

/** Numbers of entries that are objects, in the pages of their slots. */
export class Columns {
  readonly #slots: Slots
  /** The memory of the slots as doubles, by page. */
  readonly times: Float64Array[] = []
  readonly #versions: Int32Array[] = []
  readonly #bits: number
  readonly #mask: number

  /** @param bits logarithm of the slots of a page */
  constructor(slots: Slots, bits: number) {
    this.#slots = slots
    this.#bits = bits
    this.#mask = (1 << bits) - 1
  }

  /** Follows the slots to the page of one that was taken. */
  reach(slot: number): void {
    if (slot >>> this.#bits < this.times.length) return
    this.times.push(new Float64Array(this.#slots.page(slot).buffer))
    this.#versions.push(new Int32Array(versionWords * 2 ** this.#bits))
  }

  clear(): void {
    this.times.length = 0
    this.#versions.length = 0
  }

  freshUntil(slot: number): number {
    return this.#timesOf(slot)[(this.#slots.at(slot) >> 1) + freshUntil] as number
  }

  createdAt(slot: number): number {
    return this.#timesOf(slot)[(this.#slots.at(slot) >> 1) + createdAt] as number
  }

  setTimes(slot: number, created: number, until: number): void {
    const page = this.#timesOf(slot)
    const at = this.#slots.at(slot) >> 1
    page[at + freshUntil] = until
    page[at + createdAt] = created
  }

  /** 32 bits of the key. */
  hash(slot: number): number {
    return this.#get(slot, hash) >>> 0
  }

  setHash(slot: number, value: number): void {
    this.#set(slot, hash, value)
  }

  /** What it counts against `maxBytes`: a multiple of 8, up to 32 GiB. */
  size(slot: number): number {
    return (this.#get(slot, size) >>> 0) * 8
  }

  setSize(slot: number, value: number): void {
    this.#set(slot, size, value / 8)
  }

  /** The number of its place in the log. */
  position(slot: number): number {
    return this.#get(slot, position)
  }

  setPosition(slot: number, n: number): void {
    this.#set(slot, position, n)
  }

  /** The size of the value as JSON. */
  jsonBytes(slot: number): number {
    return this.#get(slot, jsonBytes)
  }

  /** Milliseconds of its load. */
  loadTime(slot: number): number {
    return this.#get(slot, loadTime)
  }

  setFigures(slot: number, bytes: number, time: number): void {
    this.#set(slot, jsonBytes, bytes)
    this.#set(slot, loadTime, time)
  }

  setVersion(slot: number, [first, second, third]: ShortVersion): void {
    const page = this.versions(slot)
    const at = this.versionAt(slot)
    page[at] = first
    page[at + 1] = second
    page[at + 2] = third
  }

  /** Three times 24 bits, from `versionAt` on. */
  versions(slot: number): Int32Array {
    return this.#versions[slot >>> this.#bits] as Int32Array
  }

  versionAt(slot: number): number {
    return (slot & this.#mask) * versionWords
  }

  #timesOf(slot: number): Float64Array {
    return this.times[slot >>> this.#bits] as Float64Array
  }

  #get(slot: number, word: number): number {
    return this.#slots.page(slot)[this.#slots.at(slot) + word] as number
  }

  #set(slot: number, word: number, value: number): void {
    this.#slots.page(slot)[this.#slots.at(slot) + word] = value
  }
}
