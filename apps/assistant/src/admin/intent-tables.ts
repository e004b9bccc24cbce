import type { Queryable } from '@reprise/database'
import { z } from 'zod'
import { getCacheKey } from '../catalog/catalog.ts'
import { scalar, share } from '../catalog/json.ts'
import { activeIntentsName } from '../dialogue/lookups.ts'
import { type ExtractionRule, ValidationRules, slotTypes } from '../catalog/slot.ts'
import { keywordsOf } from '../recognise/extraction-rules.ts'
import { type ConfigTable, type Problem, defineTable } from './config-table.ts'
import { codeName, optionalText, prose, ruleProblems, regexProblem, wholeId } from './fields.ts'
import * as statements from './statements.ts'

async function intentName(look: Queryable, id: number): Promise<string> {
  const { rows } = await look.query<{ intent_name: string }>(statements.intentOfId, [id])
  return rows[0]?.intent_name ?? ''
}

/** Every key that shows an intent or one of its slots. */
async function intentKeys(look: Queryable, id: number): Promise<string[]> {
  const name = await intentName(look, id)
  return [
    getCacheKey('intent_config', { intent_name: name }),
    getCacheKey('slot_definitions', { intent_name: name }),
    getCacheKey('slot_dependencies', { intent_id: id }),
  ]
}

/** Row A6. */
const intents = defineTable({
  name: 'intents',
  create: z.object({
    intent_name: codeName,
    display_name: prose(100),
    display_name_en: optionalText(100),
    description: z.string().max(2000).optional(),
    confidence_threshold: share.optional(),
    priority: z.int().min(-1000).max(1000).optional(),
    is_active: z.boolean().optional(),
    examples: z.array(prose(1000)).max(500).optional(),
    fallback_response: optionalText(2000),
    fallback_response_en: optionalText(2000),
  }),
  fixed: ['intent_name'],
  async affected({ id, intent_name: name }, look, changed) {
    const own = [
      getCacheKey('intent_config', { intent_name: name }),
      getCacheKey('slot_definitions', { intent_name: name }),
      getCacheKey('slot_dependencies', { intent_id: Number(id) }),
    ]
    // Another threshold or example leaves what belongs to the intent, and the list of intents, as they are.
    if (changed !== undefined && !changed.some((field) => field === 'is_active' || field === 'priority')) {
      return { subject: 'intent_config', target: name, keys: own }
    }
    const { rows: slots } = await look.query<{ id: number }>(statements.slotsOfIntent, [id])
    const { rows: calls } = await look.query<{ function_name: string }>(statements.functionsOfIntent, [id])
    return {
      subject: 'intent_config',
      target: name,
      keys: [
        ...own,
        getCacheKey('ragflow_config', { config_name: activeIntentsName }),
        ...slots.map((slot) => getCacheKey('slot_extraction_rules', { slot_id: slot.id })),
        ...calls.flatMap(({ function_name }) => [
          getCacheKey('function_def', { function_name }),
          getCacheKey('param_schemas', { function_name }),
        ]),
      ],
    }
  },
})

const slots = defineTable({
  name: 'slots',
  create: z.object({
    intent_id: wholeId,
    slot_name: codeName,
    display_name: optionalText(100),
    display_name_en: optionalText(100),
    slot_type: z.enum(slotTypes),
    entity_type: optionalText(50),
    is_required: z.boolean().optional(),
    validation_rules: ValidationRules.strict().optional(),
    default_value: scalar.optional(),
    prompt_template: prose(1000),
    prompt_template_en: optionalText(1000),
    error_message: optionalText(1000),
    error_message_en: optionalText(1000),
    extraction_priority: z.int().optional(),
    position: z.int().min(0).optional(),
  }),
  fixed: ['intent_id', 'slot_name'],
  json: ['validation_rules', 'default_value'],
  async problems({ intent_id, entity_type, slot_type, validation_rules = {} }, look) {
    const problems: Problem[] = [...ruleProblems(validation_rules)]
    if ((await intentName(look, intent_id)) === '') {
      problems.push({ field: 'intent_id', message: `There is no intent with the id ${intent_id}` })
    }
    if (slot_type === 'ENTITY' && (entity_type ?? null) === null) {
      problems.push({ field: 'entity_type', message: 'A slot of the type ENTITY needs an entity_type' })
    }
    const known = await look.query(statements.entityTypeOfCode, [entity_type])
    if ((entity_type ?? null) !== null && known.rowCount === 0) {
      problems.push({
        field: 'entity_type',
        message: `There is no entity type ${JSON.stringify(entity_type)}`,
      })
    }
    return problems
  },
  async affected({ id, intent_id, slot_name }, look) {
    const name = await intentName(look, intent_id)
    return {
      subject: 'slot_config',
      target: `${name}.${slot_name}`,
      keys: [
        ...(await intentKeys(look, intent_id)),
        getCacheKey('slot_extraction_rules', { slot_id: Number(id) }),
      ],
    }
  },
})

