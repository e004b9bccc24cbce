import { type Clock, type Random, systemClock } from '../clock.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { RepriseError, quote } from '../errors.ts'
import type { BreakerState } from './breaker.ts'
import type { RedisClient } from './client.ts'
import type { RedisAddresses } from './connect.ts'

/** How a catalog is kept in Redis or Valkey. */
export interface RedisSharedOptions extends RedisAddresses {
  /** The catalog's prefix, such as `intent_system`. */
  readonly prefix: string
  /** What the catalog is, such as a digest of its templates and formats: two that differ cannot share a prefix. */
  readonly descriptor: string
  /** A client that is there already, instead of an address; it is not closed. */
  readonly client?: RedisClient
  /** How long a call may take, retries included. @default '150ms' */
  readonly deadline?: Duration
  /** How long `open()` and walks over all keys wait for an answer. @default '2s' */
  readonly patience?: Duration
  /** Connections that commands take turns on, 1 to 50, beside one for the log and one for wake-ups. @default 1 */
  readonly connections?: number
  /** How long after its end a lease that nobody took may still store. @default '10m' */
  readonly leaseGrace?: Duration
  /** How much of the log is kept for those who were away. */
  readonly log?: {
    /** @default 100000 */
    readonly maxLength?: number
    /** @default '1h' */
    readonly maxAge?: Duration
  }
  /** When calls are kept away from a server that does not answer. */
  readonly breaker?: {
    /** Failures in a row. @default 5 */
    readonly failures?: number
    /** The first pause; doubles with each probe that fails. @default '250ms' */
    readonly delay?: Duration
    /** @default '500ms' */
    readonly longestDelay?: Duration
  }
  /** @default the clock of the machine */
  readonly clock?: Clock
  /** Randomness of pauses. @default Math.random */
  readonly random?: Random
  /** Hears of broken connections, at most one every five seconds. */
  readonly onError?: (error: Error) => void
  /** Hears of settings of the server that endanger the cache. */
  readonly onWarning?: (message: string) => void
  /** Hears when the breaker opens, probes and closes. */
  readonly onBreaker?: (state: BreakerState) => void
}

/** Options read once; durations in milliseconds. */
export interface RedisSettings {
  readonly prefix: string
  readonly descriptor: string
  readonly addresses: RedisAddresses
  readonly client: RedisClient | undefined
  readonly deadline: number
  readonly patience: number
  readonly connections: number
  readonly leaseGrace: number
  readonly maxLength: number
  readonly maxAge: number
  readonly breaker: { readonly failures: number; readonly delay: number; readonly longestDelay: number }
  readonly clock: Clock
  readonly random: Random
  readonly onError: (error: Error) => void
  readonly onWarning: (message: string) => void
  readonly onBreaker: (state: BreakerState) => void
}

function atLeast(name: string, value: number, least: number): number {
  if (value >= least && Number.isFinite(value)) return Math.ceil(value)
  throw new RepriseError('E_OPTION_INVALID', `${name} is ${quote(value)}: give a number of at least ${least}`)
}

const nothing = (): void => {}

/** The settings of options. @throws E_OPTION_INVALID */
export function readSettings(options: RedisSharedOptions): RedisSettings {
  const connections = atLeast('connections', options.connections ?? 1, 1)
  if (connections > 50) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `connections is ${connections}: give at most 50; one connection already carries the reads of a whole tick`,
    )
  }
  const duration = (name: string, value: Duration, least: number): number =>
    atLeast(name, milliseconds(value, name), least)
  return Object.freeze({
    prefix: options.prefix,
    descriptor: options.descriptor,
    addresses: options,
    client: options.client,
    deadline: duration('deadline', options.deadline ?? '150ms', 1),
    patience: duration('patience', options.patience ?? '2s', 1),
    connections,
    leaseGrace: duration('leaseGrace', options.leaseGrace ?? '10m', 0),
    maxLength: atLeast('log.maxLength', options.log?.maxLength ?? 100_000, 1),
    maxAge: duration('log.maxAge', options.log?.maxAge ?? '1h', 1),
    breaker: {
      failures: atLeast('breaker.failures', options.breaker?.failures ?? 5, 1),
      delay: duration('breaker.delay', options.breaker?.delay ?? '250ms', 1),
      longestDelay: duration('breaker.longestDelay', options.breaker?.longestDelay ?? '500ms', 1),
    },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    onError: options.onError ?? nothing,
    onWarning: options.onWarning ?? nothing,
    onBreaker: options.onBreaker ?? nothing,
  })
}
