import { type Policy, type Space, defineSpace } from '@reprise/cache'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { AiError } from './errors.ts'

/** The answer of a model as it is kept; `none` is what callers of other processes get of an answer that is not kept. */
export interface StoredAnswer {
  /** When it was made, milliseconds since 1970. */
  readonly at: number
  readonly from: 'generate' | 'stream' | 'none'
  /** A result, or the parts of a stream. */
  readonly body?: unknown
}

const answerKey = 'model_call:{tenant}:{model}:{digest}:{answer}'
const embeddingKey = 'embedding:{tenant}:{model}:{digest}'

/** The space of answers; its key names the tenant and the model, and the digest holds all the rest. */
export type ModelCallSpace = Space<'model_call', typeof answerKey, StoredAnswer>
/** The space of embeddings, one text each. */
export type EmbeddingSpace = Space<'embedding', typeof embeddingKey, readonly number[]>

/** What the spaces of model calls take: a policy. Backoff is off unless given, since clients retry by rules of their own. */
export type CallPolicy = Pick<
  Policy,
  | 'jitter'
  | 'staleWhileRevalidate'
  | 'staleIfError'
  | 'refreshAhead'
  | 'earlyRefresh'
  | 'softLimit'
  | 'hardLimit'
  | 'onAbandon'
  | 'backoff'
  | 'consistency'
  | 'cost'
> & {
  readonly ttl: Exclude<Policy['ttl'], (...args: never) => unknown>
  /** Larger answers are given to their callers and not kept; bytes of JSON. @default 8 MiB */
  readonly maxAnswerBytes?: number
}

/** No answer of a model is refused by the engine for its size: it was paid for, so who waits for it gets it. */
const engineLimit = 512 * 1_048_576

/** What the spaces of answers have in common, and their checked policy. @throws E_CALL_OPTION */
function settingsOf<T>(
  { maxAnswerBytes = 8 * 1_048_576, ...policy }: CallPolicy,
  [wanted, guard]: readonly [wanted: string, guard: (value: unknown) => value is T],
) {
  if (!(maxAnswerBytes > 0 && maxAnswerBytes <= engineLimit)) {
    throw new AiError('E_CALL_OPTION', `maxAnswerBytes is ${maxAnswerBytes}; give 1 to ${engineLimit}`)
  }
  return {
    schema: schemaOf(wanted, guard),
    onAbandon: 'finish',
    hardLimit: '10m',
    backoff: false,
    ...policy,
    maxValueBytes: engineLimit,
    admit: (value: unknown) => Buffer.byteLength(JSON.stringify(value)) <= maxAnswerBytes,
  } as const
}

/** The settings of a space of answers. @throws E_CALL_OPTION */
export const answerSettings = (policy: CallPolicy) =>
  settingsOf(policy, ['an answer with "at" and "from"', isAnswer])

const requires = ['tenant', 'model', 'digest'] as const

/**
 * Declares the space of model answers. A call whose clients have all left goes on and is kept (`onAbandon: 'finish'`),
 * for 10 minutes at most (`hardLimit`), unless told otherwise. @throws E_CALL_OPTION
 */
export function modelCallSpace(policy: CallPolicy): ModelCallSpace {
  return defineSpace({
    name: 'model_call',
    key: answerKey,
    requires,
    ...answerSettings(policy),
  })
}

/** Declares the space of embeddings. @throws E_CALL_OPTION */
export function embeddingSpace(policy: CallPolicy): EmbeddingSpace {
  return defineSpace({
    name: 'embedding',
    key: embeddingKey,
    requires,
    ...settingsOf(policy, ['a list of numbers', isVector]),
  })
}

/** A Standard Schema (version 1) of what a guard lets through. */
function schemaOf<T>(wanted: string, guard: (value: unknown) => value is T): StandardSchemaV1<T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'reprise',
      validate: (value: unknown) =>
        guard(value) ? { value } : { issues: [{ message: `this is not ${wanted}` }] },
    },
  }
}

function isAnswer(value: unknown): value is StoredAnswer {
  if (typeof value !== 'object' || value === null || !('at' in value && 'from' in value)) return false
  return typeof value.at === 'number' && ['generate', 'stream', 'none'].includes(String(value.from))
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number')
}
