/**
 * The parts of the AI SDK's model interfaces that the cache looks at, as LanguageModelV3 (`ai` 6) and LanguageModelV4
 * (`ai` 7) have them in common. What it does not look at goes through as it is.
 */
import type { ModelCallRequest } from '../key/request.ts'

/** A part of content or of a stream. */
export interface Part {
  readonly type: string
  readonly [name: string]: unknown
}

/** Tokens of a call. */
export interface Usage {
  readonly inputTokens: {
    readonly total: number | undefined
    readonly noCache: number | undefined
    readonly cacheRead: number | undefined
    readonly cacheWrite: number | undefined
  }
  readonly outputTokens: {
    readonly total: number | undefined
    readonly text: number | undefined
    readonly reasoning: number | undefined
  }
  readonly raw?: unknown
}

/** What a call without a stream gives. */
export interface GenerateResult {
  readonly content: readonly Part[]
  /** Of V4: the JSON that was asked for, where it is not the text. */
  readonly structuredOutputText?: string | undefined
  readonly finishReason: { readonly unified: string; readonly raw: string | undefined }
  readonly usage: Usage
  readonly providerMetadata?: Readonly<Record<string, unknown>> | undefined
  readonly response?: Readonly<Record<string, unknown>> | undefined
  readonly warnings: readonly unknown[]
}

/** What a call with a stream gives. */
export interface StreamResult {
  readonly stream: ReadableStream<Part>
}

/** The options of a call. */
export interface CallParams {
  readonly prompt: readonly unknown[]
  readonly maxOutputTokens?: number | undefined
  readonly temperature?: number | undefined
  readonly stopSequences?: readonly string[] | undefined
  readonly topP?: number | undefined
  readonly topK?: number | undefined
  readonly presencePenalty?: number | undefined
  readonly frequencyPenalty?: number | undefined
  readonly responseFormat?: { readonly type: string; readonly schema?: unknown } | undefined
  readonly seed?: number | undefined
  readonly tools?: readonly object[] | undefined
  readonly toolChoice?: unknown
  /** Of V4. */
  readonly reasoning?: string | undefined
  readonly includeRawChunks?: boolean | undefined
  readonly abortSignal?: AbortSignal | undefined
  readonly providerOptions?: ModelCallRequest['providerOptions']
}

/** A model. */
export interface Model {
  readonly provider: string
  readonly modelId: string
  doGenerate(params: CallParams): PromiseLike<GenerateResult>
  doStream(params: CallParams): PromiseLike<StreamResult>
}

/** The usage of a call that did not take place. */
export const noUsage: Usage = Object.freeze({
  inputTokens: Object.freeze({ total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 }),
  outputTokens: Object.freeze({ total: 0, text: 0, reasoning: 0 }),
})
