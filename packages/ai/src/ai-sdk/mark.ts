import type { SimilarTo } from '../semantic/similar-search.ts'
import { type GenerateResult, type Part, type Usage, noUsage } from './model.ts'

/** What a result says of the cache, as `providerMetadata.reprise`. */
export interface CacheMark {
  /** `miss`: this call was made; `shared`: another caller made it at the same time; `hit`: it was kept; `similar`: one to a like question was. */
  readonly cache: 'miss' | 'shared' | 'hit' | 'similar'
  /** Which of several answers. */
  readonly answer: number
  /** Milliseconds since a hit was made. */
  readonly age?: number
  /** The question that was answered, where it is not the caller's own. */
  readonly similar?: SimilarTo
  /** Tokens that were not spent. */
  readonly avoided?: { readonly inputTokens: number; readonly outputTokens: number }
}

/** Who reads an answer, and where it came from. */
export interface Reader {
  /** Whether this caller began the call: it pays for an answer that was made now, everybody else for nothing. */
  readonly leader: boolean
  readonly storedAt: number | undefined
  readonly similar: SimilarTo | undefined
  /** Whether another process made it at the same time. */
  readonly elsewhere: boolean
  readonly answer: number
  readonly now: number
}

/** A result, or the last part of a stream, with its mark, and with no usage unless it was paid for now; `saved` hears of that. */
export function marked<T extends GenerateResult | Part>(
  target: T,
  reader: Reader,
  saved: (kind: 'avoided' | 'similar' | 'coalesced', usage: Usage) => void,
): T {
  const { usage, providerMetadata } = target as Partial<GenerateResult>
  const mark = markOf(usage ?? noUsage, reader)
  const kind = savedBy[mark.cache]
  if (kind !== undefined) saved(kind, usage ?? noUsage)
  return {
    ...target,
    usage: mark.cache === 'miss' ? usage : noUsage,
    providerMetadata: { ...providerMetadata, reprise: mark },
  }
}

const savedBy = { miss: undefined, shared: 'coalesced', hit: 'avoided', similar: 'similar' } as const

function markOf({ inputTokens, outputTokens }: Usage, reader: Reader): CacheMark {
  const { leader, storedAt, similar, elsewhere, answer, now } = reader
  if (leader && !elsewhere && storedAt === undefined) return { cache: 'miss', answer }
  return {
    cache: storedAt === undefined || elsewhere ? 'shared' : similar === undefined ? 'hit' : 'similar',
    answer,
    ...(storedAt === undefined ? {} : { age: Math.max(0, now - storedAt) }),
    ...(similar === undefined ? {} : { similar }),
    avoided: { inputTokens: inputTokens.total ?? 0, outputTokens: outputTokens.total ?? 0 },
  }
}
