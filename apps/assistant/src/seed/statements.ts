// Every seeding statement takes its rows as one JSON array of items ($1). An item's mark is made first, and only an
// item whose mark is new becomes a row: what an operator changed or removed afterwards stays as he left it.

interface SeedTable {
  /** The table, which is also the kind of its marks. */
  readonly table: string
  /** Fields of an item and their SQL types; each goes into the column of its name. */
  readonly fields: Readonly<Record<string, string>>
  /** Columns that other tables give, as SQL expressions over `joins`. */
  readonly found?: Readonly<Record<string, string>>
  readonly joins?: string
  /** Fields of an item that only the joins need. */
  readonly keys?: Readonly<Record<string, string>>
}

function seedStatement({ table, fields, found = {}, joins = '', keys = {} }: SeedTable): string {
  const typed = Object.entries({ ...keys, ...fields }).map(([name, type]) => `${name} ${type}`)
  const columns = [...Object.keys(found), ...Object.keys(fields)]
  const values = [...Object.values(found), ...Object.keys(fields).map((name) => `item.${name}`)]
  return `
    WITH item AS (
      SELECT * FROM json_to_recordset($1::json) AS item (mark text, rank integer, ${typed.join(', ')})
    ), fresh AS (
      INSERT INTO seed_marks (kind, name) SELECT '${table}', mark FROM item
      ON CONFLICT DO NOTHING RETURNING name
    )
    INSERT INTO ${table} (${columns.join(', ')})
    SELECT ${values.join(', ')} FROM item JOIN fresh ON fresh.name = item.mark ${joins} ORDER BY item.rank
    ON CONFLICT DO NOTHING`
}

const entityTypes = seedStatement({
  table: 'entity_types',
  fields: { type_code: 'text', type_name: 'text', type_name_en: 'text', description: 'text' },
})

const entities = seedStatement({
  table: 'entity_dictionary',
  fields: {
    type_code: 'text',
    entity_value: 'text',
    canonical_form: 'text',
    aliases: 'text[]',
    confidence_weight: 'double precision',
    metadata: 'json',
  },
  joins: 'JOIN entity_types USING (type_code)',
})

const intents = seedStatement({
  table: 'intents',
  fields: {
    intent_name: 'text',
    display_name: 'text',
    display_name_en: 'text',
    description: 'text',
    confidence_threshold: 'double precision',
    priority: 'integer',
    examples: 'text[]',
    fallback_response: 'text',
    fallback_response_en: 'text',
  },
})

const slots = seedStatement({
  table: 'slots',
  fields: {
    slot_name: 'text',
    display_name: 'text',
    display_name_en: 'text',
    slot_type: 'text',
    entity_type: 'text',
    is_required: 'boolean',
    validation_rules: 'json',
    default_value: 'json',
    prompt_template: 'text',
    prompt_template_en: 'text',
    error_message: 'text',
    error_message_en: 'text',
    extraction_priority: 'integer',
    position: 'integer',
  },
  keys: { intent_name: 'text' },
  found: { intent_id: 'intents.id' },
  joins: 'JOIN intents ON intents.intent_name = item.intent_name',
})

const dependencies = seedStatement({
  table: 'slot_dependencies',
  fields: { dependency_type: 'text', condition: 'json', level: 'integer' },
  keys: { intent_name: 'text', parent_slot: 'text', dependent_slot: 'text' },
  found: { intent_id: 'intents.id', parent_slot_id: 'parent.id', dependent_slot_id: 'dependent.id' },
  joins: `
    JOIN intents ON intents.intent_name = item.intent_name
    JOIN slots parent ON parent.intent_id = intents.id AND parent.slot_name = item.parent_slot
    JOIN slots dependent ON dependent.intent_id = intents.id AND dependent.slot_name = item.dependent_slot`,
})

const extractionRules = seedStatement({
  table: 'slot_extraction_rules',
  fields: { rule_type: 'text', pattern: 'text', priority: 'integer' },
  keys: { intent_name: 'text', slot_name: 'text' },
  found: { slot_id: 'slots.id' },
  joins: `
    JOIN intents ON intents.intent_name = item.intent_name
    JOIN slots ON slots.intent_id = intents.id AND slots.slot_name = item.slot_name`,
})

const functions = seedStatement({
  table: 'function_calls',
  fields: {
    function_name: 'text',
    call_type: 'text',
    api_endpoint: 'text',
    http_method: 'text',
    headers: 'json',
    param_mapping: 'json',
    params: 'json',
    timeout_seconds: 'double precision',
    retry_count: 'integer',
    is_idempotent: 'boolean',
    status_endpoint: 'text',
    success_template: 'text',
    success_template_en: 'text',
    error_template: 'text',
    error_template_en: 'text',
  },
  keys: { intent_name: 'text' },
  found: { intent_id: 'intents.id' },
  joins: 'JOIN intents ON intents.intent_name = item.intent_name',
})

const responses = seedStatement({
  table: 'response_types',
  fields: {
    type_code: 'text',
    type_name: 'text',
    category: 'text',
    description: 'text',
    template_format: 'text',
    default_template: 'text',
    default_template_en: 'text',
    metadata: 'json',
  },
})

const statuses = seedStatement({
  table: 'conversation_statuses',
  fields: {
    status_code: 'text',
    status_name: 'text',
    description: 'text',
    category: 'text',
    is_final: 'boolean',
    next_allowed_status: 'text[]',
    notification_required: 'boolean',
  },
})

const settings = seedStatement({
  table: 'system_configs',
  fields: {
    category: 'text',
    config_key: 'text',
    config_value: 'json',
    value_type: 'text',
    description: 'text',
  },
})

const prompts = seedStatement({
  table: 'prompt_templates',
  fields: {
    template_name: 'text',
    template_type: 'text',
    language: 'text',
    content: 'text',
    variables: 'text[]',
    version: 'text',
  },
})

const users = seedStatement({
  table: 'assistant_users',
  fields: { user_id: 'text', preferences: 'json', profile_data: 'json', managed_by: 'text' },
})

/** The statement that seeds each table, in an order in which what is referred to comes first. */
export const seedStatements = {
  entity_types: entityTypes,
  entity_dictionary: entities,
  intents,
  slots,
  slot_dependencies: dependencies,
  slot_extraction_rules: extractionRules,
  function_calls: functions,
  response_types: responses,
  conversation_statuses: statuses,
  system_configs: settings,
  prompt_templates: prompts,
  assistant_users: users,
} as const

/** A table that the seed fills. */
export type SeededTable = keyof typeof seedStatements
