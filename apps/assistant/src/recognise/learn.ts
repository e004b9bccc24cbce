// What the embedded recogniser learns from the configuration, and how sure it is of a sentence. Two judges: the nearest
// examples with the evidence of words (`similarity.ts`, `evidence.ts`), and a classifier of the whole (`classifier.ts`).
// A sentence that is an example is what it is an example of, whatever the classifier says.
import type { IntentConfig } from '../catalog/intent.ts'
import { type Classifier, trainClassifier } from './classifier.ts'
import { type EntityFinder, conceptOf, conceptType, createEntityFinder } from './entities.ts'
import { type Evidence, createEvidence } from './evidence.ts'
import { featuresOf } from './features.ts'
import { type Reading, read } from './reading.ts'
import type { Knowledge } from './recogniser.ts'
import { type Ranked, type Ranker, createRanker } from './similarity.ts'
import { type Speller, createSpeller } from './spelling.ts'

/** What was learnt. */
export interface Learnt {
  readonly find: EntityFinder
  readonly spell: Speller
  /** The intents by how sure one may be, 0 to 1, the surest first; `out_of_scope` is among them. */
  rank(reading: Reading): readonly Ranked[]
}

/** How sure one may be of a sentence that is an example, but for its values. */
const justAnExample = 0.99
/** How much the classifier counts beside the nearest examples; settled by cross-validation over the examples. */
const classifierShare = 0.6
/** Stretches the mean of the judges so that the one below which it is better to ask again is at thresholds of 0.7 to 0.85. */
const stretch = 3.2
// Examples are read with any day: 明天 is a <date> whichever it is.
const anyDay = { now: new Date(0), timezone: 'UTC' }

/** The two judges' figures as one. `own` are the intents that the sentence is an example of. */
function blend(
  ranked: readonly Ranked[],
  likely: ReturnType<Classifier>,
  own: ReadonlySet<string> | undefined,
): readonly Ranked[] {
  const near = new Map(ranked.map(({ intent_name, confidence }) => [intent_name, confidence]))
  return Array.from(likely, ([intent_name, share]) => {
    if (own?.has(intent_name) === true) return { intent_name, confidence: justAnExample }
    const mean = classifierShare * share + (1 - classifierShare) * (near.get(intent_name) ?? 0)
    const confidence = (own === undefined ? 0.98 : 0.9) * (1 - (1 - mean) ** stretch)
    return { intent_name, confidence: Math.round(confidence * 10_000) / 10_000 }
  }).toSorted((a, b) => b.confidence - a.confidence)
}

/** Learns from the examples, slots and dictionaries of a state of the configuration. */
export function learn({ intents, dictionaries }: Pick<Knowledge, 'intents' | 'dictionaries'>): Learnt {
  const find = createEntityFinder(dictionaries)
  const readings = intents.map(({ intent_name: intent, examples }) => ({
    intent,
    readings: examples.map((example) => read(example, find, anyDay)),
  }))
  const masked = new Map(
    readings.map(({ intent, readings: own }) => [intent, own.map((reading) => reading.masked)]),
  )
  const owners = new Map<string, Set<string>>()
  for (const [intent, sentences] of masked) {
    for (const sentence of sentences) owners.set(sentence, (owners.get(sentence) ?? new Set()).add(intent))
  }
  const concepts = dictionaries.find(({ entity_type_code }) => entity_type_code === conceptType)?.entities
  const rank: Ranker = createRanker(masked)
  const weigh: Evidence = createEvidence(
    intents,
    masked,
    new Set(Object.values(concepts ?? {}).map(conceptOf)),
  )
  const classify = trainClassifier(
    readings.flatMap(({ intent, readings: own }) =>
      own.map((reading) => ({ intent, features: featuresOf(reading) })),
    ),
  )
  return {
    find,
    spell: createSpeller({ dictionaries, intents }),
    rank(reading) {
      const near = weigh(rank(reading.masked), reading.masked)
      const own = owners.get(reading.masked)
      // 北京 alone is a value and asks for nothing: the classifier would have to choose all the same.
      if (reading.bare && own === undefined) return near
      return blend(near, classify(featuresOf(reading)), own)
    },
  }
}

/** What of the configuration is learnt from: a threshold or a prompt is not. */
export function lessonsOf({ intents, dictionaries }: Pick<Knowledge, 'intents' | 'dictionaries'>): string {
  const taught = ({ intent_name, examples, slots }: IntentConfig): unknown => [
    intent_name,
    examples,
    slots.map(({ slot_name, entity_type }) => [slot_name, entity_type]),
  ]
  return JSON.stringify([
    intents.map(taught),
    dictionaries.map(({ entity_type_code, entities }) => [entity_type_code, entities]),
  ])
}
