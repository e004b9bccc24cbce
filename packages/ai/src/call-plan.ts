import type { Provenance } from '@reprise/cache'
import type { Continuation } from './pour.ts'
import type { Recording } from './recording.ts'
import type { StreamRelay } from './relay/stream-relay.ts'
import type { RunningCall } from './running-calls.ts'
import type { SimilarSearch, SimilarTo } from './semantic/similar-search.ts'

/** An answer of a model: a result, or the parts of a stream. */
export interface Answer {
  readonly from: 'generate' | 'stream'
  readonly body: unknown
}

/** What the parts of a stream are, in the terms of whoever calls models. */
export interface AnswerShape<Part> {
  /** The answer that the parts of a whole stream are. */
  readonly gather: (parts: readonly Part[]) => Answer
  /** The parts that say what an answer says. */
  readonly partsOf: (answer: Answer) => readonly Part[]
  /** How an answer goes on where another ended. */
  readonly continuing: (given: readonly Part[]) => Continuation<Part>
}

/** An answer that was paid for now. */
export interface PaidAnswer {
  /** Undefined for one that was not made to its end. */
  readonly answer: Answer | undefined
  /** Whether there was an older answer. */
  readonly refreshed: boolean
  /** Whether it is kept or somebody waits for it. */
  readonly wanted: boolean
}

/** How to make one answer, and what is known about it before. */
export interface CallPlan<Part> {
  readonly params: {
    readonly tenant: string
    readonly model: string
    readonly digest: string
    readonly answer: number
  }
  /** Calls the model although there is an answer, and takes its place. */
  readonly regenerate: boolean
  /** Asked only when the answer may be kept. */
  readonly tags: () => readonly string[]
  readonly meta: Provenance
  readonly now: () => number
  readonly shape: AnswerShape<Part>
  /** Calls the model; a stream's parts are pushed as they come. */
  readonly call: (push: (part: Part) => void, signal: AbortSignal) => Promise<Answer>
  /** Whether the answer may be kept. */
  readonly admits: (answer: Answer) => boolean
  /** Hears of every answer that this process has paid for, and tells what it cost where that is known. */
  readonly paid: (paid: PaidAnswer) => number | undefined
  /** Tells other processes of the parts, and hears of theirs. */
  readonly relay?: StreamRelay | undefined
  /** Looks for the answer to a like question before the model is called. @default nobody does */
  readonly similar?: SimilarSearch | undefined
}

/** A call under way. */
export interface SharedCall<Part> extends RunningCall {
  readonly recording: Recording<Part, Answer>
  /** When the answer was made, milliseconds since 1970, where it was found and not made by this call. */
  readonly storedAt: number | undefined
  /** The question that a found answer was given to, where that is another one. */
  readonly similar: SimilarTo | undefined
  /** Whether another process makes it at the same time. */
  readonly elsewhere: boolean
}

/** A call as it goes on. */
export interface DrivenCall<Part> extends SharedCall<Part> {
  begun: boolean
  storedAt: number | undefined
  similar: SimilarTo | undefined
  elsewhere: boolean
}
