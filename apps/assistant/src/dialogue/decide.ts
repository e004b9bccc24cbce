import type { IntentConfig } from '../catalog/intent.ts'
import type { Knowledge } from '../recognise/recogniser.ts'
import type { DecideOptions, Decision, Situation } from './decision.ts'
import { type Filling, fillSlots } from './fill.ts'
import { type Language, inLanguage } from './language.ts'
import { phrasesOf } from './phrases.ts'
import { describeTalk } from './talk.ts'
import type { Understanding } from './understand.ts'
import { promptOf, slotLabel } from './validate.ts'

/** A value as a user of the language reads it: 北京 is Beijing in English, where its dictionary says so. */
export function showValue(value: string, knowledge: Knowledge, language: Language): string {
  if (language === 'zh') return value
  for (const { entities } of knowledge.dictionaries) {
    const name = entities[value]?.metadata?.['name_en']
    if (typeof name === 'string') return name
  }
  return value
}

/** The intent's name as a user of the language reads it. */
export function intentLabel(intent: IntentConfig, language: Language): string {
  return inLanguage(language, intent.display_name, intent.display_name_en?.toLowerCase())
}

function fill(
  intent: IntentConfig,
  understood: Understanding,
  situation: Situation,
  options: DecideOptions,
): Filling {
  const { knowledge, today, language } = options
  // A finished task is over: the same intent said again begins anew, but a mere value amends it.
  const goesOn =
    situation.intent === intent.intent_name && (!situation.state.done || understood['only_values'] === true)
  return fillSlots(intent, goesOn ? situation.slots : {}, understood.slots, {
    today,
    language,
    show: (value) => showValue(value, knowledge, language),
    threshold: options.slotThreshold,
  })
}

/**
 * Decides one turn: fills the slots of the intent, tells what is wrong, asks for what is missing in the order of the
 * configuration, or sums up when nothing is. Pure: everything it knows is in its arguments. Nothing is carried out here.
 */
export function decide(understood: Understanding, situation: Situation, options: DecideOptions): Decision {
  const { knowledge, language } = options
  const phrases = phrasesOf(language)
  const intent = knowledge.intents.find(({ intent_name }) => intent_name === understood.intent?.intent_name)
  if (intent === undefined || intent.slots.length === 0) return describeTalk(intent, situation, options)

  const filling = fill(intent, understood, situation, options)
  const label = intentLabel(intent, language)
  const show = (name: string): readonly [string, string] => {
    const slot = intent.slots.find(({ slot_name }) => slot_name === name)
    const value = showValue(String(filling.values[name]), knowledge, language)
    return [slot === undefined ? name : slotLabel(slot, language), value]
  }
  const base = {
    intent: intent.intent_name,
    slots: filling.values,
    parts: {},
    missing: filling.missing.map(({ slot_name }) => slot_name),
    problems: filling.problems,
    filling,
  }
  const wrong = intent.slots.find(({ slot_name }) => filling.problems[slot_name] !== undefined)
  if (wrong !== undefined) {
    const message = Object.values(filling.problems).join(language === 'en' ? ' ' : '')
    return {
      ...base,
      response: message,
      parts: { error_message: message, prompt: promptOf(wrong, language) },
      responseType: 'validation_error_prompt',
      status: 'validation_error',
      nextAction: 'correct_slot',
      awaited: { intent_name: intent.intent_name, slot_name: wrong.slot_name },
    }
  }
  const [next] = filling.missing
  if (next !== undefined) {
    const prompt = promptOf(next, language)
    const heard = filling.given.map(({ slot }) => show(slot.slot_name))
    return {
      ...base,
      response: `${phrases.noted(heard)}${language === 'en' ? ' ' : ''}${prompt}`,
      responseType: 'slot_prompt',
      status: 'slot_filling',
      nextAction: 'collect_missing_slots',
      awaited: { intent_name: intent.intent_name, slot_name: next.slot_name },
    }
  }
  return {
    ...base,
    response: phrases.complete(label, Object.keys(filling.values).map(show)),
    responseType: 'task_completion',
    status: 'completed',
    nextAction: 'confirm',
    awaited: undefined,
  }
}
