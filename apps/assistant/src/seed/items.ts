import type { Seed } from './files.ts'
import type { SeedDictionary, SeedIntent } from './shapes.ts'
import type { SeededTable } from './statements.ts'

/** One row to be: its mark, which names it for ever, and its fields. */
export interface SeedItem {
  readonly mark: string
  readonly [field: string]: unknown
}

/**
 * The rows that a seed makes of each table; fields that a table has no column for are ignored there. `allowed_values: { dictionary }` becomes the values of that dictionary.
 * @throws Error naming the slot when there is no such dictionary
 */
export function seedItems(seed: Seed): Readonly<Record<SeededTable, readonly SeedItem[]>> {
  return {
    entity_types: seed.dictionaries.map((dictionary) => ({ mark: dictionary.type_code, ...dictionary })),
    entity_dictionary: seed.dictionaries.flatMap(({ type_code, entities }) =>
      entities.map((entity) => ({ mark: `${type_code}/${entity.entity_value}`, type_code, ...entity })),
    ),
    intents: seed.intents.map((intent) => ({
      mark: intent.intent_name,
      ...intent,
      examples: [...intent.examples.zh, ...intent.examples.en],
    })),
    slots: seed.intents.flatMap((intent) => slotItems(intent, seed.dictionaries)),
    slot_dependencies: seed.intents.flatMap(({ intent_name, dependencies }) =>
      dependencies.map((dependency) => ({
        mark: `${intent_name}/${dependency.parent_slot}/${dependency.dependent_slot}/${dependency.dependency_type}`,
        intent_name,
        ...dependency,
      })),
    ),
    slot_extraction_rules: seed.intents.flatMap(({ intent_name, slots }) =>
      slots.flatMap(({ slot_name, extraction_rules }) =>
        extraction_rules.map((rule) => ({
          mark: `${intent_name}/${slot_name}/${rule.rule_type}/${rule.pattern}`,
          intent_name,
          slot_name,
          ...rule,
        })),
      ),
    ),
    function_calls: seed.intents.flatMap(({ intent_name, function_call: call }) =>
      call === undefined ? [] : [{ mark: call.function_name, intent_name, ...call }],
    ),
    response_types: seed.responses.map((response) => ({ mark: response.type_code, ...response })),
    conversation_statuses: seed.statuses.map((status) => ({ mark: status.status_code, ...status })),
    system_configs: Object.entries(seed.settings).flatMap(([category, configs]) =>
      Object.entries(configs).map(([config_key, { value, description }]) => ({
        mark: `${category}/${config_key}`,
        category,
        config_key,
        config_value: value,
        value_type: valueType(value),
        description,
      })),
    ),
    prompt_templates: seed.prompts.map((prompt) => ({
      mark: `${prompt.template_name}/${prompt.language}/${prompt.version}`,
      ...prompt,
    })),
    assistant_users: seed.users.map((user) => ({ mark: user.user_id, ...user })),
  }
}

function slotItems(intent: SeedIntent, dictionaries: readonly SeedDictionary[]): SeedItem[] {
  return intent.slots.map((slot, position) => {
    const { allowed_values: allowed, ...rules } = slot.validation_rules
    const mark = `${intent.intent_name}/${slot.slot_name}`
    return {
      mark,
      intent_name: intent.intent_name,
      ...slot,
      validation_rules:
        allowed === undefined
          ? rules
          : {
              ...rules,
              allowed_values: Array.isArray(allowed)
                ? allowed
                : valuesOf(allowed.dictionary, dictionaries, mark),
            },
      position,
    }
  })
}

function valuesOf(typeCode: string, dictionaries: readonly SeedDictionary[], mark: string): string[] {
  const dictionary = dictionaries.find(({ type_code }) => type_code === typeCode)
  if (dictionary !== undefined) return dictionary.entities.map(({ entity_value }) => entity_value)
  throw new Error(
    `Slot ${mark} of the seed allows the values of dictionary ${JSON.stringify(typeCode)}, which no file has: ` +
      `use one of ${dictionaries.map(({ type_code }) => type_code).join(', ')}`,
  )
}

function valueType(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? typeof value
    : 'json'
}
