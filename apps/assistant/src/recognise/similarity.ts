// How sure the embedded recogniser is, in three steps. The weight of a gram falls with the number of intents that use
// it: 我想 says little, 机票 much. A sentence is compared with every example by the weight they share (Tversky's index:
// words the example lacks count less than words the sentence lacks, since people say more than examples do), and with
// the intent as a whole by the share of its weighty grams that only this intent uses. Both give one figure, stretched
// so that an example itself is 0.99, a sentence close to one 0.9 and more, and one that only shares a few words stays
// under the thresholds of intents (0.7 to 0.85).
import { type Grams, gramsOf } from './grams.ts'

/** An intent and how sure one may be of it, 0 to 1. */
export interface Ranked {
  readonly intent_name: string
  readonly confidence: number
}

/** Compares masked sentences with the examples of every intent; best first. */
export type Ranker = (masked: string) => readonly Ranked[]

interface Example {
  readonly intent: string
  readonly grams: Grams
}

const queryShare = 0.4
const unknownWeight = 0.45

/** Makes a ranker of the masked examples of each intent. Built once for a state of knowledge. */
export function createRanker(intents: ReadonlyMap<string, readonly string[]>): Ranker {
  const examples: Example[] = []
  const uses = new Map<string, Map<string, number>>()
  for (const [intent, sentences] of intents) {
    for (const masked of new Set(sentences)) {
      const grams = gramsOf(masked)
      examples.push({ intent, grams })
      for (const gram of grams.keys()) {
        const byIntent = uses.get(gram) ?? new Map<string, number>()
        byIntent.set(intent, (byIntent.get(intent) ?? 0) + 1)
        uses.set(gram, byIntent)
      }
    }
  }
  const rarest = Math.log(1 + intents.size)
  const weigh = (grams: Grams): Map<string, number> => {
    const weights = new Map<string, number>()
    for (const [gram, weight] of grams) {
      const known = uses.get(gram)?.size
      const rarity = known === undefined ? unknownWeight : 0.1 + Math.log(1 + intents.size / known) / rarest
      weights.set(gram, weight * rarity)
    }
    return weights
  }
  const index = examples.map(({ intent, grams }) => {
    const weights = weigh(grams)
    return { intent, weights, total: sum(weights.values()) }
  })
  // Which examples have a gram: most share none with a sentence.
  const holders = new Map<string, number[]>()
  for (const [position, { weights }] of index.entries()) {
    for (const gram of weights.keys()) {
      const known = holders.get(gram)
      if (known === undefined) holders.set(gram, [position])
      else known.push(position)
    }
  }

  return (masked) => {
    const query = weigh(gramsOf(masked))
    const total = sum(query.values())
    const closest = new Map<string, number>()
    const common = new Float64Array(index.length)
    for (const [gram, weight] of query) {
      for (const position of holders.get(gram) ?? []) common[position]! += weight
    }
    for (const [position, example] of index.entries()) {
      const similar = (common[position] ?? 0) / (queryShare * total + (1 - queryShare) * example.total || 1)
      if (similar > (closest.get(example.intent) ?? -1)) closest.set(example.intent, similar)
    }
    const support = new Map<string, number>()
    for (const [gram, weight] of query) {
      const byIntent = uses.get(gram)
      if (byIntent === undefined) continue
      const all = sum(byIntent.values())
      for (const [intent, count] of byIntent) {
        support.set(intent, (support.get(intent) ?? 0) + (weight / total) * (count / all))
      }
    }
    return [...closest]
      .map(([intent_name, similar]) => ({
        intent_name,
        confidence: calibrate(similar, support.get(intent_name) ?? 0),
      }))
      .toSorted((a, b) => b.confidence - a.confidence)
  }
}

function calibrate(similar: number, support: number): number {
  const near = Math.min(1, similar)
  const raw = near > 0.995 ? 1 : 0.5 * near + 0.5 * support
  return Math.round(0.99 * (1 - (1 - raw) ** 3.4) * 10_000) / 10_000
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
