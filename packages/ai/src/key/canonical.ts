/**
 * One text for one value. What JSON can hold is written as RFC 8785 (JSON Canonicalization Scheme) has it: members in
 * the order of their UTF-16 code units, numbers as ECMAScript writes them, no blanks. What JSON cannot hold is written
 * as a word before a string, which no JSON text has in that place, so `new Date(0)` and its ISO text stay apart:
 * `date"…"`, `bytes"SHA-256:LENGTH"`, `bigint"…"`, `url"…"`.
 *
 * Decisions: a member that is undefined is not there; -0 is 0 (RFC 8785, and what JSON on the wire says); text is taken
 * as it is and never normalised, since a model reads "é" of one code point and of two as different tokens.
 */
import { AiError, quote } from '../errors.ts'
import { digestOf } from './digest.ts'

/** The canonical text of a value. @throws E_CALL_VALUE naming the path of what has no text */
export function canonicalText(value: unknown, path = 'value'): string {
  return write(value, path, new Set())
}

function write(value: unknown, path: string, above: Set<object>): string {
  switch (typeof value) {
    case 'string':
      return text(value, path)
    case 'boolean':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) break
      return JSON.stringify(value)
    case 'bigint':
      return `bigint"${value}"`
    case 'object':
      return value === null ? 'null' : writeObject(value, path, above)
    default:
  }
  throw new AiError(
    'E_CALL_VALUE',
    `${path} is ${typeof value === 'function' ? 'a function' : quote(value)}, which has no one text; give JSON values, bytes, dates, URLs or bigints`,
  )
}

function text(value: string, path: string): string {
  if (/\p{Surrogate}/u.test(value)) {
    throw new AiError(
      'E_CALL_VALUE',
      `${path} has half of a surrogate pair (text cut inside a character); RFC 8785 has no text for it`,
    )
  }
  return JSON.stringify(value)
}

function writeObject(value: object, path: string, above: Set<object>): string {
  const bytes = bytesOf(value)
  if (bytes !== undefined) return `bytes"${digestOf(bytes)}:${bytes.length}"`
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) {
      throw new AiError('E_CALL_VALUE', `${path} is an invalid date; give one that has a time`)
    }
    return `date"${value.toISOString()}"`
  }
  if (value instanceof URL) return `url${JSON.stringify(value.href)}`
  if (above.has(value)) throw new AiError('E_CALL_VALUE', `${path} contains itself; a key needs an end`)
  above.add(value)
  let written: string
  if (Array.isArray(value)) {
    const items = Array.from(value, (item: unknown, index) =>
      item === undefined ? 'null' : write(item, `${path}[${index}]`, above),
    )
    written = `[${items.join(',')}]`
  } else {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) {
      throw new AiError(
        'E_CALL_VALUE',
        `${path} is a ${value.constructor.name}, which has no one text; give plain objects and arrays`,
      )
    }
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${text(name, path)}:${write(member, `${path}.${name}`, above)}`)
    written = `{${members.join(',')}}`
  }
  above.delete(value)
  return written
}

/** The bytes of a buffer or a view of one, or undefined. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value)
  if (!ArrayBuffer.isView(value)) return undefined
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}
