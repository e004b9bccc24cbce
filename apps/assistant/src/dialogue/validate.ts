import type { SlotDefinition } from '../catalog/slot.ts'
import { type Day, addDays, dayText, readDay } from '../recognise/calendar.ts'
import { type Language, inLanguage } from './language.ts'
import { type Phrases, phrasesOf } from './phrases.ts'

/** What a slot is called in a language, such as `出发城市` or `departure city`. */
export function slotLabel(slot: SlotDefinition, language: Language): string {
  const plain = slot.slot_name.replaceAll('_', ' ')
  return inLanguage(language, slot.display_name ?? plain, slot.display_name_en ?? plain)
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
    return phrases.notAllowed(slotLabel(slot, language), show(value), rules.allowed_values.map(show))
  }
  const length = [...value].length
  const long = length < (rules.min_length ?? 0) || length > (rules.max_length ?? Infinity)
  if (long || (rules.pattern !== undefined && !fits(rules.pattern, value))) {
    return (
      inLanguage(language, slot.error_message, slot.error_message_en) ??
      phrases.notFitting(slotLabel(slot, language), show(value))
    )
  }
  return undefined
}
