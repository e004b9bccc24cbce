import { type Clock, type Duration, milliseconds, systemClock } from '@reprise/cache'
import { AiError } from '../errors.ts'
import { sameFigures } from './guard.ts'
import type { SemanticStore } from './semantic-store.ts'

/** Two questions that are near to each other, and the answer to the kept one. */
export interface QuestionPair {
  readonly asked: string
  readonly kept: string
  readonly similarity: number
  readonly answer: string
}

/** For whom an embedder or a verifier is asked, and when nobody waits for it any more. */
export interface AskedFor {
  readonly tenant: string
  readonly signal: AbortSignal
}

/** Whether the answer to one question answers the other; what it throws counts as no. */
export type Verifier = (pair: QuestionPair, asked: AskedFor) => boolean | Promise<boolean>

/** What a semantic tier takes. */
export interface SemanticOptions {
  /** Where questions are kept: `memorySemanticStore()`, or `pgvectorStore({ database })`. */
  readonly store: SemanticStore
  /** The vector of a text. */
  readonly embed: (text: string, asked: AskedFor) => Promise<readonly number[]>
  /** The embedding model and its version: vectors of two are never compared. */
  readonly embedder: string
  /** From this similarity on a kept answer is given unasked; Infinity has every pair verified. It is another for every embedder: measure. */
  readonly accept: number
  /** From this similarity on, up to `accept`, the verifier decides. @default accept */
  readonly verify?: number
  /** @default nobody, which `verify` below `accept` does not go with */
  readonly verifier?: Verifier
  /** Whether two questions may be one at all; false is a miss, however near they are. @default sameFigures */
  readonly guard?: (asked: string, kept: string) => boolean
  /** Longer questions are not looked up: in a long text a small difference has no weight. Characters. @default 500 */
  readonly longest?: number
  /** Longest wait for embedder and store, and again for the verifier; then the model is asked. @default '2s' */
  readonly timeout?: Duration
  /** How long nothing is looked up after embedder or store failed. @default '10s' */
  readonly rest?: Duration
  /** Hears of failures; what it throws is ignored. */
  readonly onError?: (error: unknown) => void
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** Options read once. @throws E_CALL_OPTION, E_OPTION_INVALID quoting the bad value */
export function readSemanticOptions(options: SemanticOptions) {
  const { accept, verify = accept, verifier, embedder, longest = 500, timeout = '2s', rest = '10s' } = options
  if (!(verify > 0 && verify <= 1 && verify <= accept)) {
    throw new AiError(
      'E_CALL_OPTION',
      `semantic: accept is ${accept} and verify ${verify}; give numbers above 0, verify up to 1 and not above accept`,
    )
  }
  if (verify < accept && verifier === undefined) {
    throw new AiError(
      'E_CALL_OPTION',
      `semantic: verify is ${verify} and there is no verifier; give one, or leave verify out`,
    )
  }
  if (typeof embedder !== 'string' || embedder === '') {
    throw new AiError('E_CALL_OPTION', 'semantic: name the embedder, such as its model and version')
  }
  return Object.freeze({
    store: options.store,
    embed: options.embed,
    embedder,
    accept,
    verify,
    verifier: verifier ?? (() => false),
    guard: options.guard ?? sameFigures,
    longest,
    timeout: milliseconds(timeout, 'timeout'),
    rest: milliseconds(rest, 'rest'),
    onError(error: unknown) {
      try {
        options.onError?.(error)
      } catch {
        // A listener must not break the call that it hears of.
      }
    },
    clock: options.clock ?? systemClock,
  })
}

/** Options as `readSemanticOptions` gives them. */
export type SemanticSettings = ReturnType<typeof readSemanticOptions>
