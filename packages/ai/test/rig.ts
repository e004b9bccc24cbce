import type { LanguageModelV3, LanguageModelV3CallOptions, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import type { Cache, CacheOptions } from '@reprise/cache'
import { wrapLanguageModel } from 'ai'
import { afterEach, beforeEach } from 'vitest'
import { cacheModelCalls } from '../src/ai-sdk/middleware.ts'
import type { CallNote, MiddlewareOptions } from '../src/ai-sdk/settings.ts'
import type { CallPolicy } from '../src/spaces.ts'
import { type StandIn, open, standIn } from './model.ts'

/** What each test of calls through the middleware has: a cache, a model behind it, and what was told of the calls. */
export interface Rig {
  cache: Cache
  upstream: StandIn
  notes: CallNote[]
  /** Closes the cache and opens one of another policy. */
  reopen(policy: Partial<CallPolicy>, options?: Partial<CacheOptions>): Promise<void>
  /** The model behind its cache. */
  wrapped(options?: Partial<MiddlewareOptions>, model?: LanguageModelV3): LanguageModelV3
}

/** A rig that is made anew before each test of a file. */
export function useRig(): Rig {
  const rig: Rig = {
    cache: undefined as unknown as Cache,
    upstream: standIn(),
    notes: [],
    async reopen(policy, options) {
      await rig.cache.close()
      rig.cache = await open(policy, options)
    },
    wrapped: (options = {}, model = rig.upstream) =>
      wrapLanguageModel({
        model,
        middleware: cacheModelCalls({
          cache: rig.cache,
          tenant: 'shop',
          onNote: (note) => rig.notes.push(note),
          ...options,
        }),
      }),
  }
  beforeEach(async () => {
    rig.cache = await open()
    rig.upstream = standIn()
    rig.notes = []
  })
  afterEach(() => rig.cache.close())
  return rig
}

/** A call of one text. */
export const ask = (
  text = 'hello',
  more: Partial<LanguageModelV3CallOptions> = {},
): LanguageModelV3CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
})

/** The text of a stream. */
export const textOf = (parts: readonly LanguageModelV3StreamPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')

/** The end of a stream. */
export const endOf = (parts: readonly LanguageModelV3StreamPart[]) =>
  parts.at(-1) as Extract<LanguageModelV3StreamPart, { type: 'finish' }>

/** What a result says of the cache. */
export const markOf = (result: { providerMetadata?: Record<string, unknown> | undefined }) =>
  result.providerMetadata?.['reprise']
