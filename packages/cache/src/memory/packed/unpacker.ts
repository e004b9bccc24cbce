import type { Shapes } from './shapes.ts'
import type { Slab } from './slabs.ts'
import * as tag from './tags.ts'
import type { Words } from './words.ts'

const decimals = [1, 10, 100, 1e3, 1e4, 1e5, 1e6]

/** Reads what a `Packer` wrote, from anywhere in a slab. */
export class Unpacker {
  /** The next byte of the stream. */
  at = 0
  /** The text beside the stream, and the next character of it. */
  text = ''
  textAt = 0
  readonly #shapes: Shapes
  readonly #words: Words
  #bytes: Buffer = Buffer.alloc(0)
  #view: DataView = new DataView(new ArrayBuffer(0))

  constructor(shapes: Shapes, words: Words) {
    this.#shapes = shapes
    this.#words = words
  }

  /** Turns to a slab; `at` is to be set. */
  open(slab: Slab): void {
    this.#bytes = slab.bytes
    this.#view = slab.view
  }

  /** So many bytes from `at`, as text. */
  slice(length: number, encoding: 'latin1' | 'utf8' | 'utf16le'): string {
    const from = this.at
    this.at = from + length
    return this.#bytes.toString(encoding, from, this.at)
  }

  /** So many characters of the text. */
  characters(length: number): string {
    const from = this.textAt
    this.textAt = from + length
    return this.text.slice(from, this.textAt)
  }

  number(): number {
    return this.#number(this.#bytes[this.at++] as number)
  }

  string(): string {
    return this.#string(this.#bytes[this.at++] as number)
  }

  /** A value of JSON. @param freeze whether its objects and arrays are frozen */
  value(freeze: boolean): unknown {
    const byte = this.#bytes[this.at++] as number
    if (byte >= tag.tagFirstWord) return this.#words.at(byte - tag.tagFirstWord)
    if (byte >= tag.tagFirstShape) return this.#shaped(byte - tag.tagFirstShape, freeze)
    if (byte >= tag.tagShortText) return this.#string(byte)
    if (byte < tag.tagNull || byte >= tag.tagWhole8) return this.#number(byte)
    if (byte === tag.tagNull) return null
    if (byte <= tag.tagTrue) return byte === tag.tagTrue
    if (byte <= tag.tagDouble) return this.#number(byte)
    if (byte <= tag.tagUtf16) return this.#string(byte)
    if (byte === tag.tagArray) return this.#array(freeze)
    if (byte === tag.tagWord) return this.#words.at(this.number())
    return byte === tag.tagShape ? this.#shaped(this.number(), freeze) : this.#object(freeze)
  }

  #number(byte: number): number {
    if (byte < 128) return byte
    const view = this.#view
    const { at } = this
    switch (byte) {
      case tag.tagWhole8:
        this.at = at + 1
        return 128 + (this.#bytes[at] as number)
      case tag.tagWhole16:
        this.at = at + 2
        return view.getInt16(at, true)
      case tag.tagWhole32:
        this.at = at + 4
        return view.getInt32(at, true)
      case tag.tagWhole48:
        this.at = at + 6
        return view.getInt16(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
      case tag.tagSingle:
        this.at = at + 4
        return view.getFloat32(at, true)
      case tag.tagDouble:
        this.at = at + 8
        return view.getFloat64(at, true)
      default:
        return this.number() / (decimals[byte - tag.tagDecimal] as number)
    }
  }

  #string(byte: number): string {
    if (byte === tag.tagUtf8) return this.slice(this.number(), 'utf8')
    if (byte === tag.tagUtf16) return this.slice(this.number() * 2, 'utf16le')
    return this.characters(byte === tag.tagText ? this.number() : byte - tag.tagShortText)
  }

  #array(freeze: boolean): unknown[] {
    const length = this.number()
    const array: unknown[] = []
    for (let index = 0; index < length; index += 1) array.push(this.value(freeze))
    return freeze ? (Object.freeze(array) as unknown[]) : array
  }

  #shaped(number: number, freeze: boolean): object {
    const { names, odd } = this.#shapes.at(number)
    const object: Record<string, unknown> = {}
    const { length } = names
    if (odd) for (const name of names) put(object, name, this.value(freeze))
    else for (let index = 0; index < length; index += 1) object[names[index] as string] = this.value(freeze)
    return freeze ? Object.freeze(object) : object
  }

  #object(freeze: boolean): object {
    const count = this.number()
    const object: Record<string, unknown> = {}
    for (let index = 0; index < count; index += 1) put(object, this.string(), this.value(freeze))
    return freeze ? Object.freeze(object) : object
  }
}

function put(object: Record<string, unknown>, name: string, value: unknown): void {
  // Setting this one would change what the object inherits from.
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
  else object[name] = value
}
