import type { IntentConfig } from '../catalog/intent.ts'
import type { SlotMap } from '../catalog/json.ts'
import type { SlotDefinition, SlotDependency } from '../catalog/slot.ts'

/** What the dependencies among an intent's slots make of some values. */
export interface Dependent {
  /** The values without those that no longer go with the others. */
  readonly values: SlotMap
  /** Slots that are required now, or not asked for, whatever their definition says. */
  readonly required: ReadonlySet<string>
  readonly idle: ReadonlySet<string>
  /** A slot whose new value does not go with its parent's, and the parent. */
  readonly conflicts: readonly { readonly slot: SlotDefinition; readonly parent: SlotDefinition }[]
}

type Condition = SlotDependency['condition']

function holds(condition: Condition, values: SlotMap): boolean {
  return Object.entries(condition ?? {}).every(([name, wanted]) => {
    const value = values[name] ?? null
    return Array.isArray(wanted) ? wanted.includes(value) : wanted === value
  })
}

/**
 * Applies the dependencies of an intent (row A23), parents first:
 * `required` – one of two dates must come after the other; `conditional` – the dependent is asked for only when the
 * condition holds, and dropped when the parent says otherwise; `exclusive` – what was said now drives out the other.
 * `related` says which slots belong together and asks for nothing. `fresh` names what this turn gave.
 */
export function applyDependencies(
  intent: IntentConfig,
  given: SlotMap,
  options: { readonly dependencies: readonly SlotDependency[]; readonly fresh: ReadonlySet<string> },
): Dependent {
  const values: Record<string, SlotMap[string]> = { ...given }
  const required = new Set<string>()
  const idle = new Set<string>()
  const conflicts: { slot: SlotDefinition; parent: SlotDefinition }[] = []
  const slotOf = (name: string) => intent.slots.find(({ slot_name }) => slot_name === name)

  for (const { parent_slot, dependent_slot, dependency_type: type, condition } of options.dependencies) {
    const parent = slotOf(parent_slot)
    const slot = slotOf(dependent_slot)
    if (parent === undefined || slot === undefined) continue
    const [before, after] = [values[parent_slot], values[dependent_slot]]
    if (type === 'conditional') {
      if (holds(condition, values)) required.add(dependent_slot)
      else {
        idle.add(dependent_slot)
        if (before !== undefined) delete values[dependent_slot]
      }
    }
    if (type === 'exclusive' && before !== undefined && after !== undefined) {
      delete values[options.fresh.has(dependent_slot) ? parent_slot : dependent_slot]
    }
    const dates = parent.slot_type === 'DATE' && slot.slot_type === 'DATE'
    if (
      type !== 'related' &&
      dates &&
      before !== undefined &&
      after !== undefined &&
      String(after) <= String(before)
    ) {
      // A later parent makes an older answer void; a wrong answer is told to be wrong.
      delete values[dependent_slot]
      if (options.fresh.has(dependent_slot)) conflicts.push({ slot, parent })
    }
  }
  return { values, required, idle, conflicts }
}
