import type { Provenance } from '../../entry/entry.ts'
import { areUsual, ownMarks } from '../marks.ts'
import type { Remembered } from '../record.ts'
import { SlotRecord } from '../slot-record.ts'
import { type Slots, none } from '../slots.ts'
import { Common, usualLife } from './common.ts'
import { PackedEntry, shortVersion } from './entry.ts'
import { Packer } from './packer.ts'
import { Shapes } from './shapes.ts'
import { type Slab, type Slabs, padded } from './slabs.ts'
import { Unpacker } from './unpacker.ts'
import { Words } from './words.ts'

const wide = /[^\0-\xff]/
const noTags: readonly string[] = Object.freeze([])
const noProvenance: Provenance = Object.freeze({})

/** A slot has 28 bytes, its place in the index at most 8. */
export const eachSlot = 36

const hasTags = 1
const hasMeta = 2
/** Marks beside those of its tags that are not just those of its space. */
const hasMarks = 4
/** The key is UTF-16, in bytes of its own before the text. */
const hasWideKey = 8
/** Times are as they are, not told from others: the sum would not be the same double. */
const isAbsolute = 16
/** The fresh life is one that many entries of the space have. */
const hasUsualLife = 32
/** The key does not begin as the keys of its space do. */
const hasOddKey = 64
/** The version is nine characters of the text. */
const hasShortVersion = 128

/**
 * Entries as bytes.
 *
 * | at | what |
 * | --- | --- |
 * | 0 | flags, then the length of all in words, 3 bytes |
 * | 4 | space, length of the key without what all of the space begin with, length of the text: numbers of a `Packer` |
 * | then | the key where it is wide; the text: key, version, texts of tags, provenance and value |
 * | then | the stream: era, creation, fresh life, position, load time, size, version, tags, provenance, marks, value |
 */
export class PackedEntries {
  readonly #slots: Slots
  readonly #slabs: Slabs
  readonly #shapes = new Shapes()
  readonly #words = new Words()
  readonly #lead = new Packer(this.#shapes, this.#words)
  readonly #packer = new Packer(this.#shapes, this.#words)
  readonly #unpacker = new Unpacker(this.#shapes, this.#words)
  readonly #common = new Common()
  #base: number | undefined
  #flags = 0

  constructor(slots: Slots, slabs: Slabs) {
    this.#slots = slots
    this.#slabs = slabs
  }

