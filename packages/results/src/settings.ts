import { hostname } from 'node:os'
import {
  type Background,
  type Cache,
  type Clock,
  type Duration,
  type Ttl,
  milliseconds,
} from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ResultsError, quote } from './errors.ts'

/** The rules of one type of result (rows D3 and D4). */
export interface ResultType<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /** What a value must satisfy when it is written; its output is what is stored. @default anything that is JSON */
  readonly schema?: Schema
  /** When a result ends: a duration, `endOfDay('Asia/Shanghai')`, or Infinity. @default Infinity */
  readonly expires?: Ttl
  /** How many of the newest results a site keeps. @default 20 000 */
  readonly keep?: number
  /** Older results are removed by the nightly task. @default Infinity */
  readonly keepFor?: Duration
  /** For how long after its end `getOrGenerate` may answer with a result while a new one is made. @default '1d' */
  readonly servePrevious?: Duration
}

/** The types of an application by name. */
export type ResultTypes = Readonly<Record<string, ResultType>>

/** The value of a type: what its schema gives, or unknown. */
export type ValueOf<T extends ResultType> = T extends {
  readonly schema: infer Schema extends StandardSchemaV1
}
  ? StandardSchemaV1.InferOutput<Schema>
  : unknown

/** What may be written to a type: what its schema takes. */
export type InputOf<T extends ResultType> = T extends {
  readonly schema: infer Schema extends StandardSchemaV1
}
  ? StandardSchemaV1.InferInput<Schema>
  : unknown

/** What `openResults` takes. */
export interface ResultsOptions<Types extends ResultTypes> {
  /** PostgreSQL or PGlite; it stays yours to close. */
  readonly database: Database
  /** Every type of result; a type that is not here cannot be written, so that no two names for one thing grow. */
  readonly types: Types
  /** Answers `getLatest` without a query; its catalog needs the space `latestResult`. @default none */
  readonly cache?: Cache
  /** How long the cache may keep an answer that no change has reached, such as one of a process that died. @default '5m' */
  readonly cacheFor?: Duration
  /** Where instants come from. @default the database, so that processes with different clocks agree */
  readonly clock?: Clock
  /** How long a generator is believed to live without a heartbeat; it beats at a third of it. @default '30s' */
  readonly lease?: Duration
  /** Who this process is, in errors and rows. @default the host's name and the process id */
  readonly holder?: string
  /** Largest value, in bytes of JSON. @default 1 MiB */
  readonly maxValueBytes?: number
  /** Whether to apply the migrations; false where the role may not change tables. @default true */
  readonly migrate?: boolean
  /** Refuse a role that row-level security does not bind, such as a superuser. @default false */
  readonly requireRowSecurity?: boolean
  /** Where upgrades go on that a race left running; the application drains it. @default one of its own, drained by `close` */
  readonly background?: Background
  /** Told of what went wrong behind an answer: a trim, a heartbeat, a generation nobody waits for. @default nothing */
  readonly onWarning?: (message: string, cause: unknown) => void
}

/** The rules of a type, nothing left open. */
export interface TypeSettings {
  readonly schema: StandardSchemaV1 | undefined
  readonly expires: Ttl
  readonly keep: number
  readonly keepFor: number
  readonly servePrevious: number
}

/** The options, read once. */
export interface Settings {
  readonly types: ReadonlyMap<string, TypeSettings>
  readonly cacheFor: number
  readonly lease: number
  readonly holder: string
  readonly maxValueBytes: number
}

const refuse = (message: string): ResultsError => new ResultsError('E_RESULT_OPTION', message)

/** What is longer is for ever: 3,000 years, so that every instant that is reckoned with is one that a Date can be. */
const forEver = 1e14

/** A duration of at least a minimum, in milliseconds. @throws E_RESULT_OPTION */
export function readDuration(value: Duration, name: string, minimum: number): number {
  let length: number
  try {
    length = milliseconds(value, name)
  } catch (cause) {
    throw new ResultsError('E_RESULT_OPTION', (cause as Error).message, { cause })
  }
  if (length >= minimum) return length > forEver ? Infinity : length
  throw refuse(`${name} is ${quote(value)}: give at least ${minimum} ms`)
}

function readCount(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw refuse(`${name} is ${quote(value)}: give a whole number from 1`)
}

/** @throws E_RESULT_OPTION quoting the bad value */
function readType(name: string, type: ResultType): TypeSettings {
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
    throw refuse(`type ${quote(name)}: use 1 to 100 letters, digits, _, . and -`)
  }
  const { schema, expires = Infinity, keep = 20_000, keepFor = Infinity, servePrevious = '1d' } = type
  if (typeof expires !== 'object') readDuration(expires, `${name}.expires`, 1)
  else if (typeof expires?.endsAt !== 'function') {
    throw refuse(`${name}.expires is ${quote(expires)}: give a duration, Infinity or a rule such as endOfDay`)
  }
  return Object.freeze({
    schema,
    expires,
    keep: readCount(keep, `${name}.keep`),
    keepFor: readDuration(keepFor, `${name}.keepFor`, 1),
    servePrevious: readDuration(servePrevious, `${name}.servePrevious`, 0),
  })
}

/** Reads the options once. @throws E_RESULT_OPTION quoting the bad value */
export function readSettings(options: ResultsOptions<ResultTypes>): Settings {
  const { types, cacheFor = '5m', lease = '30s', maxValueBytes = 1_048_576 } = options
  const leaseTime = readDuration(lease, 'lease', 30)
  if (leaseTime === Infinity)
    throw refuse(`lease is ${quote(lease)}: give a time after which a generator is dead`)
  const holder = options.holder ?? `${hostname()}:${process.pid}`
  if (holder === '') throw refuse('holder is empty: give a name that tells this process from the others')
  return Object.freeze({
    types: new Map(Object.entries(types).map(([name, type]) => [name, readType(name, type)])),
    cacheFor: readDuration(cacheFor, 'cacheFor', 0),
    lease: leaseTime,
    holder,
    maxValueBytes: readCount(maxValueBytes, 'maxValueBytes'),
  })
}
