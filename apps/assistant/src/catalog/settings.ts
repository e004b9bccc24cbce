import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, share } from './json.ts'
import { lifeOf } from './ttl.ts'

/** The name under which the thresholds of section 8.1 are kept. */
export const thresholdsName = 'system_thresholds'

/** The name under which the retrieval service's configuration is kept. */
export const ragflowName = 'ragflow'

/** The name of the category that says where the catalogue of models comes from. */
export const modelSourceName = 'model_catalogue'

/** Where the catalogue of models comes from, and how often it is read (row B6; shape ours). */
export const ModelSource = z.looseObject({
  source_url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  is_scheduled: z.boolean(),
  sync_minutes: z.int().min(1).max(10_080),
})
export type ModelSource = z.infer<typeof ModelSource>

/** The assistant's thresholds, limits and time-outs (section 8.1, row A9). */
export const SystemThresholds = z.looseObject({
  config_name: z.literal(thresholdsName),
  intent_confidence_threshold: share,
  ambiguity_detection_threshold: share,
  intent_transfer_threshold: share,
  slot_confidence_threshold: share,
  session_timeout_seconds: z.number().positive(),
  max_conversation_turns: z.int().positive(),
  max_ambiguity_candidates: z.int().positive(),
  nlu_cache_ttl: z.number(),
  api_timeout_seconds: z.number().positive(),
  max_retry_attempts: z.int().nonnegative(),
  enterprise_specific: z.looseObject({
    approval_amount_threshold: z.number(),
    max_booking_window_days: z.number(),
    require_manager_approval: z.boolean(),
    cost_center_validation: z.boolean(),
  }),
  updated_at: instant,
  version: z.string(),
})
export type SystemThresholds = z.infer<typeof SystemThresholds>

// Thresholds with a bad field must be a miss, not pass as some other configuration.
const otherName = z.string().refine((name) => name !== thresholdsName, {
  error: `${thresholdsName} must have the shape of section 8.1`,
})

/** How a retrieval service is reached (template `ragflow_config`, row A23; database v2.2; shape ours). Never holds its secret. */
export const RagflowConfig = z.looseObject({
  config_name: otherName,
  api_endpoint: z.string(),
  timeout_seconds: z.number().positive(),
  rate_limit_per_minute: z.int().positive(),
  health_check_interval_seconds: z.number().positive(),
  failure_threshold: z.int().positive(),
  is_active: z.boolean(),
  updated_at: instant,
})
export type RagflowConfig = z.infer<typeof RagflowConfig>

/** Any other configuration kept by name (shape ours). */
export const NamedConfig = z.looseObject({ config_name: otherName, value: z.json(), updated_at: instant })
export type NamedConfig = z.infer<typeof NamedConfig>

/** How far one configuration's calls have used up their minute (template `rate_limit`, row A23; shape ours). */
export const RateLimit = z.looseObject({
  config_name: z.string(),
  limit: z.int().nonnegative(),
  used: z.int().nonnegative(),
  window_seconds: z.number().positive(),
  window_started_at: instant,
})
export type RateLimit = z.infer<typeof RateLimit>

/** The settings of one category (template `system_configs`, row A9; database v2.2; shape ours). */
export const SystemConfigs = z.looseObject({
  category: z.string(),
  configs: z.array(
    z.looseObject({
      config_key: z.string(),
      config_value: z.json(),
      value_type: z.enum(['string', 'number', 'boolean', 'json']),
      description: z.string(),
      updated_at: instant,
    }),
  ),
})
export type SystemConfigs = z.infer<typeof SystemConfigs>

/** `config:{config_name}`: the thresholds of section 8.1 under `system_thresholds`, and others by name (rows A9, A23). */
export const ragflowConfigSpace = defineSpace({
  name: 'ragflow_config',
  key: 'config:{config_name}',
  schema: z.union([SystemThresholds, RagflowConfig, NamedConfig]),
  ttl: lifeOf('ragflow_config'),
  format: 'document',
  tags: ({ config_name }) => [`config:${config_name}`],
})

/** `rate_limit:{config_name}` (section 1.1, row A23). */
export const rateLimitSpace = defineSpace({
  name: 'rate_limit',
  key: 'rate_limit:{config_name}',
  schema: RateLimit,
  ttl: lifeOf('rate_limit'),
  format: 'document',
  tags: ({ config_name }) => [`config:${config_name}`],
})

/** `system_config:{category}` (section 1.1, row A9). */
export const systemConfigsSpace = defineSpace({
  name: 'system_configs',
  key: 'system_config:{category}',
  schema: SystemConfigs,
  ttl: lifeOf('system_configs'),
  format: 'document',
  tags: ({ category }) => [`system_config:${category}`],
})