const slotDependencies = defineTable({
  name: 'slot_dependencies',
  create: z.object({
    intent_id: wholeId,
    parent_slot_id: wholeId,
    dependent_slot_id: wholeId,
    dependency_type: z.enum(['required', 'conditional', 'exclusive', 'related']),
    condition: z.record(z.string(), z.union([scalar, z.array(scalar)])).nullish(),
    level: z.int().min(1).max(10).optional(),
  }),
  fixed: ['intent_id', 'parent_slot_id', 'dependent_slot_id'],
  json: ['condition'],
  async problems({ intent_id, parent_slot_id, dependent_slot_id, dependency_type }, look) {
    const problems: Problem[] = []
    const { rows } = await look.query<{ id: number }>(statements.slotsOfIntent, [intent_id])
    for (const [field, slot] of Object.entries({ parent_slot_id, dependent_slot_id })) {
      if (!rows.some(({ id }) => id === slot)) {
        problems.push({ field, message: `The intent ${intent_id} has no slot ${slot}` })
      }
    }
    const loop = await look.query(statements.requiredLoop, [intent_id, dependent_slot_id, parent_slot_id])
    if (dependency_type === 'required' && loop.rowCount > 0) {
      const message = `Slot ${parent_slot_id} already waits for slot ${dependent_slot_id}: neither would ever be asked for`
      problems.push({ field: 'dependent_slot_id', message })
    }
    return problems
  },
  async affected({ intent_id }, look) {
    const target = await intentName(look, intent_id)
    return { subject: 'slot_dependencies', target, keys: await intentKeys(look, intent_id) }
  },
})

/** Why a rule could never find anything. */
async function rulePatternProblems(
  { rule_type: type, pattern }: { readonly rule_type: ExtractionRule['rule_type']; readonly pattern: string },
  look: Queryable,
): Promise<Problem[]> {
  if (type === 'regex') return regexProblem('pattern', pattern)
  if (type === 'entity') {
    const { rowCount } = await look.query(statements.entityTypeOfCode, [pattern])
    const message = `There is no entity type ${JSON.stringify(pattern)}: a rule of the type entity names one`
    return rowCount > 0 ? [] : [{ field: 'pattern', message }]
  }
  if (type === 'keyword') {
    const message = `${JSON.stringify(pattern)} has no words: write them as in "window, by the window = window"`
    return keywordsOf(pattern).length > 0 ? [] : [{ field: 'pattern', message }]
  }
  const message = `Rules of the type ${type} are not carried out: use regex, entity or keyword, or configure a model`
  return [{ field: 'rule_type', message }]
}

const slotExtractionRules = defineTable({
  name: 'slot_extraction_rules',
  create: z.object({
    slot_id: wholeId,
    rule_type: z.enum(['regex', 'entity', 'keyword', 'ml_model', 'api_call']),
    pattern: prose(1000),
    priority: z.int().optional(),
    is_active: z.boolean().optional(),
  }),
  fixed: ['slot_id'],
  async problems({ slot_id, rule_type, pattern }, look) {
    const { rowCount } = await look.query(statements.slotOfId, [slot_id])
    return [
      ...(rowCount > 0 ? [] : [{ field: 'slot_id', message: `There is no slot with the id ${slot_id}` }]),
      ...(await rulePatternProblems({ rule_type, pattern }, look)),
    ]
  },
  async affected({ slot_id }, look) {
    const { rows } = await look.query<{ intent_id: number }>(statements.slotOfId, [slot_id])
    return {
      subject: 'slot_rules',
      target: String(slot_id),
      // An intent shows its slots with their rules.
      keys: [
        getCacheKey('slot_extraction_rules', { slot_id }),
        ...(await intentKeys(look, rows[0]?.intent_id ?? 0)),
      ],
    }
  },
})

/** Intents and what belongs to them. */
export const intentTables: readonly ConfigTable[] = [intents, slots, slotDependencies, slotExtractionRules]
