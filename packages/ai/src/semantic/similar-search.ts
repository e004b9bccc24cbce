import type { StoredAnswer } from '../spaces.ts'

/** Where an answer to a like question came from. */
export interface SimilarTo {
  /** The question that it was given to. */
  readonly question: string
  readonly similarity: number
  /** Whether the verifier had to decide. */
  readonly verified: boolean
}

/** A kept answer to a like question. */
export interface SimilarAnswer {
  readonly stored: StoredAnswer
  readonly similar: SimilarTo
}

/** What is looked for and learned of one call. */
export interface SimilarSearch {
  /** The kept answer to a like question; undefined where there is none, or nobody can tell in time. Never throws. */
  find(signal: AbortSignal): Promise<SimilarAnswer | undefined>
  /** Remembers that the question of this call has an answer now, in the background. */
  learn(): void
}
