/**
 * What a JSON-like value takes of V8's heap on a 64-bit machine: objects and arrays are headers and slots of a word,
 * texts a byte or two per character, numbers nothing beside their slot when they are whole and below 2 ** 31.
 */

const word = 8
const objectHeader = 3 * word
const arrayHeader = 6 * word
const emptyArray = 4 * word
const textHeader = 2 * word
const boxedNumber = 2 * word
/** An object with more fields keeps them in a hash table. */
const mostFields = 128
/** Members looked at in one array or object of the value itself, of its members, and further down. */
const looks = [64, 16, 8] as const
/** Its multiples, without their whole parts, are spread evenly between 0 and 1. */
const golden = (Math.sqrt(5) - 1) / 2

function aligned(bytes: number): number {
  return (bytes + word - 1) & ~(word - 1)
}

/** A character that needs two bytes. In a text that V8 keeps in one byte per character it is known at once that there is none. */
const wide = /[^\0-\xff]/

/** Estimated heap of a text, in bytes. */
export function sizeOfText(text: string): number {
  return textHeader + aligned(wide.test(text) ? text.length * 2 : text.length)
}

function sizeOfArray(array: readonly unknown[], level: number): number {
  const { length } = array
  if (length === 0) return emptyArray
  const seen = Math.min(length, looks[level] ?? looks[2])
  let bytes = 0
  let numbers = 0
  for (let look = 0; look < seen; look += 1) {
    // Not every nth member: what alternates in an array would be seen one-sidedly.
    const member = array[seen === length ? look : Math.floor(((look * golden) % 1) * length)]
    bytes += sizeOfMember(member, level + 1)
    if (typeof member === 'number') numbers += 1
  }
  // An array of numbers alone keeps them in its slots, unless it is frozen: that makes an object of each fraction.
  if (numbers === seen && !Object.isFrozen(array)) bytes = 0
  return arrayHeader + length * (word + bytes / seen)
}

function sizeOfObject(object: object, level: number): number {
  const most = looks[level] ?? looks[2]
  let fields = 0
  let bytes = 0
  for (const name in object) {
    if (fields < most) bytes += sizeOfMember((object as Record<string, unknown>)[name], level + 1)
    fields += 1
  }
  const slots = fields > mostFields ? 3 * 2 ** Math.ceil(Math.log2(fields * 1.5)) : fields
  return objectHeader + slots * word + (fields > most ? (bytes / most) * fields : bytes)
}

function sizeOfMember(value: unknown, level: number): number {
  if (typeof value === 'string') return sizeOfText(value)
  if (typeof value === 'number') return (value | 0) === value ? 0 : boxedNumber
  if (typeof value !== 'object' || value === null) return 0
  return Array.isArray(value) ? sizeOfArray(value, level) : sizeOfObject(value, level)
}

/** Estimated heap of a JSON-like value, in bytes, beside the slot that it is in. Of large values a sample is looked at. */
export function sizeOfValue(value: unknown): number {
  return Math.round(sizeOfMember(value, 0))
}
