import { ResultsError } from '../errors.ts'

/**
 * A payload as JSON text: it comes back as it was given, but for -0, which is 0 then. `null`, `0` and `''` are values
 * like any other.
 * @throws E_TIMELINE_PAYLOAD naming the part that JSON would lose or change, or the size that is over `maxBytes`
 */
export function payloadText(payload: unknown, maxBytes: number): string {
  check(payload, 'payload', new Set())
  const text = JSON.stringify(payload)
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return text
  throw new ResultsError(
    'E_TIMELINE_PAYLOAD',
    `The payload is ${bytes} bytes of JSON, over the limit of ${maxBytes}: keep less of it, or raise maxPayloadBytes`,
  )
}

/** Objects and arrays within one another at most; much more would overflow a stack, here or in the database. */
const deepest = 1_000

function check(value: unknown, path: string, above: Set<object>): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value !== 'object') throw notJson(path, typeof value === 'number' ? String(value) : typeof value)
  if (above.size === deepest) throw notJson(`${path.slice(0, 80)}…`, `more than ${deepest} objects deep`)
  if (above.has(value)) throw notJson(path, 'an object that contains itself')
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype)
    throw notJson(path, `a ${value.constructor?.name ?? 'foreign object'}`)
  above.add(value)
  if (Array.isArray(value)) {
    // Not forEach: it would step over the holes of an array, which JSON turns into null.
    for (let index = 0; index < value.length; index += 1) check(value[index], `${path}[${index}]`, above)
  } else {
    for (const [name, member] of Object.entries(value))
      // JSON leaves an undefined member out, and reading it gives undefined either way.
      if (member !== undefined) check(member, `${path}.${name}`, above)
  }
  above.delete(value)
}

function notJson(path: string, what: string): ResultsError {
  return new ResultsError(
    'E_TIMELINE_PAYLOAD',
    `${path} is ${what}, which JSON would not give back: use plain objects, arrays, strings, finite numbers, booleans and null`,
  )
}
