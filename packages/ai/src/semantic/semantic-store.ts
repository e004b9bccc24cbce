import { type Clock, type Duration, milliseconds, systemClock } from '@reprise/cache'
import { AiError } from '../errors.ts'

/** A kept question that is near to one that was asked. */
export interface Neighbour {
  readonly question: string
  /** Cosine of the angle between the two vectors, 1 for the same direction. */
  readonly similarity: number
  /** When it was last kept, milliseconds since 1970. */
  readonly keptAt: number
}

/**
 * Questions and their vectors, by context: `memorySemanticStore`, or `pgvectorStore` in a database. It holds no answers,
 * and what it says is only where to look: a store that lies can cost a lookup and cannot cause a wrong answer to be given.
 */
export interface SemanticStore {
  /** The kept questions of a context that are at least so similar, the most similar first. */
  nearest(search: {
    readonly context: string
    readonly vector: readonly number[]
    readonly atLeast: number
    readonly limit: number
  }): Promise<readonly Neighbour[]>
  /** Keeps a question, or gives it a new life; the least lately used ones above the bounds go. */
  keep(question: {
    readonly context: string
    readonly tenant: string
    readonly question: string
    readonly vector: readonly number[]
  }): Promise<void>
  /** Says that a question was of use. */
  touch(context: string, question: string): Promise<void>
  /** Forgets a question whose answer is gone. */
  forget(context: string, question: string): Promise<void>
  /** Forgets everything that a tenant asked. */
  forgetTenant(tenant: string): Promise<void>
}

/** What bounds a store. */
export interface SemanticBounds {
  /** Questions of all tenants, at least 1. @default 100 000 */
  readonly maxQuestions?: number
  /** Questions of one tenant, at least 1. @default 10 000 */
  readonly maxPerTenant?: number
  /** How long a question is kept after it was asked; as long as its answers is enough. @default '7d' */
  readonly keepFor?: Duration
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** Bounds read once. @throws E_CALL_OPTION, E_OPTION_INVALID */
export function readBounds({
  maxQuestions = 100_000,
  maxPerTenant = 10_000,
  keepFor = '7d',
  clock = systemClock,
}: SemanticBounds) {
  for (const [name, value] of Object.entries({ maxQuestions, maxPerTenant }))
    if (!(value >= 1)) throw new AiError('E_CALL_OPTION', `${name} is ${value}; give at least 1`)
  return Object.freeze({ maxQuestions, maxPerTenant, life: milliseconds(keepFor, 'keepFor'), clock })
}
