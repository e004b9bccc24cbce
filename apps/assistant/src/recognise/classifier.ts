// Multinomial logistic regression with AdaGrad (Duchi, Hazan, Singer 2011) and L2, on vectors of unit length weighed by
// how rare a feature is. The examples of an intent count by the square root of their share, so that an intent with few
// is not drowned. Deterministic: no random order, no random start. Some 800 examples take a few tenths of a second, once
// for a state of the examples; a sentence then takes some microseconds.
import type { Features } from './features.ts'

/** A sentence whose intent is known. */
export interface Lesson {
  readonly intent: string
  readonly features: Features
}

/** How likely each intent is for the features of a sentence; the figures sum to 1. */
export type Classifier = (features: Features) => ReadonlyMap<string, number>

const rounds = 40
const rate = 0.5
const decay = 0.0005
const scale = 3
/** A lesson that is known this well teaches nothing more in this round. */
const learnt = 0.01

interface Vector {
  readonly ids: Int32Array
  readonly values: Float64Array
}

/** Learns from lessons in their order. With no lessons the classifier knows no intent. */
export function trainClassifier(lessons: readonly Lesson[]): Classifier {
  const intents = [...new Set(lessons.map(({ intent }) => intent))]
  const count = intents.length
  const uses = new Map<string, number>()
  for (const { features } of lessons) {
    for (const name of features.keys()) uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  const ids = new Map(Array.from(uses.keys(), (name, index) => [name, index]))

  const vectorOf = (features: Features): Vector => {
    let length = 0
    const known: [number, number][] = []
    for (const [name, weight] of features) {
      const id = ids.get(name)
      // What was never seen makes the rest of the sentence say less.
      const value = weight * Math.log(1 + lessons.length / (uses.get(name) ?? 0.5))
      length += value * value
      if (id !== undefined) known.push([id, value])
    }
    const factor = scale / (Math.sqrt(length) || 1)
    return {
      ids: Int32Array.from(known, ([id]) => id),
      values: Float64Array.from(known, ([, value]) => value * factor),
    }
  }

  const weights = new Float64Array(ids.size * count)
  const bias = new Float64Array(count)
  const likely = new Float64Array(count)

  /** Leaves the likelihoods in `likely`. */
  const assess = ({ ids: rows, values }: Vector): void => {
    likely.set(bias)
    for (let at = 0; at < rows.length; at += 1) {
      const row = (rows[at] as number) * count
      const value = values[at] as number
      for (let one = 0; one < count; one += 1) likely[one]! += (weights[row + one] as number) * value
    }
    const highest = Math.max(...likely)
    let sum = 0
    for (let one = 0; one < count; one += 1) sum += likely[one] = Math.exp((likely[one] as number) - highest)
    for (let one = 0; one < count; one += 1) likely[one]! /= sum
  }

  const vectors = lessons.map(({ features }) => vectorOf(features))
  const targets = lessons.map(({ intent }) => intents.indexOf(intent))
  const shares = intents.map((_, one) => targets.filter((target) => target === one).length)
  const importance = shares.map((share) => Math.sqrt(lessons.length / count / share))
  const steps = new Float64Array(weights.length).fill(1e-8)
  const biasSteps = new Float64Array(count).fill(1e-8)
  const learn = (vector: Vector, target: number): void => {
    assess(vector)
    const errors: [number, number][] = []
    for (let one = 0; one < count; one += 1) {
      const wrong = (likely[one] as number) - (one === target ? 1 : 0)
      if (Math.abs(wrong) < learnt) continue
      const error = wrong * (importance[target] as number)
      biasSteps[one]! += error * error
      bias[one]! -= (rate * error) / Math.sqrt(biasSteps[one] as number)
      errors.push([one, error])
    }
    for (let at = 0; errors.length > 0 && at < vector.ids.length; at += 1) {
      const row = (vector.ids[at] as number) * count
      const value = vector.values[at] as number
      for (const [one, error] of errors) {
        const slope = error * value + decay * (weights[row + one] as number)
        const step = (steps[row + one] as number) + slope * slope
        steps[row + one] = step
        weights[row + one]! -= (rate * slope) / Math.sqrt(step)
      }
    }
  }
  // A stride that shares no factor with most counts: neighbours in the list are mostly of one intent.
  const stride = 7919
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < vectors.length; turn += 1) {
      const index = (turn * stride + round * 31) % vectors.length
      const vector = vectors[index]
      if (vector !== undefined) learn(vector, targets[index] as number)
    }
  }

  return (features) => {
    assess(vectorOf(features))
    return new Map(intents.map((intent, one) => [intent, likely[one] as number]))
  }
}
