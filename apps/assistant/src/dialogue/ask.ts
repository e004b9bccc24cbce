import type { IntentConfig } from '../catalog/intent.ts'
import type { SlotMap } from '../catalog/json.ts'
import type { Knowledge } from '../recognise/recogniser.ts'
import { type DecideOptions, intentOf } from './decision.ts'
import { type Language, inLanguage } from './language.ts'
import { phrasesOf } from './phrases.ts'
import type { Choice, Standing } from './standing.ts'
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

/** Labels and values of slots as the user reads them, in the order of the configuration. */
export function showSlots(
  intent: IntentConfig,
  slots: SlotMap,
  { knowledge, language }: Pick<DecideOptions, 'knowledge' | 'language'>,
): readonly (readonly [string, string])[] {
  return intent.slots.flatMap((slot): [string, string][] => {
    const value = slots[slot.slot_name]
    return value === undefined
      ? []
      : [[slotLabel(slot, language), showValue(String(value), knowledge, language)]]
  })
}

/** The prompt template of a type in the language, filled in; undefined where there is none (row A23). */
function fromTemplate(
  type: string,
  parts: Readonly<Record<string, string>>,
  { prompts, language }: DecideOptions,
): string | undefined {
  const template = prompts.find((one) => one.template_type === type && one.language === language)
  return template?.content.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole)
}

/** The summary that a yes is wanted to. */
export function askToConfirm(intent: IntentConfig, slots: SlotMap, options: DecideOptions): string {
  const phrases = phrasesOf(options.language)
  const shown = phrases.pairs(showSlots(intent, slots, options))
  const name = intentLabel(intent, options.language)
  return (
    fromTemplate('confirmation', { display_name: name, slots: shown }, options) ??
    phrases.confirm(name, shown)
  )
}

/** The numbered question which of several intents was meant. */
export function askWhich(candidates: readonly Choice[], options: DecideOptions): string {
  const names = candidates.map(({ intent_name: name }, index) => {
    const intent = intentOf(name, options.knowledge)
    return `${index + 1}. ${intent === undefined ? name : intentLabel(intent, options.language)}`
  })
  const choices = names.join(options.language === 'en' ? ', ' : '；')
  return fromTemplate('disambiguation', { choices }, options) ?? phrasesOf(options.language).which(choices)
}

/** What the assistant has asked, in words, to be asked again; undefined when it has asked nothing. */
export function askAgain({ task, question }: Standing, options: DecideOptions): string | undefined {
  const intent = intentOf(task?.intent_name, options.knowledge)
  if (question?.kind === 'choice') return askWhich(question.candidates, options)
  if (question === undefined || intent === undefined || task === undefined) return undefined
  if (question.kind === 'confirm') return askToConfirm(intent, task.slots, options)
  if (question.kind === 'change') return phrasesOf(options.language).whatToChange
  const slot = intent.slots.find(({ slot_name }) => slot_name === question.slot_name)
  return slot === undefined ? undefined : promptOf(slot, options.language)
}
