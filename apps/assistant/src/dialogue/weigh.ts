import type { IntentConfig } from '../catalog/intent.ts'
import type { SystemThresholds } from '../catalog/settings.ts'
import type { Choice } from './standing.ts'
import type { Understanding } from './understand.ts'

/** What a sentence is taken to mean in its situation. */
export type Meaning =
  | { readonly kind: 'clear'; readonly choice: Choice }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Choice[] }
  | { readonly kind: 'none' }

/** A sentence that is an example of one intent word for word, or nearly, means that intent, whatever else is like it. */
const certain = 0.96
/** How much likelier the task under way is than the sentence alone says (originals 2.4: +0.1 for the same intent). */
const sameTask = 0.1

/**
 * Weighs the candidates of a recognition (rows A9, A24): the best one when it reaches its threshold and stands clear of
 * the next; several, the likeliest first, when they are closer than `ambiguity_detection_threshold`; the task under way
 * unless another intent is surer by `intent_transfer_threshold`.
 */
export function weigh(
  understood: Understanding,
  options: {
    readonly intents: readonly IntentConfig[]
    readonly thresholds: SystemThresholds
    /** The intent of the task under way. */
    readonly current: string | undefined
  },
): Meaning {
  const { intents, thresholds, current } = options
  const { intent: best, slots } = understood
  const ranked = candidatesOf(understood)
    .map((choice) => ({
      ...choice,
      confidence:
        choice.intent_name === current ? Math.min(1, choice.confidence + sameTask) : choice.confidence,
    }))
    .toSorted((a, b) => b.confidence - a.confidence)
  const alike = ranked.filter(({ confidence }) => confidence >= certain).length > 1
  if (best !== null && (understood['only_values'] === true || (best.confidence >= certain && !alike))) {
    return { kind: 'clear', choice: { intent_name: best.intent_name, confidence: best.confidence, slots } }
  }
  const [first] = ranked
  if (first === undefined) return { kind: 'none' }
  const gap = (choice: Choice): number => first.confidence - choice.confidence
  const here = ranked.find(({ intent_name }) => intent_name === current)
  const enough = (choice: Choice): boolean =>
    choice.confidence >=
    (intents.find(({ intent_name }) => intent_name === choice.intent_name)?.confidence_threshold ?? 1)
  if (here !== undefined && enough(here) && gap(here) < thresholds.intent_transfer_threshold) {
    return { kind: 'clear', choice: here }
  }
  const close = ranked.filter(
    (choice) =>
      choice.confidence >= thresholds.intent_confidence_threshold &&
      gap(choice) < thresholds.ambiguity_detection_threshold,
  )
  if (close.length > 1) {
    return { kind: 'ambiguous', candidates: close.slice(0, thresholds.max_ambiguity_candidates) }
  }
  return enough(first) ? { kind: 'clear', choice: first } : { kind: 'none' }
}

/** A result that another program wrote may name its intent alone. */
function candidatesOf({ intent, slots, candidates = [] }: Understanding): readonly Choice[] {
  const listed = candidates.map((one) => ({
    intent_name: one.intent_name,
    confidence: one.confidence,
    slots: (one['slots'] ?? {}) as Choice['slots'],
  }))
  if (intent === null || listed.some(({ intent_name }) => intent_name === intent.intent_name)) return listed
  return [{ intent_name: intent.intent_name, confidence: intent.confidence, slots }, ...listed]
}
