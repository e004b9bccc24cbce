// The assistant's reads of what it knows. Every list has an order of its own, so that equal tables give equal documents.

export const selectIntent = `
  SELECT id, intent_name, display_name, description, confidence_threshold, priority, is_active, examples,
         created_at, updated_at, display_name_en, fallback_response, fallback_response_en
  FROM intents WHERE intent_name = $1`

export const selectActiveIntentNames = `
  SELECT intent_name FROM intents WHERE is_active ORDER BY priority DESC, id`

export const selectSlots = `
  SELECT s.id, s.slot_name, s.slot_type, s.is_required, s.validation_rules, s.prompt_template, s.display_name,
         s.display_name_en, s.entity_type, s.default_value, s.prompt_template_en, s.error_message,
         s.error_message_en, s.extraction_priority,
         (SELECT json_agg(json_build_object('rule_type', r.rule_type, 'pattern', r.pattern, 'priority', r.priority)
                          ORDER BY r.priority DESC, r.id)
          FROM slot_extraction_rules r WHERE r.slot_id = s.id AND r.is_active) AS extraction_rules
  FROM slots s JOIN intents i ON i.id = s.intent_id
  WHERE i.intent_name = $1 ORDER BY s.position, s.id`

export const selectDependencies = `
  SELECT d.id, parent.slot_name AS parent_slot, dependent.slot_name AS dependent_slot, d.dependency_type,
         d.condition, d.level
  FROM slot_dependencies d
  JOIN slots parent ON parent.id = d.parent_slot_id
  JOIN slots dependent ON dependent.id = d.dependent_slot_id
  WHERE d.intent_id = $1 ORDER BY d.level, d.id`

const functionColumns = `
  f.id, f.function_name, f.call_type, f.api_endpoint, f.http_method, f.headers, f.param_mapping, f.params,
  f.timeout_seconds, f.retry_count, f.is_async, f.is_idempotent, f.is_active, f.success_template,
  f.success_template_en, f.error_template, f.error_template_en, f.updated_at`

export const selectFunctionOfIntent = `
  SELECT ${functionColumns} FROM function_calls f JOIN intents i ON i.id = f.intent_id
  WHERE i.intent_name = $1 AND f.is_active`

export const selectFunction = `SELECT ${functionColumns} FROM function_calls f WHERE f.function_name = $1`

export const selectEntityTypes = `
  SELECT id, type_code, type_name, type_name_en, description, is_active, metadata, updated_at
  FROM entity_types ORDER BY id`

export const selectEntityType = `
  SELECT id, type_code, type_name, type_name_en, description, is_active, metadata, updated_at
  FROM entity_types WHERE type_code = $1`

export const selectEntities = `
  SELECT id, entity_value, canonical_form, aliases, confidence_weight, metadata, frequency_count, updated_at
  FROM entity_dictionary WHERE type_code = $1 AND is_active ORDER BY id`

const responseColumns = `
  id, type_code, type_name, description, template_format, default_template, metadata, default_template_en`

export const selectResponseTypes = `
  SELECT ${responseColumns} FROM response_types WHERE category = $1 AND is_active ORDER BY id`

export const selectResponseType = `
  SELECT ${responseColumns} FROM response_types WHERE type_code = $1 AND is_active`

const statusColumns = `
  id, status_code, status_name, description, category, is_final, next_allowed_status, notification_required`

export const selectStatuses = `SELECT ${statusColumns} FROM conversation_statuses ORDER BY id`

export const selectStatus = `SELECT ${statusColumns} FROM conversation_statuses WHERE status_code = $1`

export const selectConfigs = `
  SELECT config_key, config_value, value_type, description, updated_at
  FROM system_configs WHERE category = $1 ORDER BY id`

export const selectPromptTemplates = `
  SELECT id, template_name, template_type, language, content, variables, version, is_active, usage_count,
         success_rate, updated_at
  FROM prompt_templates WHERE template_type = $1 AND is_active ORDER BY id`

export const selectUser = `
  SELECT preferences, profile_data, managed_by, updated_at FROM assistant_users WHERE user_id = $1`
