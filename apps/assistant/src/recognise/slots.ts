import type { IntentConfig } from '../catalog/intent.ts'
import type { SlotDefinition } from '../catalog/slot.ts'
import { findByRules } from './extraction-rules.ts'
import type { Place, Reading } from './reading.ts'
import type { FoundSlot } from './recogniser.ts'
import type { Role } from './roles.ts'

const roleNames: readonly (readonly [Role, RegExp])[] = [
  ['departure', /^(?:departure|origin|from|start)_/],
  ['arrival', /^(?:arrival|destination|to|end)_|^destination$/],
]

/** Which end of a journey a slot holds, by its name; undefined for any other slot. */
export function roleOf(slotName: string): Role | undefined {
  return roleNames.find(([, pattern]) => pattern.test(slotName))?.[0]
}

function fromEntity(place: Place, reading: Reading, confidence: number): FoundSlot {
  return {
    value: place.value,
    normalized_value: place.value,
    confidence: Math.min(1, confidence * place.weight),
    source: 'dictionary',
    original_text: reading.text.slice(place.start, place.end),
    is_validated: true,
    canonical_form: place.canonical,
  }
}

/** A value that the slot's own pattern finds in the sentence, such as a number of eleven digits. */
function fromPattern(slot: SlotDefinition, reading: Reading): FoundSlot | undefined {
  const source = slot.validation_rules.pattern?.replace(/^\^/, '').replace(/\$$/, '')
  // A pattern of letters would find any word: only what has digits and no letters is told apart from talk.
  if (source === undefined || !/\\d|0-9/.test(source) || /[\\[]u4e00|\\w|[a-z]-[a-z]/i.test(source))
    return undefined
  const found = new RegExp(`(?<!\\d)(?:${source})(?!\\d)`).exec(reading.text)?.[0]
  if (found === undefined || found === '') return undefined
  return {
    value: found,
    normalized_value: found,
    confidence: 0.85,
    source: 'pattern',
    original_text: found,
    is_validated: false,
  }
}

/**
 * The values that a sentence has for the slots of an intent, by slot name. A place goes to the slot of its role; one
 * without a role goes to the slot that is awaited. A slot without a role takes any. Dates fill date slots in order. The
 * rules of a slot's configuration go before all this.
 */
export function findSlots(
  intent: Pick<IntentConfig, 'slots'>,
  reading: Reading,
  awaited?: string,
): Readonly<Record<string, FoundSlot>> {
  const found: Record<string, FoundSlot> = {}
  const used = new Set<unknown>()
  const first = intent.slots.filter((slot) => slot.slot_name === awaited)
  const inOrder = [...first, ...intent.slots.filter((slot) => slot.slot_name !== awaited)]

  const take = (slot: SlotDefinition): FoundSlot | undefined => {
    const byRule = findByRules(slot, reading)
    if (byRule !== undefined) return byRule
    if (slot.slot_type === 'DATE' || slot.slot_type === 'DATETIME') {
      const date = reading.dates.find((candidate) => !used.has(candidate))
      if (date === undefined) return undefined
      used.add(date)
      const said = reading.text.slice(date.start, date.end)
      return {
        value: said,
        normalized_value: date.value,
        confidence: 0.9,
        source: 'date',
        original_text: said,
        is_validated: true,
      }
    }
    if (slot.entity_type === undefined) return fromPattern(slot, reading)
    const role = roleOf(slot.slot_name)
    const free = reading.entities.filter(
      (entity) => entity.type === slot.entity_type && !entity.negated && !used.has(entity),
    )
    const place =
      role === undefined
        ? free[0]
        : (free.find((entity) => entity.role === role) ??
          (slot.slot_name === awaited ? free.find((entity) => entity.role === undefined) : undefined))
    if (place === undefined) return undefined
    used.add(place)
    return fromEntity(place, reading, role === undefined || place.role === role ? 0.95 : 0.9)
  }

  for (const slot of inOrder) {
    const value = take(slot)
    if (value !== undefined) found[slot.slot_name] = value
  }
  return found
}
