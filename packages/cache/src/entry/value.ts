import { RepriseError, quote } from '../errors.ts'
import type { BoundSpace } from '../key/catalog.ts'

/** A value that may be kept, with its size as JSON in bytes (estimated: escapes are not counted). */
export interface Kept {
  readonly value: unknown
  readonly bytes: number
}

/** Whether an object is the plain kind that JSON gives back. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null || Array.isArray(object)
}

/** Walks a value once: refuses what JSON would change, adds up its size, freezes it where told. */
function walk(
  value: unknown,
  path: string,
  state: { readonly freeze: boolean; readonly above: Set<object> },
): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value) + 2
    case 'boolean':
      return value ? 4 : 5
    case 'number':
      if (Number.isFinite(value)) return String(value).length
      break
    case 'object': {
      if (value === null) return 4
      if (!isPlain(value)) break
      if (state.above.has(value)) {
        throw new RepriseError('E_VALUE_NOT_JSON', `value${path} contains itself; JSON cannot hold a cycle`)
      }
      state.above.add(value)
      let bytes = 2
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index += 1)
          bytes += walk(value[index], `${path}[${index}]`, state) + 1
      } else {
        for (const [name, member] of Object.entries(value)) {
          // JSON drops undefined members, and reads of them answer undefined either way.
          if (member !== undefined)
            bytes += Buffer.byteLength(name) + 4 + walk(member, `${path}.${name}`, state)
        }
      }
      state.above.delete(value)
      if (state.freeze) Object.freeze(value)
      return bytes
    }
    default:
  }
  const shown = typeof value === 'object' ? `a ${value?.constructor?.name ?? 'foreign object'}` : quote(value)
  throw new RepriseError(
    'E_VALUE_NOT_JSON',
    `value${path} is ${shown}, which JSON would not give back; keep plain objects, arrays, strings, finite numbers, booleans and null`,
  )
}

/**
 * Checks a value on its way in: the space's schema, JSON, size; frozen or cloned as the space says.
 * @throws E_VALUE_UNDEFINED, E_VALUE_SCHEMA, E_VALUE_NOT_JSON, E_VALUE_RESERVED, E_VALUE_TOO_LARGE
 */
export function keepValue(space: BoundSpace, input: unknown): Kept | Promise<Kept> {
  if (input === undefined) {
    throw new RepriseError(
      'E_VALUE_UNDEFINED',
      `space "${space.name}": undefined is not a value but what a miss looks like; use null, or delete()`,
    )
  }
  const checked = checkSchema(space, input)
  return checked instanceof Promise ? checked.then((value) => seal(space, value)) : seal(space, checked)
}

function seal(space: BoundSpace, checked: unknown): Kept {
  const { immutability, maxValueBytes, format } = space.settings
  if (space.settings.text && typeof checked !== 'string') {
    throw new RepriseError(
      'E_VALUE_SCHEMA',
      `space "${space.name}" has the format 'text', which keeps strings; ${checked === null ? 'null' : `a value of type ${typeof checked}`} was given: use the format 'document'`,
    )
  }
  const value = immutability === 'clone' ? structuredClone(checked) : checked
  const bytes = walk(value, '', { freeze: immutability === 'freeze', above: new Set() })
  if (bytes > maxValueBytes) {
    throw new RepriseError(
      'E_VALUE_TOO_LARGE',
      `space "${space.name}": the value is about ${bytes} bytes, over the limit of ${maxValueBytes}; raise maxValueBytes or keep less`,
    )
  }
  if (
    format === 'document' &&
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, '_cache')
  ) {
    throw new RepriseError(
      'E_VALUE_RESERVED',
      `space "${space.name}": the field _cache is kept for provenance; rename it`,
    )
  }
  return { value, bytes }
}

/** The value as its schema gives it back. @throws E_VALUE_SCHEMA naming the first field that is wrong */
export function checkSchema(space: BoundSpace, input: unknown): unknown {
  const { schema } = space.space
  if (schema === undefined) return input
  const result = schema['~standard'].validate(input)
  return result instanceof Promise
    ? result.then((later) => schemaValue(space, later))
    : schemaValue(space, result)
}

type SchemaResult = Awaited<ReturnType<NonNullable<BoundSpace['space']['schema']>['~standard']['validate']>>

function schemaValue(space: BoundSpace, result: SchemaResult): unknown {
  if (result.issues === undefined) return result.value
  const [first] = result.issues
  const path = (first?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  throw new RepriseError(
    'E_VALUE_SCHEMA',
    `space "${space.name}": ${path === '' ? 'the value' : `field ${quote(path)}`} does not satisfy its schema: ${first?.message ?? 'no reason given'}`,
    { cause: result.issues },
  )
}

/** A kept value as a reader gets it. */
export function handOut(space: BoundSpace, value: unknown): unknown {
  return space.settings.immutability === 'clone' ? structuredClone(value) : value
}
