import type { IntentConfig } from '../catalog/intent.ts'
import type { Preferences } from '../catalog/profile.ts'
import type { FoundSlot, Knowledge } from '../recognise/recogniser.ts'

/**
 * What the optional slots of an intent take when the user says nothing: his preference of that name
 * (`preferred_airline`, `default_travel_class`; rows A3, A5), else the slot's own default. A preference that its
 * dictionary does not know is left out.
 */
export function defaultsOf(
  intent: IntentConfig,
  preferences: Preferences,
  knowledge: Knowledge,
): Readonly<Record<string, FoundSlot>> {
  const found: Record<string, FoundSlot> = {}
  for (const { slot_name: name, entity_type: type, default_value, is_required } of intent.slots) {
    const preferred = preferences[`preferred_${name}`] ?? preferences[`default_${name}`]
    const said = is_required ? default_value : (preferred ?? default_value)
    if (typeof said !== 'string' && typeof said !== 'number' && typeof said !== 'boolean') continue
    const value = type === undefined ? String(said) : entityValue(knowledge, type, String(said))
    if (value === undefined) continue
    found[name] = {
      value,
      normalized_value: value,
      confidence: 1,
      source: said === preferred ? 'preference' : 'default',
      original_text: String(said),
      is_validated: true,
    }
  }
  return found
}

/** `economy`, `Economy class` and 经济舱 are one value. */
function entityValue(knowledge: Knowledge, type: string, said: string): string | undefined {
  const dictionary = knowledge.dictionaries.find(({ entity_type_code }) => entity_type_code === type)
  const wanted = said.toLowerCase()
  return Object.values(dictionary?.entities ?? {}).find(
    ({ entity_value, canonical_form, aliases, metadata }) =>
      [entity_value, canonical_form, ...aliases, metadata?.['code']].some(
        (name) => typeof name === 'string' && name.toLowerCase() === wanted,
      ),
  )?.entity_value
}
