import { type Clock, type Duration, RepriseError, milliseconds, systemClock } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { ResultsError } from '../errors.ts'
import type { TimelineRedis } from './redis.ts'

/** The Redis that answers reads of timelines before the database does. */
export interface TimelineRedisOptions {
  /** An ioredis `Redis` or `Cluster`, which is not closed; one without an offline queue, as nothing is sent before it is ready. */
  readonly client: TimelineRedis
  /** What every key begins with. @default 'reprise' */
  readonly prefix?: string
  /** How long a call may take before the database is asked instead, at least 1 ms. @default '150ms' */
  readonly deadline?: Duration
  /** Sessions whose payloads are larger together, in bytes, are only in the database. @default 4194304 */
  readonly maxSessionBytes?: number
}

/** How timelines are kept. */
export interface TimelinesOptions {
  /** Where the truth is; not closed. */
  readonly database: Database
  /** @default none: the database answers everything */
  readonly redis?: TimelineRedisOptions
  /** How long a session lives after it was last written or read, at least 1 s. @default '2h' */
  readonly life?: Duration
  /**
   * How often reads of a session slide its life and confirm with the database that Redis is right; at most half of
   * the life. @default '5s', or a tenth of a life that is shorter than 50 s
   */
  readonly confirmEvery?: Duration
  /** Events of a category of a session, 1 or more; the latest of each resource stays beyond it. @default 500 */
  readonly maxEvents?: number
  /** Longest payload as JSON, in bytes. @default 262144 */
  readonly maxPayloadBytes?: number
  /** How often expired sessions are removed from the database, or `Infinity` where `sweep()` is called. @default '5m' */
  readonly sweepEvery?: Duration
  /** @default the clock of the machine */
  readonly clock?: Clock
  /** Hears of failing calls of Redis, at most one every five seconds, and of sweeps that failed. @default nobody */
  readonly onError?: (error: Error) => void
}

/** Options read once; durations in milliseconds. */
export interface TimelineSettings {
  readonly life: number
  readonly confirmEvery: number
  readonly maxEvents: number
  readonly maxPayloadBytes: number
  readonly sweepEvery: number
  readonly prefix: string
  readonly deadline: number
  readonly maxSessionBytes: number
  readonly clock: Clock
  readonly onError: (error: Error) => void
}

/** The settings of options. @throws E_TIMELINE_OPTION */
export function readSettings(options: TimelinesOptions): TimelineSettings {
  const { redis, clock = systemClock, onError = () => {} } = options
  const life = duration('life', options.life ?? '2h', { least: 1_000, most: 3_650 * 86_400_000 })
  const prefix = redis?.prefix ?? 'reprise'
  if (prefix === '' || /[{}\s]/.test(prefix))
    throw optionError('redis.prefix', prefix, 'give a text without braces and spaces')
  return Object.freeze({
    life,
    confirmEvery: duration('confirmEvery', options.confirmEvery ?? Math.min(5_000, life / 10), {
      least: 1,
      most: life / 2,
    }),
    maxEvents: count('maxEvents', options.maxEvents ?? 500),
    maxPayloadBytes: count('maxPayloadBytes', options.maxPayloadBytes ?? 256 * 1024),
    sweepEvery: duration('sweepEvery', options.sweepEvery ?? '5m', { least: 1_000, most: Infinity }),
    prefix,
    deadline: duration('redis.deadline', redis?.deadline ?? '150ms', { least: 1, most: 60_000 }),
    maxSessionBytes: count('redis.maxSessionBytes', redis?.maxSessionBytes ?? 4 * 1024 * 1024),
    clock,
    onError,
  })
}

function optionError(name: string, value: unknown, advice: string): ResultsError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value)
  return new ResultsError('E_TIMELINE_OPTION', `${name} is ${shown}: ${advice}`)
}

function count(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw optionError(name, value, 'give a whole number of 1 or more')
}

function duration(
  name: string,
  value: Duration,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  let length: number
  try {
    length = milliseconds(value, name)
  } catch (cause) {
    if (!RepriseError.is(cause)) throw cause
    throw new ResultsError('E_TIMELINE_OPTION', cause.message, { cause })
  }
  if (length >= least && length <= most) return Math.round(length)
  const limit = most === Infinity ? `of at least ${least} ms` : `from ${least} to ${most} ms`
  throw optionError(name, value, `give a duration ${limit}`)
}
