// The shapes of the seed files. Strict: a misspelt field is a mistake in the file, not an addition.
import { z } from 'zod'
import { scalar } from '../catalog/json.ts'
import { ParamSchema } from '../catalog/function.ts'
import { FunctionCall } from '../catalog/intent.ts'
import { preferences } from '../catalog/profile.ts'
import { SlotDependency, ValidationRules, slotTypes } from '../catalog/slot.ts'

/** A slot of a seed file: `allowed_values: { dictionary: city }` stands for all values of that dictionary. */
const SeedSlot = z.strictObject({
  slot_name: z.string(),
  display_name: z.string(),
  display_name_en: z.string(),
  slot_type: z.enum(slotTypes),
  entity_type: z.string().optional(),
  is_required: z.boolean(),
  validation_rules: ValidationRules.extend({
    allowed_values: z.union([z.array(z.string()), z.strictObject({ dictionary: z.string() })]).optional(),
  }),
  default_value: scalar.optional(),
  prompt_template: z.string(),
  prompt_template_en: z.string(),
  error_message: z.string().optional(),
  error_message_en: z.string().optional(),
  extraction_priority: z.int(),
  extraction_rules: z
    .array(
      z.strictObject({
        rule_type: z.enum(['regex', 'entity', 'keyword']),
        pattern: z.string(),
        priority: z.int(),
      }),
    )
    .default([]),
})

/** `seed/intents/*.yaml`: an intent with everything that belongs to it. */
export const SeedIntent = z.strictObject({
  intent_name: z.string(),
  display_name: z.string(),
  display_name_en: z.string(),
  description: z.string(),
  confidence_threshold: z.number().min(0).max(1),
  priority: z.int(),
  examples: z.strictObject({ zh: z.array(z.string()), en: z.array(z.string()) }),
  slots: z.array(SeedSlot),
  dependencies: z
    .array(
      z.strictObject({
        parent_slot: z.string(),
        dependent_slot: z.string(),
        dependency_type: SlotDependency.shape.dependency_type,
        condition: SlotDependency.shape.condition.optional(),
        level: z.int(),
      }),
    )
    .default([]),
  function_call: z
    .strictObject({
      ...FunctionCall.shape,
      call_type: z.enum(['api', 'internal', 'webhook', 'rpc']),
      params: z.array(ParamSchema),
      is_idempotent: z.boolean(),
      status_endpoint: z.url().optional(),
      success_template: z.string(),
      success_template_en: z.string(),
      error_template: z.string(),
      error_template_en: z.string(),
    })
    .optional(),
  fallback_response: z.string().optional(),
  fallback_response_en: z.string().optional(),
})
export type SeedIntent = z.infer<typeof SeedIntent>

/** `seed/entities/*.yaml`: an entity type and its dictionary. */
export const SeedDictionary = z.strictObject({
  type_code: z.string(),
  type_name: z.string(),
  type_name_en: z.string(),
  description: z.string(),
  entities: z.array(
    z.strictObject({
      entity_value: z.string(),
      canonical_form: z.string(),
      aliases: z.array(z.string()),
      metadata: z.record(z.string(), z.json()),
      confidence_weight: z.number().default(1),
    }),
  ),
})
export type SeedDictionary = z.infer<typeof SeedDictionary>

/** `seed/responses.yaml`. */
export const SeedResponses = z.array(
  z.strictObject({
    type_code: z.string(),
    type_name: z.string(),
    category: z.string(),
    description: z.string(),
    template_format: z.string(),
    default_template: z.string(),
    default_template_en: z.string(),
    metadata: z.record(z.string(), z.json()).optional(),
  }),
)

/** `seed/statuses.yaml`. */
export const SeedStatuses = z.array(
  z.strictObject({
    status_code: z.string(),
    status_name: z.string(),
    description: z.string(),
    category: z.string(),
    is_final: z.boolean().default(false),
    next_allowed_status: z.array(z.string()).default([]),
    notification_required: z.boolean().default(false),
  }),
)

/** `seed/settings.yaml`: values by category and key. */
export const SeedSettings = z.record(
  z.string(),
  z.record(z.string(), z.strictObject({ value: z.json(), description: z.string() })),
)

/** `seed/prompts.yaml`. */
export const SeedPrompts = z.array(
  z.strictObject({
    template_name: z.string(),
    template_type: z.string(),
    language: z.enum(['zh', 'en']),
    content: z.string(),
    variables: z.array(z.string()),
    version: z.string().default('v1'),
  }),
)

/** `seed/users.yaml`. */
export const SeedUsers = z.array(
  z.strictObject({
    user_id: z.string(),
    preferences,
    profile_data: z.record(z.string(), z.json()),
    managed_by: z.string(),
  }),
)
