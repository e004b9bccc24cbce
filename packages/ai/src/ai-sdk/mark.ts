import { type GenerateResult, type Part, type Usage, noUsage } from './model.ts'

/** What a result says of the cache, as `providerMetadata.reprise`. */
export interface CacheMark {
  /** `miss`: this call was made; `shared`: another caller made it at the same time; `hit`: it was kept. */
  readonly cache: 'miss' | 'shared' | 'hit'
  /** Which of several answers. */
  readonly answer: number
  /** Milliseconds since a hit was made. */
  readonly age?: number
  /** Tokens that were not spent. */
  readonly avoided?: { readonly inputTokens: number; readonly outputTokens: number }
}

/** Who reads an answer, and where it came from. */
export interface Reader {
  /** Whether this caller began the call: it pays for an answer that was made now, everybody else for nothing. */
  readonly leader: boolean
  readonly storedAt: number | undefined
  /** Whether another process made it at the same time. */
  readonly elsewhere: boolean
  readonly answer: number
  readonly now: number
}

/** A result, or the last part of a stream, with its mark, and with no usage unless it was paid for now; `saved` hears of that. */
export function marked<T extends GenerateResult | Part>(
  target: T,
  reader: Reader,
  saved: (kind: 'avoided' | 'coalesced', usage: Usage) => void,
): T {
  const { usage, providerMetadata } = target as Partial<GenerateResult>
  const mark = markOf(usage ?? noUsage, reader)
  if (mark.cache !== 'miss') saved(mark.cache === 'hit' ? 'avoided' : 'coalesced', usage ?? noUsage)
  return {
    ...target,
    usage: mark.cache === 'miss' ? usage : noUsage,
    providerMetadata: { ...providerMetadata, reprise: mark },
  }
}

function markOf({ inputTokens, outputTokens }: Usage, reader: Reader): CacheMark {
  const { leader, storedAt, elsewhere, answer, now } = reader
  if (leader && !elsewhere && storedAt === undefined) return { cache: 'miss', answer }
  return {
    cache: storedAt === undefined || elsewhere ? 'shared' : 'hit',
    answer,
    ...(storedAt === undefined ? {} : { age: Math.max(0, now - storedAt) }),
    avoided: { inputTokens: inputTokens.total ?? 0, outputTokens: outputTokens.total ?? 0 },
  }
}