  /** Packs an entry, to be put somewhere: how many bytes it takes, or undefined when its value is not JSON. */
  pack({ key, space, entry, marks }: Remembered): number | undefined {
    const packer = this.#packer
    const lead = this.#lead
    packer.reset()
    lead.reset()
    const known = this.#common.know(space)
    const isWide = wide.test(key)
    const isOdd = isWide || !key.startsWith(known.prefix)
    const rest = isOdd ? key : key.slice(known.prefix.length)
    if (!isWide) packer.text = rest
    const own = ownMarks(marks, entry.tags)
    if (own.length === 1) known.marks ??= own
    this.#base ??= Math.floor(entry.createdAt)
    const { createdAt, freshUntil, asOf, tags, meta } = entry
    const since = createdAt - this.#base
    const life = freshUntil - createdAt
    const absolute = this.#base + since !== createdAt || createdAt + life !== freshUntil
    const short = shortVersion(entry.version)
    const usual = absolute ? -1 : usualLife(known, life)
    this.#flags =
      (tags.length > 0 ? hasTags : 0) |
      (Object.keys(meta).length > 0 ? hasMeta : 0) |
      (areUsual(own, known.marks) ? 0 : hasMarks) |
      (isWide ? hasWideKey : 0) |
      (absolute ? isAbsolute : 0) |
      (usual < 0 ? 0 : hasUsualLife) |
      (isOdd ? hasOddKey : 0) |
      (short === undefined ? 0 : hasShortVersion)
    packer.number(this.#common.numberOf(asOf.era))
    packer.number(absolute ? createdAt : since)
    packer.number(absolute ? freshUntil : usual < 0 ? life : usual)
    packer.number(asOf.n)
    packer.number(entry.loadTime)
    packer.number(entry.bytes)
    if (short === undefined) packer.string(entry.version)
    else packer.text += short
    if ((this.#flags & hasTags) !== 0) packer.value(tags)
    if ((this.#flags & hasMeta) !== 0 && !packer.value(meta)) return undefined
    if ((this.#flags & hasMarks) !== 0) packer.value(own)
    if (!packer.value(entry.value)) return undefined
    lead.number(known.id)
    lead.number(rest.length)
    lead.number(packer.text.length)
    return padded(4 + lead.end + (isWide ? key.length * 2 : 0) + packer.text.length + packer.end)
  }

  /** Writes what was packed last to the place of its slot. */
  put(slot: number, key: string, length: number): void {
    const place = this.#slots.held(slot)
    const { bytes, view } = this.#slabs.slabAt(place)
    const packer = this.#packer
    const lead = this.#lead
    let at = this.#slabs.offsetAt(place)
    view.setUint32(at, (length << 6) | this.#flags, true)
    at += 4
    for (let index = 0; index < lead.end; index += 1) bytes[at++] = lead.bytes[index] as number
    if ((this.#flags & hasWideKey) !== 0) at += bytes.write(key, at, 'utf16le')
    at += bytes.write(packer.text, at, 'latin1')
    packer.bytes.copy(bytes, at, 0, packer.end)
  }

  /** Bytes that an entry takes, with its share of slots and index. */
  sizeOf(slot: number): number {
    return eachSlot + this.#slabs.lengthAt(this.#slots.held(slot))
  }

  /** The name of the space of a slot's entry. */
  spaceOf(slot: number): string {
    const place = this.#slots.held(slot)
    const slab = this.#slabs.slabAt(place)
    const unpacker = this.#unpacker
    unpacker.open(slab)
    unpacker.at = this.#slabs.offsetAt(place) + 4
    return this.#common.spaceAt(unpacker.number()).space.name
  }

  /** The key that stands at a place, be it somebody's or not. */
  keyAt(place: number): string {
    const slab = this.#slabs.slabAt(place)
    const start = this.#slabs.offsetAt(place)
    const flags = slab.bytes[start] as number
    const unpacker = this.#unpacker
    unpacker.open(slab)
    unpacker.at = start + 4
    const { prefix } = this.#common.spaceAt(unpacker.number())
    const length = unpacker.number()
    unpacker.number()
    if ((flags & hasWideKey) !== 0) return unpacker.slice(length * 2, 'utf16le')
    const rest = unpacker.slice(length, 'latin1')
    return (flags & hasOddKey) === 0 ? prefix + rest : rest
  }

  /** Whether the entry of a slot has this key. */
  isKey(slot: number, key: string): boolean {
    const place = this.#slots.held(slot)
    if (place === none) return false
    const slab = this.#slabs.slabAt(place)
    const { bytes } = slab
    const start = this.#slabs.offsetAt(place)
    const flags = bytes[start] as number
    const unpacker = this.#unpacker
    unpacker.open(slab)
    unpacker.at = start + 4
    const { prefix } = this.#common.spaceAt(unpacker.number())
    const skipped = (flags & hasOddKey) === 0 ? prefix.length : 0
    const length = key.length - skipped
    if (unpacker.number() !== length || (skipped > 0 && !key.startsWith(prefix))) return false
    unpacker.number()
    let { at } = unpacker
    if ((flags & hasWideKey) === 0) {
      for (let index = 0; index < length; index += 1)
        if (bytes[at + index] !== key.charCodeAt(skipped + index)) return false
      return true
    }
    for (let index = 0; index < length; index += 1, at += 2)
      if (((bytes[at] as number) | ((bytes[at + 1] as number) << 8)) !== key.charCodeAt(index)) return false
    return true
  }

  /**
   * The entry of a slot as a record of its own.
   * @param known its key, where that is known
   * @param later whether its value is read when it is first asked for, which must be before anything in memory changes
   */
  read(slot: number, known: string | undefined, later = false): SlotRecord {
    const unpacker = this.#unpacker
    const place = this.#slots.held(slot)
    const slab = this.#slabs.slabAt(place)
    const start = this.#slabs.offsetAt(place)
    const flags = slab.bytes[start] as number
    unpacker.open(slab)
    unpacker.at = start + 4
    const { space, marks, prefix, lives } = this.#common.spaceAt(unpacker.number())
    const keyLength = unpacker.number()
    const textLength = unpacker.number()
    const wideKey = (flags & hasWideKey) === 0 ? undefined : unpacker.slice(keyLength * 2, 'utf16le')
    const text = (unpacker.text = unpacker.slice(textLength, 'latin1'))
    unpacker.textAt = wideKey === undefined ? keyLength : 0
    const key = known ?? wideKey ?? ((flags & hasOddKey) === 0 ? prefix : '') + text.slice(0, keyLength)
    const era = this.#common.eraAt(unpacker.number())
    const absolute = (flags & isAbsolute) !== 0
    const createdAt = unpacker.number() + (absolute ? 0 : (this.#base as number))
    const told = unpacker.number()
    const life = (flags & hasUsualLife) === 0 ? told : (lives[told] as number)
    const freshUntil = absolute ? life : createdAt + life
    const asOf = { era, n: unpacker.number() }
    const loadTime = unpacker.number()
    const bytes = unpacker.number()
    const isShort = (flags & hasShortVersion) !== 0
    const version = isShort ? unpacker.characters(9) : unpacker.string()
    const tags = (flags & hasTags) === 0 ? noTags : (unpacker.value(true) as readonly string[])
    const meta = (flags & hasMeta) === 0 ? noProvenance : (unpacker.value(true) as Provenance)
    const own = (flags & hasMarks) === 0 ? (marks as readonly string[]) : unpacker.value(true)
    const freeze = space.settings.immutability === 'freeze'
    const entry = new PackedEntry({
      createdAt,
      freshUntil,
      asOf,
      tags,
      meta,
      loadTime,
      bytes,
      version,
      shortVersion: isShort,
      value: later ? undefined : unpacker.value(freeze),
      later: later ? this.#valueLater(slab, freeze) : undefined,
    })
    const size = eachSlot + (slab.single ? slab.used : (slab.view.getUint32(start, true) >>> 8) << 2)
    return new SlotRecord(this.#slots, slot, { key, space, entry, marks: own as readonly string[], size })
  }

  /** What reads a value from here later. */
  #valueLater(slab: Slab, freeze: boolean): () => unknown {
    const unpacker = this.#unpacker
    const { at, text, textAt } = unpacker
    const stamp = this.#slots.changes
    return () => {
      if (this.#slots.changes !== stamp)
        throw new TypeError('the value of a walk was asked for after memory had changed')
      unpacker.open(slab)
      Object.assign(unpacker, { at, text, textAt })
      return unpacker.value(freeze)
    }
  }
}
