// A word that only one intent is about says more than the words around it: 机票 in a long sentence is about flights,
// whatever else is said. Which concepts are an intent's own is learnt from the examples: at least three of four uses,
// each intent counting alike. A sentence whose concepts point at one intent alone makes that intent surer and the others
// less; concepts of two intents leave the figures as they are. Values count, too: only flights have airlines. A task that
// nothing in the sentence points at is less sure, unless an example says just that: one can buy many things.
import type { IntentConfig } from '../catalog/intent.ts'
import type { Ranked } from './similarity.ts'

const ownShare = 0.75
const surer = 0.5
const lessSure = 0.9
const unsupported = 0.85
const justAnExample = 0.96

/** Weighs ranked intents by the concepts that a masked sentence has. */
export type Evidence = (ranked: readonly Ranked[], masked: string) => readonly Ranked[]

function kindsOf(masked: string): readonly string[] {
  return [...new Set(Array.from(masked.matchAll(/<([a-z_]+)>/g), (match) => match[1] ?? ''))]
}

function round(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000
}

/** Kinds of values that only one intent has a slot for. */
function ownersBySlot(intents: readonly IntentConfig[]): ReadonlyMap<string, string> {
  const users = new Map<string, Set<string>>()
  for (const { intent_name: name, slots } of intents) {
    for (const { entity_type: type } of slots) {
      if (type !== undefined) users.set(type, (users.get(type) ?? new Set()).add(name))
    }
  }
  return new Map(
    [...users].flatMap(([type, names]) => (names.size === 1 ? [[type, [...names].join('')]] : [])),
  )
}

/** Makes the weighing of the masked examples of each intent. `concepts` are the words that count. */
export function createEvidence(
  intents: readonly IntentConfig[],
  masked: ReadonlyMap<string, readonly string[]>,
  concepts: ReadonlySet<string>,
): Evidence {
  const shares = new Map<string, Map<string, number>>()
  for (const [intent, examples] of masked) {
    for (const kind of examples.flatMap(kindsOf)) {
      if (!concepts.has(kind)) continue
      const byIntent = shares.get(kind) ?? new Map<string, number>()
      byIntent.set(intent, (byIntent.get(intent) ?? 0) + 1 / examples.length)
      shares.set(kind, byIntent)
    }
  }
  const owners = new Map(ownersBySlot(intents))
  const tasks = new Set(intents.flatMap(({ intent_name, slots }) => (slots.length > 0 ? [intent_name] : [])))
  for (const [kind, byIntent] of shares) {
    const all = [...byIntent.values()].reduce((sum, share) => sum + share, 0)
    for (const [intent, share] of byIntent) if (share / all >= ownShare) owners.set(kind, intent)
  }
  return (ranked, sentence) => {
    const named = new Set(kindsOf(sentence).flatMap((kind) => owners.get(kind) ?? []))
    const factor = ({ intent_name: name, confidence }: Ranked): number => {
      if (named.has(name) && named.size === 1) return Math.min(0.99, confidence + (1 - confidence) * surer)
      if (confidence >= justAnExample || named.size > 1) return confidence
      if (named.size === 1) return confidence * lessSure
      return tasks.has(name) ? confidence * unsupported : confidence
    }
    return ranked
      .map((one) => ({ ...one, confidence: round(factor(one)) }))
      .toSorted((a, b) => b.confidence - a.confidence)
  }
}
