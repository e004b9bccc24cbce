import type { Invalidation } from '@reprise/cache'
import { z } from 'zod'
import type { ManagedDocument } from './managed-document.ts'

/** A model and what it is good for (document 001): level 1 to 5, for quick answers, for deep ones, or for both. */
const model = z.strictObject({
  name: z.string().min(1).max(200),
  provider: z.string().min(1).max(100),
  level: z.int().min(1).max(5).default(2),
  role: z.enum(['quick', 'deep', 'both']).default('both'),
  features: z.array(z.string().min(1).max(60)).max(50).default([]),
})

/** The models of an application. */
export const modelCatalogue = z.strictObject({ models: z.array(model).min(1).max(10_000) })

/** The catalogue of models. */
export type ModelCatalogue = z.output<typeof modelCatalogue>

/** The least levels of the quick and of the deep model that an analysis of each depth needs (document 001). */
const depths = [
  ['快速', 1, 1],
  ['基础', 1, 2],
  ['标准', 1, 2],
  ['深度', 2, 3],
  ['全面', 2, 4],
] as const

/**
 * The catalogue of models as a managed document, the worked example of rows B6 and B7: it will not do when an analysis of
 * some depth would have no model, or when two models share a name.
 */
export function modelCatalogueDocument(options: {
  readonly source?: ManagedDocument['source']
  /** Spaces or tags of what is derived from it: the model-capability cache. */
  readonly clears?: Invalidation
  /** Puts a catalogue to use. */
  readonly reload?: (catalogue: ModelCatalogue) => Promise<void> | void
}): ManagedDocument<ModelCatalogue> {
  const { source, clears, reload } = options
  return {
    name: 'model-catalogue',
    schema: modelCatalogue,
    ...(source === undefined ? {} : { source }),
    ...(clears === undefined ? {} : { clears }),
    reload: async (catalogue) => reload?.(catalogue),
    async test({ models }) {
      const names = models.map(({ name }) => name)
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      if (twice !== undefined) throw new Error(`two models are named ${JSON.stringify(twice)}`)
      const best = (role: 'quick' | 'deep'): number =>
        Math.max(
          0,
          ...models.filter((one) => one.role === role || one.role === 'both').map(({ level }) => level),
        )
      for (const [depth, quick, deep] of depths) {
        if (best('quick') >= quick && best('deep') >= deep) continue
        throw new Error(
          `no models for an analysis of depth ${depth}: it needs a quick one of level ${quick} and a deep one of level ${deep}`,
        )
      }
    },
    statistics: ({ models }) => ({
      models: models.length,
      providers: new Set(models.map(({ provider }) => provider)).size,
    }),
  }
}
