import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'
import { type Cache, type CacheOptions, createCache, defineCatalog } from '@reprise/cache'
import { type CallPolicy, embeddingSpace, modelCallSpace } from '../src/spaces.ts'

/** The tokens of every answer of the stand-in model. */
export const usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
}

/** A stream that the test feeds. */
export interface Feed {
  readonly params: LanguageModelV3CallOptions
  push(...parts: LanguageModelV3StreamPart[]): void
  end(): void
  fail(error: unknown): void
}

/** A stand-in for a provider's model: it answers what the test says and remembers what it was asked. */
export interface StandIn extends LanguageModelV3 {
  readonly calls: LanguageModelV3CallOptions[]
  readonly feeds: Feed[]
  /** What the next generate calls answer. */
  answer: (params: LanguageModelV3CallOptions, call: number) => Promise<LanguageModelV3GenerateResult>
  /** What the next streams are; undefined for one that the test feeds. */
  parts: readonly LanguageModelV3StreamPart[] | undefined
}

/** A whole answer of one text. */
export const said = (text: string): LanguageModelV3GenerateResult => ({
  content: [{ type: 'text', text }],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage,
  warnings: [],
})

/** The parts of a whole stream of some texts. */
export const streamOf = (...texts: string[]): LanguageModelV3StreamPart[] => [
  { type: 'stream-start', warnings: [] },
  { type: 'text-start', id: '0' },
  ...texts.map((delta) => ({ type: 'text-delta' as const, id: '0', delta })),
  { type: 'text-end', id: '0' },
  { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage },
]

export function standIn(modelId = 'm-1'): StandIn {
  const model: StandIn = {
    specificationVersion: 'v3',
    provider: 'stand-in',
    modelId,
    supportedUrls: {},
    calls: [],
    feeds: [],
    answer: async (_, call) => said(`answer ${call}`),
    parts: undefined,
    async doGenerate(params) {
      model.calls.push(params)
      return model.answer(params, model.calls.length)
    },
    async doStream(params) {
      model.calls.push(params)
      let controller!: ReadableStreamDefaultController<LanguageModelV3StreamPart>
      const stream = new ReadableStream<LanguageModelV3StreamPart>({
        start: (given) => void (controller = given),
      })
      const feed: Feed = {
        params,
        push: (...parts) => parts.forEach((part) => controller.enqueue(part)),
        end: () => controller.close(),
        fail: (error) => controller.error(error),
      }
      model.feeds.push(feed)
      if (model.parts !== undefined) {
        feed.push(...model.parts)
        feed.end()
      }
      return { stream, request: { body: { asked: true } }, response: { headers: { 'x-request-id': 'r1' } } }
    },
  }
  return model
}

/** A cache with the spaces of model calls. */
export async function open(
  policy: Partial<CallPolicy> = {},
  options: Partial<CacheOptions> = {},
): Promise<Cache> {
  const spaces = [modelCallSpace({ ttl: '1h', ...policy }), embeddingSpace({ ttl: '1h', ...policy })]
  const catalog = defineCatalog({ prefix: 'test', spaces })
  return createCache({ catalog, sweepEvery: 0, ...options })
}

/** Everything that is under way and needs no clock gets its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** All parts of a stream. */
export async function read<T>(stream: ReadableStream<T>): Promise<T[]> {
  const parts: T[] = []
  for await (const part of stream) parts.push(part)
  return parts
}
