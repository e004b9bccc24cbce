import type { none as noSlot } from './slots.ts'

const none: typeof noSlot = -1

/** Entries that one table is meant for: growing it moves no more than these, so that no write waits for all. */
const eachTable = 4_096
const mostTables = 16_384
const fullest = 0.8
const emptiest = 0.2
const least = 8
/** The bits of a slot plus one. */
const mostPlace = 0x3ff_ffff
const empty = new Uint32Array(0)

/** The most slots that an index can tell apart. */
export const mostSlots = mostPlace - 1

/** Bits of a hash that stand beside the slot, so that nearly every other key is told apart without a look at its slot. */
function labelOf(hash: number): number {
  return (Math.imul(hash, 0x9e3779b1) >>> 26) << 26
}

/**
 * Which slot has a key: tables with open addressing, each for the keys whose hash begins alike. A place holds six bits
 * of the hash and the slot plus one; 0 is empty. A key that goes leaves no grave: those after it move up.
 */
export class KeyIndex {
  readonly #hashAt: (slot: number) => number
  readonly #tables: Uint32Array[] = []
  readonly #counts: number[] = []
  readonly #shift: number
  #size = 0
  /** Where the search that goes on has come. */
  #place = 0

  /** @param hashAt 32 bits of the key of a slot that is held */
  constructor(entries: number, hashAt: (slot: number) => number) {
    this.#hashAt = hashAt
    const tables = Math.min(mostTables, Math.max(1, entries / eachTable))
    const bits = Math.round(Math.log2(tables))
    this.#shift = 32 - bits
    for (let table = 0; table < 2 ** bits; table += 1) {
      this.#tables.push(empty)
      this.#counts.push(0)
    }
  }

  /** Bytes of all tables. */
  get allocated(): number {
    return this.#size * 4
  }

  /** The first slot whose key may have this hash, or `none`; `next` tells the others. */
  seek(hash: number): number {
    const table = this.#tables[this.#tableOf(hash)] as Uint32Array
    return table.length === 0 ? none : this.#scan(table, hash, placeOf(hash, table.length))
  }

  /** The next slot of the search that `seek` began, as long as nothing was added or removed. */
  next(hash: number): number {
    return this.#scan(this.#tables[this.#tableOf(hash)] as Uint32Array, hash, this.#place)
  }

  #scan(table: Uint32Array, hash: number, from: number): number {
    const label = labelOf(hash)
    const size = table.length
    for (let place = from; ;) {
      const held = table[place] as number
      if (held === 0) return none
      place = place + 1 === size ? 0 : place + 1
      if (((held ^ label) & ~mostPlace) !== 0) continue
      this.#place = place
      return (held & mostPlace) - 1
    }
  }

  /** Adds a slot, whose key is not there. */
  add(slot: number, hash: number): void {
    const number = this.#tableOf(hash)
    const count = (this.#counts[number] as number) + 1
    this.#counts[number] = count
    let table = this.#tables[number] as Uint32Array
    if (count > table.length * fullest)
      table = this.#resize(number, Math.max(least, Math.ceil(table.length * 1.5)))
    insert(table, hash, slot)
  }

  /** Takes out a slot that is there. */
  remove(slot: number): void {
    const hash = this.#hashAt(slot)
    const number = this.#tableOf(hash)
    const table = this.#tables[number] as Uint32Array
    const size = table.length
    const sought = (labelOf(hash) | (slot + 1)) >>> 0
    let gap = placeOf(hash, size)
    while (table[gap] !== sought) gap = gap + 1 === size ? 0 : gap + 1
    for (let place = gap; ;) {
      place = place + 1 === size ? 0 : place + 1
      const held = table[place] as number
      if (held === 0) break
      const home = placeOf(this.#hashAt((held & mostPlace) - 1), size)
      if ((place - home + size) % size < (place - gap + size) % size) continue
      table[gap] = held
      gap = place
    }
    table[gap] = 0
    const count = (this.#counts[number] as number) - 1
    this.#counts[number] = count
    if (count === 0) this.#replace(number, empty)
    else if (size > least && count < size * emptiest) this.#resize(number, Math.max(least, size >> 1))
  }

  #tableOf(hash: number): number {
    return this.#shift === 32 ? 0 : hash >>> this.#shift
  }

  #resize(number: number, size: number): Uint32Array {
    const table = new Uint32Array(size)
    for (const held of this.#tables[number] as Uint32Array) {
      if (held === 0) continue
      const slot = (held & mostPlace) - 1
      insert(table, this.#hashAt(slot), slot)
    }
    this.#replace(number, table)
    return table
  }

  #replace(number: number, table: Uint32Array): void {
    this.#size += table.length - (this.#tables[number] as Uint32Array).length
    this.#tables[number] = table
  }
}

/** Where the search for a hash begins, by bits that do not choose the table. */
function placeOf(hash: number, size: number): number {
  return ((hash & 0xffff) * size) >>> 16
}

function insert(table: Uint32Array, hash: number, slot: number): void {
  const size = table.length
  let place = placeOf(hash, size)
  while (table[place] !== 0) place = place + 1 === size ? 0 : place + 1
  table[place] = labelOf(hash) | (slot + 1)
}
