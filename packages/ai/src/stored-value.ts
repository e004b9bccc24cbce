import { AiError } from './errors.ts'
import { bytesOf } from './key/canonical.ts'

/**
 * Answers as JSON and back: bytes, dates and URLs are members with one name that begins with `$`; an object of the
 * caller's that looks like one is wrapped in `$object`. `restored` makes new objects each time, so what is kept cannot be changed.
 */
export function storable(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw new AiError('E_CALL_VALUE', `an answer holds a ${typeof value}, which cannot be kept`)
  }
  if (typeof value !== 'object' || value === null) return value
  const bytes = bytesOf(value)
  if (bytes !== undefined) return { $bytes: Buffer.from(bytes).toString('base64') }
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof URL) return { $url: value.href }
  if (Array.isArray(value)) return value.map((item) => storable(item) ?? null)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new AiError('E_CALL_VALUE', `an answer holds a ${value.constructor.name}, which cannot be kept`)
  }
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [[name, storable(member)] as const],
  )
  const made = Object.fromEntries(members)
  return members.length === 1 && members[0]?.[0].startsWith('$') === true ? { $object: made } : made
}

/** The value that `storable` was given. */
export function restored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(restored)
  const entries = Object.entries(value)
  const [name, member] = entries.length === 1 ? (entries[0] as [string, unknown]) : ['', undefined]
  if (name === '$bytes') return new Uint8Array(Buffer.from(String(member), 'base64'))
  if (name === '$date') return new Date(Number(member))
  if (name === '$url') return new URL(String(member))
  if (name === '$number') return Number(member)
  if (name === '$object') return restoreMembers(Object.entries(member as object))
  return restoreMembers(entries)
}

function restoreMembers(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(([name, member]) => [name, restored(member)]))
}
