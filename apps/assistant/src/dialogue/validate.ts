import type { SlotDefinition } from '../catalog/slot.ts'
import { type Day, addDays, dayText, readDay } from '../recognise/calendar.ts'
import { type Language, inLanguage } from './language.ts'
import { type Phrases, phrasesOf } from './phrases.ts'

/** A message lists at most this many of the values that are allowed. */
const mostChoices = 8

/** What a slot is called in a language, such as `出发城市` or `departure city`. */
export function slotLabel(slot: SlotDefinition, language: Language): string {
  const plain = slot.slot_name.replaceAll('_', ' ')
  return inLanguage(language, slot.display_name ?? plain, slot.display_name_en ?? plain)
}

/** What asks for a slot, in a language. */
export function promptOf(slot: SlotDefinition, language: Language): string {
  return inLanguage(
    language,
    slot.prompt_template,
    slot.prompt_template_en ?? phrasesOf('en').ask(slotLabel(slot, 'en')),
  )
}

/** The day that a rule names: `today`, `+30d`, `-7d` or `2026-12-31`; undefined for anything else. */
export function ruleDay(rule: string, today: Day): string | undefined {
  if (rule === 'today') return dayText(today)
  const match = /^([+-]\d{1,4})d$/.exec(rule)
  if (match !== null) return dayText(addDays(today, Number(match[1])))
  return readDay(rule) === undefined ? undefined : rule
}

function dateProblem(slot: SlotDefinition, value: string, today: Day, phrases: Phrases): string | undefined {
  if (readDay(value) === undefined) return phrases.notDate(value)
  const { min_date = '', max_date = '' } = slot.validation_rules
  const earliest = ruleDay(min_date, today)
  const latest = ruleDay(max_date, today)
  const early = earliest !== undefined && value < earliest
  const late = latest !== undefined && value > latest
  return early || late ? phrases.outOfWindow(value, earliest, latest) : undefined
}

function numberProblem(slot: SlotDefinition, value: string, phrases: Phrases): string | undefined {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) return phrases.notNumber(value)
  const { min = -Infinity, max = Infinity } = slot.validation_rules
  return number < min || number > max ? phrases.outOfRange(value, min, max) : undefined
}

/** The message of the intent's configuration, with the value in it. */
function ownMessage(slot: SlotDefinition, value: string, language: Language): string | undefined {
  return inLanguage(language, slot.error_message, slot.error_message_en)?.replaceAll('${value}', () => value)
}

function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    // A rule that is no regular expression cannot be kept by anybody; the editor of intents refuses it.
    return true
  }
}

/**
 * What is wrong with a value by the rules of its slot (row A6), as a sentence in the user's language that quotes it;
 * undefined when nothing is. `show` gives a value of the rules as the user would read it.
 */
export function findProblem(
  slot: SlotDefinition,
  value: string,
  options: { today: Day; language: Language; show: (value: string) => string },
): string | undefined {
  const { today, language, show } = options
  const phrases = phrasesOf(language)
  const rules = slot.validation_rules
  if (slot.slot_type === 'DATE') return dateProblem(slot, value, today, phrases)
  if (slot.slot_type === 'NUMBER') return numberProblem(slot, value, phrases)
  if (rules.allowed_values !== undefined && !rules.allowed_values.includes(value)) {
    const said =
      ownMessage(slot, show(value), language) ?? phrases.notAllowed(slotLabel(slot, language), show(value))
    return `${said}${phrases.choices(rules.allowed_values.slice(0, mostChoices).map(show))}`
  }
  const length = Array.from(value).length
  const long = length < (rules.min_length ?? 0) || length > (rules.max_length ?? Infinity)
  if (long || (rules.pattern !== undefined && !fits(rules.pattern, value))) {
    return (
      ownMessage(slot, show(value), language) ?? phrases.notFitting(slotLabel(slot, language), show(value))
    )
  }
  return undefined
}
