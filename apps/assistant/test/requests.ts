import type { Route } from '@reprise/api'
import * as fc from 'fast-check'
import { z } from 'zod'

/** A request of a route: parts that may be missing, and a body as it is sent. */
export interface Request {
  readonly row: Route
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
}

interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly format?: string
}

const strange: readonly unknown[] = [
  '',
  ' ',
  '\0',
  '\ud800',
  '*',
  '%00',
  '../../etc/passwd',
  "' or 1=1 --",
  '${jndi:x}',
  '=1+1',
  '__proto__',
  'x'.repeat(2000),
  '9'.repeat(30),
  'null',
  '-1',
  '1e400',
  'NaN',
  '2026-13-45T99:99:99Z',
  null,
  true,
  -1,
  0,
  1e308,
  1.5,
  [],
  {},
  [[[[]]]],
  { constructor: { prototype: { admin: true } } },
]

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(...strange),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Values that a schema describes; what JSON Schema cannot say may still be refused. */
function valid(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valid))
  switch (schema.type) {
    case 'string':
      return text(schema)
    case 'integer':
    case 'number': {
      const { minimum = -1_000_000, maximum = 1_000_000 } = schema
      return fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, 2 ** 31)) })
    }
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valid(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      })
    case 'object':
      return object(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function text({ format, pattern, minLength = 0, maxLength = 30 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') {
    const range = { min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }
    return fc.date(range).map((date) => date.toISOString())
  }
  if (format === 'date') return fc.constant('2026-11-21')
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  const bounds = { minLength, maxLength: Math.min(maxLength, minLength + 30) }
  const words = ['admin', '订一张明天去上海的机票', 'u1', 'intents', 'north', '1'].filter(
    ({ length }) => length >= minLength && length <= maxLength,
  )
  return fc.oneof(fc.string(bounds), ...(words.length === 0 ? [] : [fc.constantFrom(...words)]))
}

function object({ properties = {}, required = [], additionalProperties }: JsonSchema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valid(field)]))
  const known = fc.record(fields, { requiredKeys: [...required] })
  if (typeof additionalProperties !== 'object') return known
  const more = fc.dictionary(fc.string({ maxLength: 10 }), valid(additionalProperties), { maxKeys: 3 })
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }))
}

/** A valid value, a valid one with one field gone, changed or added, or anything at all. */
function part(schema: z.ZodType | undefined): fc.Arbitrary<unknown> {
  const none = fc.constant(undefined)
  if (schema === undefined) return fc.oneof({ weight: 9, arbitrary: none }, { weight: 1, arbitrary: hostile })
  const good = valid(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
  const near = fc.tuple(good, fc.nat(), hostile, fc.nat(2)).map(([value, at, other, how]) => {
    if (typeof value !== 'object' || value === null) return other
    const names = Object.keys(value)
    const name = how === 2 || names.length === 0 ? 'nobody_knows_this' : (names[at % names.length] ?? '')
    const rest = Object.entries(value).filter(([field]) => field !== name)
    return Object.fromEntries(how === 0 ? rest : [...rest, [name, other]])
  })
  return fc.oneof(
    { weight: 5, arbitrary: good },
    { weight: 3, arbitrary: near },
    { weight: 1, arbitrary: hostile },
  )
}

/** Requests of a route: valid, nearly valid and hostile ones. */
export function requestsOf(row: Route): fc.Arbitrary<Request> {
  const record = (value: unknown): Record<string, unknown> =>
    typeof value === 'object' && value !== null ? { ...value } : {}
  return fc
    .record({ params: part(row.params), query: part(row.query), body: part(row.body) })
    .map(({ params, query, body }) => ({ row, params: record(params), query: record(query), body }))
}

function encode(value: unknown): string {
  const plain = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  return encodeURIComponent(plain.replaceAll(/\p{Cs}/gu, '?'))
}

/** The address of a request. */
export function addressOf({ row, params, query }: Request): string {
  const path = row.path.replaceAll(/:(\w+)/g, (_, name: string) => encode(params[name] ?? '1'))
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}
