import { type Entry, type Provenance, noProvenance } from '../../entry/entry.ts'
import { areUsual, ownMarks } from '../marks.ts'
import type { Leaver, Remembered } from '../record.ts'
import { sizeOfText, sizeOfValue } from '../size.ts'
import { SlotRecord } from '../slot-record.ts'
import { Slots } from '../slots.ts'
import { Columns, columnBytes, words } from './columns.ts'
import { Extras, type Rest, sizeOfExtras } from './extras.ts'
import { type Known, KnownSpaces } from './known.ts'
import { type ShortVersion, bitsToLetters, lettersToBits } from './short-version.ts'
import { ObjectLeaver } from './object-leaver.ts'
import { ownText } from './texts.ts'

/** Bytes of an entry beside its name and value: its numbers, its two cells, its place in the index. */
const overhead = columnBytes + 2 * 8 + 8

/** The value stands in an `Extras`. */
export const hasExtras = 1
/** The key is not made as those of its space are: its name is all of it. */
export const hasOddKey = 2
/** There are escaped characters in its name: no parameter looks like it. */
export const hasEscapes = 4
/** Bits of what a slot holds: flags, era, space. */
const flagBits = 3
const eraBits = 8
/** `flagBits` and `eraBits`, as a number that code elsewhere can be held to. */
export const spaceShift = 11
const noTags: readonly string[] = Object.freeze([])
const noBits: ShortVersion = [0, 0, 0]

/** An entry that was looked at, to be put in a slot. */
export interface Prepared {
  readonly name: string
  /** The parameter that it may be. */
  readonly given: unknown
  /** The value, or the extras that it stands in. */
  readonly cell: unknown
  readonly held: number
  readonly n: number
  /** Three times 24 bits of it. */
  readonly version: ShortVersion
  readonly size: number
}

/**
 * Entries without an object of their own: numbers in `Slots` and `Columns`, and of each slot two cells beside each other,
 * the name (its key without what all keys of its space begin and end with) and the value.
 */
export class ObjectEntries {
  readonly slots: Slots
  readonly columns: Columns
  readonly spaces: KnownSpaces
  /** Of each slot its name and its value, by page. */
  readonly cells: unknown[][] = []
  /** Logarithm of the slots of a page. */
  readonly bits: number
  readonly #mask: number
  readonly #eras: string[] = []

  /** @param bits logarithm of the slots of a page */
  constructor(bits: number, seed: number) {
    this.slots = new Slots(bits, words)
    this.columns = new Columns(this.slots, bits)
    this.spaces = new KnownSpaces(seed)
    this.bits = bits
    this.#mask = (1 << bits) - 1
  }

  /** What an entry is kept as. */
  prepare({ key, space, params, entry, marks }: Remembered): Prepared {
    const known = this.spaces.of(space)
    const name = nameIn(known, key)
    const given = known.param === undefined ? undefined : params?.[known.param]
    const { tags, asOf, version, loadTime, bytes } = entry
    const own = ownMarks(marks, tags)
    if (own.length <= 1) known.marks ??= own
    const era = this.#numberOf(asOf.era)
    const short = lettersToBits(version)
    const fits = era >= 0 && isWhole(asOf.n) && isWhole(loadTime) && isWhole(bytes) && short !== undefined
    const rest: Rest | undefined = fits ? undefined : { version, asOf, loadTime, bytes }
    const usual = areUsual(own, known.marks)
    const isPlain = fits && usual && tags.length === 0 && isEmpty(entry.meta)
    const extras = isPlain ? undefined : new Extras(entry, usual ? undefined : own, rest)
    const more = extras === undefined ? 0 : sizeOfExtras(extras)
    const size = overhead + sizeOfText(name ?? key) + sizeOfValue(entry.value) + more
    const flags =
      (isPlain ? 0 : hasExtras) | (name === undefined ? hasOddKey : name.includes('%') ? hasEscapes : 0)
    return {
      name: name ?? key,
      given,
      cell: extras ?? entry.value,
      held: (known.id << spaceShift) | (Math.max(0, era) << flagBits) | flags,
      n: fits ? asOf.n : 0,
      version: short ?? noBits,
      size: Math.ceil(size / 8) * 8,
    }
  }

  /** Puts an entry in its slot. @param keepsName whether the slot had an entry of the same key */
  put(slot: number, prepared: Prepared, { entry, keepsName }: { entry: Entry; keepsName: boolean }): void {
    const { columns } = this
    const { name, given, cell, held, n, version, size } = prepared
    columns.setTimes(slot, entry.createdAt, entry.freshUntil)
    columns.setFigures(slot, entry.bytes, entry.loadTime)
    columns.setPosition(slot, n)
    columns.setVersion(slot, version)
    columns.setSize(slot, size)
    this.slots.setHeld(slot, held)
    const cells = this.#cellsOf(slot)
    const at = this.#cellAt(slot)
    if (!keepsName) cells[at] = ownText(name, given)
    cells[at + 1] = cell
  }

