import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { scalar } from './json.ts'
import { lifeOf } from './ttl.ts'

/** What a slot holds: the types of the document (TEXT, DATE) and of its database, in the document's capitals. */
export const slotTypes = [
  'TEXT',
  'NUMBER',
  'DATE',
  'TIME',
  'DATETIME',
  'EMAIL',
  'PHONE',
  'ENTITY',
  'BOOLEAN',
] as const

/** What a value must satisfy (section 5.1, row A6). `min_date` and `max_date` are `today`, `+30d`, `-7d` or a date. */
export const ValidationRules = z.looseObject({
  pattern: z.string().optional(),
  allowed_values: z.array(z.string()).optional(),
  date_format: z.string().optional(),
  min_date: z.string().optional(),
  max_date: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  min_length: z.int().optional(),
  max_length: z.int().optional(),
})
export type ValidationRules = z.infer<typeof ValidationRules>

/**
 * One way of finding a slot's value in a text (row A23): `regex`, whose first group is the value; `entity`, the name of a
 * dictionary; `keyword`, as in `靠窗, 窗边 = 靠窗`. The other two are the document's, and refused by the administration.
 */
export const ExtractionRule = z.looseObject({
  rule_type: z.enum(['regex', 'entity', 'keyword', 'ml_model', 'api_call']),
  pattern: z.string(),
  priority: z.int(),
})
export type ExtractionRule = z.infer<typeof ExtractionRule>

/**
 * One slot of an intent (section 5.1, row A6). The optional fields are ours: its row's `id`, its names, the
 * `entity_type` whose dictionary knows its values, the English prompt, the rules that find its values, and what the database has for slots besides.
 */
export const SlotDefinition = z.looseObject({
  slot_name: z.string(),
  slot_type: z.enum(slotTypes),
  is_required: z.boolean(),
  validation_rules: ValidationRules,
  prompt_template: z.string(),
  id: z.int().optional(),
  display_name: z.string().optional(),
  display_name_en: z.string().optional(),
  entity_type: z.string().optional(),
  default_value: scalar.optional(),
  prompt_template_en: z.string().optional(),
  error_message: z.string().optional(),
  error_message_en: z.string().optional(),
  extraction_priority: z.int().optional(),
  extraction_rules: z.array(ExtractionRule).optional(),
})
export type SlotDefinition = z.infer<typeof SlotDefinition>

/** The slots of one intent in the order in which they are asked for (template `slot_definitions`; shape ours). */
export const SlotDefinitions = z.looseObject({
  intent_name: z.string(),
  slots: z.array(SlotDefinition),
})
export type SlotDefinitions = z.infer<typeof SlotDefinitions>

/** What one slot means for another of its intent (database v2.2). `condition` says when, such as `{ trip_type: 'round_trip' }`. */
export const SlotDependency = z.looseObject({
  id: z.int(),
  parent_slot: z.string(),
  dependent_slot: z.string(),
  dependency_type: z.enum(['required', 'conditional', 'exclusive', 'related']),
  condition: z.record(z.string(), z.union([scalar, z.array(scalar)])).nullable(),
  level: z.int(),
})
export type SlotDependency = z.infer<typeof SlotDependency>

/** The dependencies among one intent's slots, by level (template `slot_dependencies`, row A23; shape ours). */
export const SlotDependencies = z.looseObject({
  intent_id: z.int(),
  dependencies: z.array(SlotDependency),
})
export type SlotDependencies = z.infer<typeof SlotDependencies>

/** How a slot is found in text, highest priority first (template `slot_extraction_rules`, row A23; shape ours). */
export const SlotExtractionRules = z.looseObject({
  slot_id: z.int(),
  rules: z.array(ExtractionRule.extend({ is_active: z.boolean() })),
})
export type SlotExtractionRules = z.infer<typeof SlotExtractionRules>

/** `slot_definitions:{intent_name}` (section 1.1, row A6). */
export const slotDefinitionsSpace = defineSpace({
  name: 'slot_definitions',
  key: 'slot_definitions:{intent_name}',
  schema: SlotDefinitions,
  ttl: lifeOf('slot_definitions'),
  format: 'document',
  tags: ({ intent_name }) => [`intent:${intent_name}`],
})

/** `slot_dependencies:{intent_id}` (section 1.1, row A23). */
export const slotDependenciesSpace = defineSpace({
  name: 'slot_dependencies',
  key: 'slot_dependencies:{intent_id}',
  schema: SlotDependencies,
  ttl: lifeOf('slot_dependencies'),
  format: 'document',
  tags: ({ intent_id }) => [`intent_id:${intent_id}`],
})

/** `slot_rules:{slot_id}` (section 1.1, row A23). */
export const slotExtractionRulesSpace = defineSpace({
  name: 'slot_extraction_rules',
  key: 'slot_rules:{slot_id}',
  schema: SlotExtractionRules,
  ttl: lifeOf('slot_extraction_rules'),
  format: 'document',
  tags: ({ slot_id }) => [`slot:${slot_id}`],
})
