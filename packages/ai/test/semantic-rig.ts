import type { SimilarTo } from '../src/semantic/similar-search.ts'
import { memorySemanticStore } from '../src/semantic/memory-store.ts'
import { type SemanticOptions } from '../src/semantic/semantic-options.ts'
import type { Neighbour, SemanticStore } from '../src/semantic/semantic-store.ts'
import { type SemanticTier, semanticTier } from '../src/semantic/semantic-tier.ts'

/** A vector of this similarity to `[1, 0]`. */
export const at = (similarity: number): number[] => [similarity, Math.sqrt(1 - similarity ** 2)]

/** An embedder of a remote platform: questions end with their similarity to those that end with none, as in `where ~0.97`. */
export const embed = async (text: string): Promise<number[]> => at(Number(/~([\d.]+)$/.exec(text)?.[1] ?? 1))

/** A tier that accepts from 0.95 on; numbers in these questions are no figures. */
export function tierOf(options: Partial<SemanticOptions> = {}): SemanticTier {
  return semanticTier({
    store: memorySemanticStore(),
    embed,
    embedder: 'angles 1',
    accept: 0.95,
    guard: () => true,
    ...options,
  })
}

/** A store that knows every question it was ever told, and says of each that it is the very one, whatever the context. */
export function lyingStore(): SemanticStore & { readonly known: Set<string> } {
  const known = new Set<string>()
  return {
    known,
    nearest: async () => [...known].map((question): Neighbour => ({ question, similarity: 1, keptAt: 0 })),
    keep: async ({ question }) => void known.add(question),
    touch: async () => undefined,
    forget: async () => undefined,
    forgetTenant: async () => undefined,
  }
}

/** What a mark says of likeness. */
export type LikeMark = { readonly cache: string; readonly similar?: SimilarTo } | undefined