  /** A slot for a key of this hash. */
  take(hash: number): number {
    const slot = this.slots.take()
    this.columns.reach(slot)
    if (slot >>> this.bits === this.cells.length)
      this.cells.push(Array.from({ length: 2 ** (this.bits + 1) }))
    this.columns.setHash(slot, hash)
    return slot
  }

  release(slot: number): void {
    const cells = this.#cellsOf(slot)
    const at = this.#cellAt(slot)
    cells[at] = undefined
    cells[at + 1] = undefined
    this.slots.release(slot)
  }

  /** Gives all pages back; no slot may be taken. */
  clear(): void {
    this.slots.clear()
    this.columns.clear()
    this.cells.length = 0
  }

  /** The cells of a slot's page, and where its own begin. */
  #cellsOf(slot: number): unknown[] {
    return this.cells[slot >>> this.bits] as unknown[]
  }

  #cellAt(slot: number): number {
    return (slot & this.#mask) * 2
  }

  isKey(slot: number, key: string): boolean {
    const name = this.#name(slot)
    if ((this.slots.held(slot) & hasOddKey) !== 0) return name === key
    const { head, tail } = this.#known(slot)
    return (
      key.length === head.length + name.length + tail.length &&
      key.startsWith(name, head.length) &&
      key.startsWith(head) &&
      key.endsWith(tail)
    )
  }

  /** The name of the space of a slot's entry. */
  spaceOf(slot: number): string {
    return this.#known(slot).space.name
  }

  /** The entry of a slot as a record of its own. @param known its key, where that is known */
  read(slot: number, known?: string): SlotRecord {
    const { columns, slots } = this
    const held = slots.held(slot)
    const { space, head, tail, marks } = this.#known(slot)
    const name = this.#name(slot)
    const key = known ?? ((held & hasOddKey) === 0 ? head + name + tail : name)
    const cell = this.#cellsOf(slot)[this.#cellAt(slot) + 1]
    const extras = (held & hasExtras) === 0 ? undefined : (cell as Extras)
    const rest = extras?.rest
    const meta: Provenance = extras?.meta ?? noProvenance
    const entry: Entry = {
      value: extras === undefined ? cell : extras.value,
      createdAt: columns.createdAt(slot),
      freshUntil: columns.freshUntil(slot),
      asOf: rest?.asOf ?? {
        era: this.#eras[(held >>> flagBits) & (2 ** eraBits - 1)] as string,
        n: columns.position(slot),
      },
      tags: extras?.tags ?? noTags,
      meta,
      loadTime: rest?.loadTime ?? columns.loadTime(slot),
      version: rest?.version ?? bitsToLetters(columns.versions(slot), columns.versionAt(slot)),
      bytes: rest?.bytes ?? columns.jsonBytes(slot),
    }
    const own = extras?.marks ?? marks ?? []
    return new SlotRecord(slots, slot, { key, space, entry, marks: own, size: columns.size(slot) })
  }

  /** What is told of the entry of a slot that it will leave; it stays as it is. */
  leaver(slot: number): Leaver {
    const { columns, slots } = this
    const held = slots.held(slot)
    const cell = this.#cellsOf(slot)[this.#cellAt(slot) + 1]
    const rest = (held & hasExtras) === 0 ? undefined : (cell as Extras).rest
    const createdAt = columns.createdAt(slot)
    const bytes = rest?.bytes ?? columns.jsonBytes(slot)
    const after = slots.readAfter(slot)
    return new ObjectLeaver(
      this.#known(slot),
      { name: this.#name(slot), isKey: (held & hasOddKey) !== 0 },
      {
        entry: { createdAt, freshUntil: columns.freshUntil(slot), bytes },
        hits: slots.hits(slot),
        lastReadAt: after < 0 ? 0 : createdAt + after,
      },
    )
  }

  #known(slot: number): Known {
    return this.spaces.at(this.slots.held(slot) >>> spaceShift)
  }

  #name(slot: number): string {
    return this.#cellsOf(slot)[this.#cellAt(slot)] as string
  }

  /** The number of an era, or -1 where there are too many to tell. */
  #numberOf(era: string): number {
    const number = this.#eras.indexOf(era)
    if (number >= 0 || this.#eras.length === 2 ** eraBits) return number
    return this.#eras.push(era) - 1
  }
}

/** What stands in a key between the head and the tail of its space's keys; undefined where it does not begin and end so. */
function nameIn({ head, tail }: Known, key: string): string | undefined {
  if (key.length < head.length + tail.length || !key.startsWith(head) || !key.endsWith(tail)) return undefined
  return key.slice(head.length, key.length - tail.length)
}

function isWhole(number: number): boolean {
  return Object.is(number | 0, number)
}

function isEmpty(meta: Provenance): boolean {
  for (const _ in meta) return false
  return true
}
