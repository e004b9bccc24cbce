import type { AnswerFacts, Demands, KeyOptions, ModelCallRequest, TokenUsage } from '@reprise/ai'
import type { Json } from './json.ts'

/** One event of a stream (WHATWG server-sent events). */
export interface SseEvent {
  /** Absent where the protocol names no events. */
  readonly event?: string
  readonly data: string
}

/** What an event adds to an answer: more of one text, or one thing that is told once. */
export interface StreamPiece {
  /** What it belongs to: equal for all deltas of one text, and in every stream of the same answer. */
  readonly slot: string
  /** Undefined for what is told once. */
  readonly text?: string | undefined
}

/** What a protocol reads of a request for the key; tenant, provider and the like come from elsewhere. */
export type CallFields = Omit<
  ModelCallRequest,
  'tenant' | 'scope' | 'operation' | 'provider' | 'model' | 'prompt' | 'configurationVersion'
>

/** One way of asking a model over HTTP, with a stream and without; the gateway speaks it to both sides. */
export interface Protocol {
  /** The operation of the key: `chat.completions`. */
  readonly operation: string
  /** What the gateway listens on. */
  readonly route: string
  /** Where an upstream listens, below its base URL. */
  readonly path: string
  /** The kind of upstream that speaks it. */
  readonly kind: 'openai' | 'anthropic'
  /** Headers of a request that change its answer; they are sent on and belong to the key. */
  readonly headers: readonly string[]
  readonly key: KeyOptions
  /** The fields of the key. */
  fieldsOf(body: Json): CallFields
  /** Why a request must go past the cache, such as a tool that acts; undefined when it need not. */
  bypass(body: Json): string | undefined
  demandsOf(body: Json): Demands
  /** The body as it is sent on: with the model of the upstream, and asking for figures that a stream tells only when asked. */
  upstreamBody(body: Json, model: string): Json
  /** The whole answer that the events of a stream amount to; undefined when the stream has not come to its end. */
  assemble(events: readonly SseEvent[]): Json | undefined
  /** The events that a whole answer would have come as. */
  split(answer: Json): readonly SseEvent[]
  /** What an event tells; nothing for one that tells nothing of the answer. The events of `split` have one piece each. */
  piecesOf(event: SseEvent): readonly StreamPiece[]
  /** An event of one text, with what is left of it. */
  withText(event: SseEvent, text: string): SseEvent
  factsOf(answer: Json): AnswerFacts
  usageOf(answer: Json): TokenUsage
  /** The answer of a caller who paid nothing. */
  withoutUsage(answer: Json): Json
  /** Whether a request wants figures in its stream. */
  wantsUsage(body: Json): boolean
  /** An event as this caller gets it; undefined when it is not for them. */
  deliver(
    event: SseEvent,
    caller: { readonly wantsUsage: boolean; readonly paid: boolean },
  ): SseEvent | undefined
  /** What ends a stream after its last event. @default nothing */
  readonly end?: SseEvent
  /** An error in the protocol's own form. */
  errorOf(error: { readonly status: number; readonly message: string; readonly code: string }): Json
  /** An error inside a stream. */
  errorEvent(error: Json): SseEvent
}
