import { DatabaseError } from './errors.ts'

/**
 * A JavaScript value as both engines are given it: text, bytes, or null.
 *
 * null and undefined are NULL; Date is UTC text; Uint8Array is bytes; an array is a PostgreSQL array; any other object
 * is JSON text. So a JSON column whose value may be an array or a bare string takes `JSON.stringify(value)`.
 * Throws E_DATABASE_OPTION for an invalid Date, a function, a symbol, or an object that JSON cannot hold.
 */
export function encodeParameter(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return encodeArray(value)
  return encodeScalar(value)
}

function encodeArray(values: readonly unknown[]): string {
  return `{${values.map(encodeElement).join(',')}}`
}

function encodeElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (Array.isArray(value)) return encodeArray(value)
  const text =
    value instanceof Uint8Array
      ? `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
      : encodeScalar(value)
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function encodeScalar(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return value instanceof Date ? encodeDate(value) : encodeJson(value)
    default:
      throw new DatabaseError(
        'E_DATABASE_OPTION',
        `A ${typeof value} cannot be a statement parameter: pass a string, number, bigint, boolean, Date, bytes, array or JSON object`,
      )
  }
}

function encodeDate(date: Date): string {
  if (Number.isNaN(date.getTime())) {
    throw new DatabaseError('E_DATABASE_OPTION', 'An invalid Date cannot be a statement parameter: pass null')
  }
  const year = date.getUTCFullYear()
  const rest = date.toISOString().slice(-20)
  return year < 1
    ? `${String(1 - year).padStart(4, '0')}${rest} BC`
    : `${String(year).padStart(4, '0')}${rest}`
}

function encodeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DatabaseError(
      'E_DATABASE_OPTION',
      `An object parameter must be JSON (${reason}): remove circular references and bigints from it`,
      { cause },
    )
  }
}
