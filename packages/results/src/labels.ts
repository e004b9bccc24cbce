import type { Derivation } from './result.ts'

/** What can be invalidated whatever its target: one label for each thing that a result was derived from. */
export const labelOf = {
  tag: (tag: string) => `tag:${tag}`,
  model: (model: string) => `model:${model}`,
  promptVersion: (version: string) => `prompt:${version}`,
  source: (source: string) => `source:${source}`,
} as const

/** Every label of a result, each once. */
export function labelsOf(derivation: Derivation, tags: readonly string[]): readonly string[] {
  const { model, promptVersion, sources = [] } = derivation
  return [
    ...new Set([
      ...tags.map(labelOf.tag),
      ...(model === undefined ? [] : [labelOf.model(model)]),
      ...(promptVersion === undefined ? [] : [labelOf.promptVersion(promptVersion)]),
      ...sources.map(labelOf.source),
    ]),
  ]
}
