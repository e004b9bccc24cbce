import type { Queryable } from '@reprise/database'
import type { Scalar } from '../catalog/json.ts'
import type {
  ExtractionRule,
  SlotDefinition,
  SlotDefinitions,
  SlotDependencies,
  SlotDependency,
  ValidationRules,
} from '../catalog/slot.ts'
import { given } from './rows.ts'
import { selectDependencies, selectSlots } from './statements.ts'

interface SlotRow {
  readonly id: number
  readonly slot_name: string
  readonly slot_type: SlotDefinition['slot_type']
  readonly is_required: boolean
  readonly validation_rules: ValidationRules
  readonly prompt_template: string
  readonly display_name: string | null
  readonly display_name_en: string | null
  readonly entity_type: string | null
  readonly default_value: Scalar
  readonly prompt_template_en: string | null
  readonly error_message: string | null
  readonly error_message_en: string | null
  readonly extraction_priority: number
  readonly extraction_rules: ExtractionRule[] | null
}

/** The slots of an intent in the order in which they are asked for (row A6); none for an unknown intent. */
export async function loadSlotDefinitions(database: Queryable, intentName: string): Promise<SlotDefinitions> {
  const { rows } = await database.query<SlotRow>(selectSlots, [intentName])
  return { intent_name: intentName, slots: rows.map(toSlot) }
}

/** The dependencies among one intent's slots, by level (row A23); none for an unknown intent. */
export async function loadSlotDependencies(database: Queryable, intentId: number): Promise<SlotDependencies> {
  const { rows } = await database.query<SlotDependency>(selectDependencies, [intentId])
  return { intent_id: intentId, dependencies: rows.map((row) => ({ ...row })) }
}

function toSlot(row: SlotRow): SlotDefinition {
  return {
    slot_name: row.slot_name,
    slot_type: row.slot_type,
    is_required: row.is_required,
    validation_rules: row.validation_rules,
    prompt_template: row.prompt_template,
    id: row.id,
    extraction_priority: row.extraction_priority,
    ...given({
      display_name: row.display_name,
      display_name_en: row.display_name_en,
      entity_type: row.entity_type,
      default_value: row.default_value,
      prompt_template_en: row.prompt_template_en,
      error_message: row.error_message,
      error_message_en: row.error_message_en,
      extraction_rules: row.extraction_rules,
    }),
  }
}
