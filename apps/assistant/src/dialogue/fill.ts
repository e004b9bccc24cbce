import type { IntentConfig } from '../catalog/intent.ts'
import type { SlotMap } from '../catalog/json.ts'
import type { SlotDefinition, SlotDependency } from '../catalog/slot.ts'
import type { Day } from '../recognise/calendar.ts'
import type { FoundSlot } from '../recognise/recogniser.ts'
import { roleOf } from '../recognise/slots.ts'
import { applyDependencies } from './depend.ts'
import { type Language, inLanguage } from './language.ts'
import { phrasesOf } from './phrases.ts'
import { findProblem, slotLabel } from './validate.ts'

/** A value that a turn gave for a slot, and whether the rules passed it. */
export interface FilledSlot {
  readonly slot: SlotDefinition
  readonly found: FoundSlot
  readonly value: string
  readonly valid: boolean
}

/** The slots of an intent after a turn. */
export interface Filling {
  readonly intent: IntentConfig
  /** Normalised values by slot name: what the reply and the session show. */
  readonly values: SlotMap
  readonly given: readonly FilledSlot[]
  /** Names of slots whose value is from before this turn. */
  readonly kept: readonly string[]
  /** What is wrong, by slot name, in the user's language. */
  readonly problems: Readonly<Record<string, string>>
  /** Required slots without a value, in the order in which they are asked for. */
  readonly missing: readonly SlotDefinition[]
}

/** What a filling is made with. */
export interface FillOptions {
  readonly today: Day
  readonly language: Language
  /** A value as the user reads it: 北京, or Beijing. */
  readonly show: (value: string) => string
  /** What is found with less confidence is not taken (row A9). */
  readonly threshold: number
  readonly dependencies: readonly SlotDependency[]
  /** What optional slots take when nothing else is missing. */
  readonly defaults: Readonly<Record<string, FoundSlot>>
}

/** The slot at the other end of the journey: one cannot fly from 北京 to 北京. */
function otherEnd(intent: IntentConfig, slot: SlotDefinition): SlotDefinition | undefined {
  const role = roleOf(slot.slot_name)
  if (role === undefined || slot.entity_type === undefined) return undefined
  return intent.slots.find((other) => {
    const otherRole = roleOf(other.slot_name)
    return otherRole !== undefined && otherRole !== role && other.entity_type === slot.entity_type
  })
}

/**
 * Lays what a turn gave over what the task had. A value that breaks a rule of its slot is not taken, and what the slot
 * had before stays; the problem is told. Departure and arrival must differ, and dependencies hold. When nothing is
 * missing any more, optional slots take their defaults.
 */
export function fillSlots(
  intent: IntentConfig,
  before: SlotMap,
  found: Readonly<Record<string, FoundSlot>>,
  options: FillOptions,
): Filling {
  const { language, show, dependencies } = options
  const values: Record<string, SlotMap[string]> = { ...before }
  const problems: Record<string, string> = {}
  const given: FilledSlot[] = []
  const fresh = new Set<string>()
  for (const slot of intent.slots) {
    const name = slot.slot_name
    const candidate = found[name]
    if (candidate === undefined || candidate.confidence < options.threshold) continue
    const value = candidate.normalized_value
    const other = otherEnd(intent, slot)
    const opposite =
      other === undefined ? undefined : (found[other.slot_name]?.normalized_value ?? values[other.slot_name])
    // Of two equal ends given at once the second is the wrong one.
    const firstOfTwo =
      other !== undefined && found[other.slot_name] !== undefined && !fresh.has(other.slot_name)
    const same = opposite === value && !firstOfTwo
    const problem =
      findProblem(slot, value, options) ?? (same ? phrasesOf(language).sameCity(show(value)) : undefined)
    if (problem === undefined) {
      values[name] = value
      fresh.add(name)
    } else problems[name] = problem
    given.push({ slot, found: candidate, value, valid: problem === undefined })
  }
  const dependent = applyDependencies(intent, values, { dependencies, fresh })
  for (const { slot, parent } of dependent.conflicts) {
    fresh.delete(slot.slot_name)
    problems[slot.slot_name] =
      inLanguage(language, slot.error_message, slot.error_message_en) ??
      phrasesOf(language).notAfter(slotLabel(slot, language), slotLabel(parent, language))
  }
  const wanted = ({ slot_name: name, is_required: required }: SlotDefinition): boolean =>
    dependent.required.has(name) || (required && !dependent.idle.has(name))
  const missing = intent.slots.filter(
    (slot) => wanted(slot) && dependent.values[slot.slot_name] === undefined,
  )
  const final = { ...dependent.values }
  if (missing.length === 0 && Object.keys(problems).length === 0) {
    for (const slot of intent.slots) {
      const usual = options.defaults[slot.slot_name]
      if (usual === undefined || final[slot.slot_name] !== undefined) continue
      if (dependent.idle.has(slot.slot_name)) continue
      final[slot.slot_name] = usual.normalized_value
      given.push({ slot, found: usual, value: usual.normalized_value, valid: true })
      fresh.add(slot.slot_name)
    }
  }
  const inOrder = intent.slots.flatMap(({ slot_name: name }): [string, SlotMap[string]][] => {
    const value = final[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    intent,
    values: Object.fromEntries(inOrder),
    given: given.map((one) => ({ ...one, valid: one.valid && problems[one.slot.slot_name] === undefined })),
    kept: Object.keys(before).filter((name) => !fresh.has(name) && final[name] !== undefined),
    problems,
    missing,
  }
}
