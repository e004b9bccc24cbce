import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, share } from './json.ts'
import { SlotDefinition } from './slot.ts'
import { lifeOf } from './ttl.ts'

/**
 * The call that carries an intent out (section 5.1, row A6). Header values keep their placeholders, such as
 * `Bearer ${API_TOKEN}`: the secret itself is never here.
 */
export const FunctionCall = z.looseObject({
  function_name: z.string(),
  api_endpoint: z.string(),
  http_method: z.string(),
  headers: z.record(z.string(), z.string()),
  param_mapping: z.record(z.string(), z.string()),
  timeout_seconds: z.number(),
  retry_count: z.int(),
})
export type FunctionCall = z.infer<typeof FunctionCall>

/**
 * An intent with its examples, slots and function call (section 5.1, row A6). `function_call` is missing where
 * the intent only talks. `display_name_en` and `fallback_response(_en)` are ours.
 */
export const IntentConfig = z.looseObject({
  id: z.int(),
  intent_name: z.string(),
  display_name: z.string(),
  description: z.string(),
  confidence_threshold: share,
  priority: z.int(),
  is_active: z.boolean(),
  examples: z.array(z.string()),
  slots: z.array(SlotDefinition),
  function_call: FunctionCall.optional(),
  created_at: instant,
  updated_at: instant,
  display_name_en: z.string().optional(),
  fallback_response: z.string().optional(),
  fallback_response_en: z.string().optional(),
})
export type IntentConfig = z.infer<typeof IntentConfig>

/** `intent_config:{intent_name}` (section 5.1, row A6). */
export const intentConfigSpace = defineSpace({
  name: 'intent_config',
  key: 'intent_config:{intent_name}',
  schema: IntentConfig,
  ttl: lifeOf('intent_config'),
  format: 'document',
  tags: ({ intent_name }) => [`intent:${intent_name}`],
})
