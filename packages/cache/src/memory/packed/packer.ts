import type { Shapes } from './shapes.ts'
import * as tag from './tags.ts'
import type { Words } from './words.ts'

const wide = /[^\0-\xff]/
const surrogate = /\p{Cs}/u

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}

/** Writes values as a stream of bytes and the text beside it; both are read by an `Unpacker`. */
export class Packer {
  bytes = Buffer.allocUnsafeSlow(4_096)
  /** Bytes that were written. */
  end = 0
  /** Characters of Latin-1. */
  text = ''
  readonly #shapes: Shapes
  readonly #words: Words
  #view = new DataView(this.bytes.buffer)

  constructor(shapes: Shapes, words: Words) {
    this.#shapes = shapes
    this.#words = words
  }

  reset(): void {
    this.end = 0
    this.text = ''
    // Room for a huge value is not kept for small ones.
    if (this.bytes.length > 1_048_576) this.#resize(4_096)
  }

  number(value: number): void {
    this.#need(9)
    const { bytes } = this
    const whole = value | 0
    if (whole === value && (value !== 0 || 1 / value > 0)) {
      if (whole >= 0 && whole < 128) bytes[this.end++] = whole
      else if (whole >= 128 && whole < 384) {
        bytes[this.end++] = tag.tagWhole8
        bytes[this.end++] = whole - 128
      } else if (whole === (whole << 16) >> 16)
        this.#tagged(tag.tagWhole16, 2).setInt16(this.end - 2, whole, true)
      else this.#tagged(tag.tagWhole32, 4).setInt32(this.end - 4, whole, true)
    } else if (value !== 0 && Number.isInteger(value) && Math.abs(value) < 2 ** 47) {
      const view = this.#tagged(tag.tagWhole48, 6)
      view.setUint32(this.end - 6, value % 2 ** 32, true)
      view.setInt16(this.end - 2, Math.floor(value / 2 ** 32), true)
    } else if (Math.fround(value) === value) {
      this.#tagged(tag.tagSingle, 4).setFloat32(this.end - 4, value, true)
    } else this.#fraction(value)
  }

  /** Few decimals are told by the whole number without the point: dividing it gives exactly the same double. */
  #fraction(value: number): void {
    for (let places = 1, scale = 10; places <= tag.mostPlaces; places += 1, scale *= 10) {
      const whole = Math.round(value * scale)
      if (Math.abs(whole) >= 2 ** 31) break
      if (whole === 0 || whole / scale !== value) continue
      this.bytes[this.end++] = tag.tagDecimal + places
      return this.number(whole)
    }
    this.#tagged(tag.tagDouble, 8).setFloat64(this.end - 8, value, true)
  }

  string(value: string): void {
    const { length } = value
    if (!wide.test(value)) {
      this.#need(6)
      if (length < tag.shortText) this.bytes[this.end++] = tag.tagShortText + length
      else {
        this.bytes[this.end++] = tag.tagText
        this.number(length)
      }
      this.text += value
      return
    }
    this.#need(6 + length * 3)
    const utf8 = surrogate.test(value) ? Infinity : Buffer.byteLength(value)
    this.bytes[this.end++] = utf8 < length * 2 ? tag.tagUtf8 : tag.tagUtf16
    this.number(utf8 < length * 2 ? utf8 : length)
    this.end += this.bytes.write(value, this.end, utf8 < length * 2 ? 'utf8' : 'utf16le')
  }

  /** Whether it was JSON; what was written of it is of no use where not. */
  value(value: unknown): boolean {
    if (typeof value === 'string') this.#word(value)
    else if (typeof value === 'number') this.number(value)
    else if (typeof value === 'boolean') this.#byte(value ? tag.tagTrue : tag.tagFalse)
    else if (value === null) this.#byte(tag.tagNull)
    else if (typeof value !== 'object') return false
    else return Array.isArray(value) ? this.#array(value) : this.#object(value)
    return true
  }

  #word(value: string): void {
    const word = this.#words.find(value)
    if (word < 0) this.string(value)
    else if (word < tag.firsts) this.#byte(tag.tagFirstWord + word)
    else {
      this.#byte(tag.tagWord)
      this.number(word)
    }
  }

  #array(array: readonly unknown[]): boolean {
    this.#byte(tag.tagArray)
    this.number(array.length)
    for (let index = 0; index < array.length; index += 1) if (!this.value(array[index])) return false
    return true
  }

  #object(object: object): boolean {
    if (!isPlain(object)) return false
    const fields = object as Record<string, unknown>
    let names = Object.keys(object)
    // As in JSON, a field that is undefined is none.
    if (names.some((name) => fields[name] === undefined))
      names = names.filter((name) => fields[name] !== undefined)
    const shape = this.#shapes.find(names)
    if (shape >= 0 && shape < tag.firsts) this.#byte(tag.tagFirstShape + shape)
    else {
      this.#byte(shape < 0 ? tag.tagObject : tag.tagShape)
      this.number(shape < 0 ? names.length : shape)
    }
    for (const name of names) {
      if (shape < 0) this.string(name)
      if (!this.value(fields[name])) return false
    }
    return true
  }

  #byte(byte: number): void {
    this.#need(1)
    this.bytes[this.end++] = byte
  }

  /** Writes a tag and leaves room behind it. */
  #tagged(byte: number, room: number): DataView {
    this.bytes[this.end] = byte
    this.end += 1 + room
    return this.#view
  }

  #need(room: number): void {
    if (this.end + room > this.bytes.length) this.#resize(2 * (this.end + room))
  }

  #resize(length: number): void {
    const bytes = Buffer.allocUnsafeSlow(length)
    bytes.set(this.bytes.subarray(0, this.end))
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
