import { freshUntil, milliseconds } from '../duration.ts'
import type { Windows } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'
import type { Consistency, Policy } from './space.ts'

/** A policy read once: every duration in milliseconds, nothing undefined that has a default. */
export interface Settings extends Windows {
  readonly ttl: Policy['ttl']
  readonly jitter: number
  readonly refreshAhead: number
  readonly earlyRefresh: number
  readonly softLimit: number
  readonly hardLimit: number
  readonly onAbandon: 'abort' | 'finish'
  readonly backoff: { readonly base: number; readonly max: number } | undefined
  readonly tags: NonNullable<Policy['tags']>
  readonly admit: NonNullable<Policy['admit']>
  /** How the store keeps it: a `text` is a document. */
  readonly format: 'entry' | 'document'
  /** Whether the document is the value itself, a string, and not JSON. */
  readonly text: boolean
  readonly announce: boolean
  readonly immutability: 'freeze' | 'clone'
  readonly maxValueBytes: number
  readonly cost: number
  /** Memory answers while the log was confirmed within so many milliseconds: Infinity for `eventual`, 0 for `strict`. */
  readonly trust: number
}

function inRange(value: number, name: string, bounds: { minimum: number; maximum: number }): number {
  if (typeof value === 'number' && value >= bounds.minimum && value <= bounds.maximum) return value
  throw new RepriseError(
    'E_OPTION_INVALID',
    `${name} is ${quote(value)}: give a number from ${bounds.minimum} to ${bounds.maximum}`,
  )
}

function oneOf<T extends string>(value: T, name: string, choices: readonly T[]): T {
  if (choices.includes(value)) return value
  throw new RepriseError('E_OPTION_INVALID', `${name} is ${quote(value)}: give one of ${choices.join(', ')}`)
}

function trustOf(space: string, consistency: Consistency): number {
  if (consistency === 'eventual') return Infinity
  if (consistency === 'strict') return 0
  if (typeof consistency !== 'object' || consistency === null) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `${space}.consistency is ${quote(consistency)}: give 'eventual', 'strict' or bounded('30s')`,
    )
  }
  return inRange(milliseconds(consistency.bounded, `${space}.consistency`), `${space}.consistency`, {
    minimum: 1,
    maximum: Infinity,
  })
}

/**
 * The settings of a space, from its declared policy and what configuration overrides (row A2).
 * @throws E_OPTION_INVALID quoting the bad value
 */
export function settle(space: string, policy: Policy): Settings {
  const length = (name: keyof Policy, fallback: number): number => {
    const given = policy[name] as number | undefined
    return given === undefined
      ? fallback
      : inRange(milliseconds(given, `${space}.${name}`), `${space}.${name}`, {
          minimum: 0,
          maximum: Infinity,
        })
  }
  const backoff = policy.backoff ?? {}
  const format = oneOf(policy.format ?? 'entry', `${space}.format`, ['entry', 'document', 'text'])
  // A TTL that is no TTL is refused here, not after a load was paid for.
  if (typeof policy.ttl !== 'function' && typeof policy.ttl !== 'object') freshUntil(policy.ttl, 0)
  return Object.freeze({
    ttl: policy.ttl,
    jitter: inRange(policy.jitter ?? 0, `${space}.jitter`, { minimum: 0, maximum: 1 }),
    staleWhileRevalidate: length('staleWhileRevalidate', 0),
    staleIfError: length('staleIfError', 0),
    refreshAhead: length('refreshAhead', 0),
    earlyRefresh: inRange(policy.earlyRefresh ?? 0, `${space}.earlyRefresh`, { minimum: 0, maximum: 100 }),
    softLimit: length('softLimit', Infinity),
    hardLimit: length('hardLimit', Infinity),
    onAbandon: oneOf(policy.onAbandon ?? 'abort', `${space}.onAbandon`, ['abort', 'finish']),
    backoff:
      backoff === false
        ? undefined
        : Object.freeze({
            base: inRange(milliseconds(backoff.base ?? 1_000), `${space}.backoff.base`, {
              minimum: 0,
              maximum: Infinity,
            }),
            max: inRange(milliseconds(backoff.max ?? 60_000), `${space}.backoff.max`, {
              minimum: 0,
              maximum: Infinity,
            }),
          }),
    tags: policy.tags ?? (() => []),
    admit: policy.admit ?? (() => true),
    format: format === 'entry' ? 'entry' : 'document',
    text: format === 'text',
    announce: policy.announce ?? false,
    immutability: oneOf(policy.immutability ?? 'freeze', `${space}.immutability`, ['freeze', 'clone']),
    maxValueBytes: inRange(policy.maxValueBytes ?? 1_048_576, `${space}.maxValueBytes`, {
      minimum: 1,
      maximum: 512 * 1_048_576,
    }),
    trust: trustOf(space, policy.consistency ?? 'eventual'),
    cost: inRange(policy.cost ?? 0, `${space}.cost`, { minimum: 0, maximum: Infinity }),
  })
}
