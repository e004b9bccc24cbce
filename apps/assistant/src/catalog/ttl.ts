/** One row of the life table: seconds, and where document 000 says so. */
export interface Life {
  readonly seconds: number
  readonly section: string
}

/**
 * How long each space of the catalog lives (row A2). A section's own TTL rules where it gives one; otherwise
 * the class of data in table 1.2 does. Configuration overrides any of them by the space's name.
 */
export const lives = {
  session: { seconds: 3_600, section: '1.2 session data' },
  session_basic: { seconds: 3_600, section: '2.1' },
  intent_recognition: { seconds: 1_800, section: '3.1' },
  intent_config: { seconds: 3_600, section: '5.1' },
  user_profile: { seconds: 7_200, section: '4.1' },
  conversation_history: { seconds: 86_400, section: '6.1' },
  slot_definitions: { seconds: 3_600, section: '1.2 configuration' },
  function_def: { seconds: 3_600, section: '1.2 configuration' },
  transfer_history: { seconds: 3_600, section: '1.2 session data' },
  stack: { seconds: 3_600, section: '9.1' },
  stats_session: { seconds: 300, section: '1.2 performance statistics' },
  rate_limit: { seconds: 300, section: '1.2 performance statistics' },
  ragflow_config: { seconds: 3_600, section: '8.1' },
  query_history: { seconds: 3_600, section: '1.2 session data' },
  param_schemas: { seconds: 3_600, section: '1.2 configuration' },
  session_patterns: { seconds: 3_600, section: '1.2 session data' },
  enhanced_query: { seconds: 1_800, section: '1.2 recognition results' },
  slot_dependencies: { seconds: 3_600, section: '1.2 configuration' },
  slot_values: { seconds: 3_600, section: '14.1' },
  slot_value_record: { seconds: 3_600, section: '1.2 slot values' },
  entity_types: { seconds: 7_200, section: '1.2 entity dictionary' },
  entity_type: { seconds: 7_200, section: '1.2 entity dictionary' },
  entity_dictionary: { seconds: 7_200, section: '14.2' },
  response_types: { seconds: 3_600, section: '14.3' },
  response_type: { seconds: 3_600, section: '1.2 response types' },
  conversation_status_all: { seconds: 3_600, section: '14.4' },
  conversation_status: { seconds: 3_600, section: '14.4' },
  system_configs: { seconds: 3_600, section: '1.2 configuration' },
  prompt_templates: { seconds: 3_600, section: '1.2 configuration' },
  slot_extraction_rules: { seconds: 3_600, section: '1.2 configuration' },
  async_log_status: { seconds: 300, section: '15.2' },
  cache_invalidation: { seconds: 1_800, section: '1.2 invalidation records' },
  api_result: { seconds: 600, section: '7.1' },
  stats_system_realtime: { seconds: 60, section: '10.1' },
  cache_invalidation_notifications: { seconds: 300, section: '11.1' },
  enterprise_users_active: { seconds: 1_800, section: '12.1' },
  cost_center_daily: { seconds: 86_400, section: '12.2' },
  cache_performance_hourly: { seconds: 3_600, section: '13.1' },
} as const satisfies Readonly<Record<string, Life>>

/** The TTL of a space in milliseconds, as `defineSpace` takes it. */
export function lifeOf(space: keyof typeof lives): number {
  return lives[space].seconds * 1_000
}
