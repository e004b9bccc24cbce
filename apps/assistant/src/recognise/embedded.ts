import type { IntentConfig } from '../catalog/intent.ts'
import { type Learnt, learn, lessonsOf } from './learn.ts'
import { type Reading, read } from './reading.ts'
import {
  type Awaited,
  type Candidate,
  type FoundSlot,
  type Knowledge,
  type Recogniser,
  type Recognition,
  outOfScope,
} from './recogniser.ts'
import type { Ranked } from './similarity.ts'
import { findSlots } from './slots.ts'

interface Index extends Learnt {
  readonly intents: ReadonlyMap<string, IntentConfig>
}

// Nobody names a place or an account with more: past these a text is a sentence that was not understood.
const longestValue = { chinese: 12, words: 4 }
/** Less likely intents than this do not come into question; of the others the best few are told. */
const leastLikely = 0.5
const mostCandidates = 5
const wrapping = /^(?:从|由|去|到|飞|是|我在|from|to|in|it is|it's)\s*|\s*(?:出发|吧|的|。|\.|!|！)$/gi

/** What the awaited slot is given when nothing known was said: the text itself, for the intent's rules to judge. */
function plainValue(reading: Reading): FoundSlot | undefined {
  const text = reading.text.replace(wrapping, '').trim()
  const short = /\p{Script=Han}/u.test(text)
    ? text.length <= longestValue.chinese
    : text.split(' ').length <= longestValue.words
  if (text === '' || !short) return undefined
  return {
    value: text,
    normalized_value: text,
    confidence: 0.6,
    source: 'text',
    original_text: text,
    is_validated: false,
  }
}

/** A sentence that has values for an intent's slots is likelier to mean that intent (originals 2.4: +0.05 for slots). */
function withSlots(confidence: number, found: number): number {
  if (found === 0) return confidence
  return Math.min(0.99, Math.round((confidence + 0.025 * Math.min(2, found)) * 10_000) / 10_000)
}

function answer(
  intent: IntentConfig | undefined,
  confidence: number,
  { slots, onlyValues }: Pick<Recognition, 'slots' | 'onlyValues'>,
): Recognition {
  const recognised =
    intent === undefined
      ? null
      : { id: intent.id, intent_name: intent.intent_name, display_name: intent.display_name, confidence }
  return { intent: recognised, confidence, slots, onlyValues, model: 'embedded' }
}

function continueWith(
  reading: Reading,
  index: Index,
  { awaited, sure }: { awaited: Awaited; sure: boolean },
): Recognition | undefined {
  const intent = index.intents.get(awaited.intent_name)
  if (intent === undefined) return undefined
  const slots = findSlots(intent, reading, awaited.slot_name)
  if (Object.keys(slots).length > 0) {
    return answer(intent, reading.bare ? 0.98 : 0.9, { slots, onlyValues: reading.bare || !sure })
  }
  const asked = intent.slots.some(({ slot_name }) => slot_name === awaited.slot_name)
  const value = asked && !sure ? plainValue(reading) : undefined
  return value === undefined
    ? undefined
    : answer(intent, 0.6, { slots: { [awaited.slot_name]: value }, onlyValues: true })
}

/** The likeliest intents with what the sentence has for each. */
function candidatesOf(ranked: readonly Ranked[], reading: Reading, index: Index): readonly Candidate[] {
  const likely = ranked.slice(0, mostCandidates).flatMap(({ intent_name: name, confidence }): Candidate[] => {
    const intent = index.intents.get(name)
    if (intent === undefined) return []
    const slots = findSlots(intent, reading)
    const sure = withSlots(confidence, Object.keys(slots).length)
    if (sure < leastLikely) return []
    return [{ id: intent.id, intent_name: name, display_name: intent.display_name, confidence: sure, slots }]
  })
  return likely.toSorted((a, b) => b.confidence - a.confidence)
}

/**
 * The recogniser that needs no server: dictionaries, dates, and what it learns from the examples of intents (row A24). An explicit new intent
 * wins over the slot that is awaited, unless the sentence is nothing but a value; a value alone fills that slot.
 */
export function createEmbeddedRecogniser(): Recogniser {
  const indexes = new WeakMap<Knowledge, Index>()
  let last: { readonly lessons: string; readonly learnt: Learnt } | undefined

  function indexOf(knowledge: Knowledge): Index {
    const known = indexes.get(knowledge)
    if (known !== undefined) return known
    const lessons = lessonsOf(knowledge)
    // Another threshold or prompt teaches nothing new, and learning takes a moment.
    last = last?.lessons === lessons ? last : { lessons, learnt: learn(knowledge) }
    const intents = knowledge.intents.filter(({ intent_name: name }) => name !== outOfScope)
    const index = { ...last.learnt, intents: new Map(intents.map((intent) => [intent.intent_name, intent])) }
    indexes.set(knowledge, index)
    return index
  }

  return {
    name: 'embedded',
    usesHistory: false,
    prepare: (knowledge) => void indexOf(knowledge),
    async recognise({ text, knowledge, awaited, ...moment }) {
      const index = indexOf(knowledge)
      const reading = read(text, index.find, { ...moment, spell: index.spell })
      // A number or a sign alone may answer a question; it asks for nothing.
      const ranked = /\p{L}/u.test(reading.lower) ? index.rank(reading) : []
      const best = ranked[0]
      const intent = index.intents.get(best?.intent_name ?? '')
      const slots = intent === undefined ? {} : findSlots(intent, reading)
      const confidence = withSlots(best?.confidence ?? 0, Object.keys(slots).length)
      const sure = intent !== undefined && confidence >= intent.confidence_threshold
      if (awaited !== undefined && (!sure || reading.bare || intent.intent_name === awaited.intent_name)) {
        const continued = continueWith(reading, index, { awaited, sure })
        if (continued !== undefined) return continued
      }
      const recognised = answer(sure ? intent : undefined, confidence, {
        slots: sure ? slots : {},
        onlyValues: reading.bare,
      })
      const candidates = reading.bare ? [] : candidatesOf(ranked, reading, index)
      return candidates.length === 0 ? recognised : { ...recognised, candidates }
    },
  }
}
