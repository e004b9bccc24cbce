import { z } from 'zod'
import { getCacheKey } from '../catalog/catalog.ts'
import { jsonObject } from '../catalog/json.ts'
import { type ConfigTable, defineTable } from './config-table.ts'
import { codeName, optionalText, prose } from './fields.ts'
import * as statements from './statements.ts'

const typeCode = codeName.max(50)

const entityTypes = defineTable({
  name: 'entity_types',
  create: z.object({
    type_code: typeCode,
    type_name: prose(100),
    type_name_en: optionalText(100),
    description: z.string().max(2000).optional(),
    metadata: jsonObject.nullish(),
    is_active: z.boolean().optional(),
  }),
  fixed: ['type_code'],
  json: ['metadata'],
  async refuseRemoval({ type_code }, look) {
    const { rows } = await look.query<{ slot_name: string }>(statements.slotsOfEntityType, [type_code])
    return rows.map(({ slot_name }) => ({
      field: 'type_code',
      message: `The slot ${slot_name} takes its values from ${type_code}: change that first`,
    }))
  },
  affected: ({ type_code }) => ({
    subject: 'entity_type',
    target: type_code,
    keys: [
      getCacheKey('entity_types', {}),
      getCacheKey('entity_type', { type_code }),
      getCacheKey('entity_dictionary', { type_code }),
    ],
  }),
})

/** Row A17. */
const entityDictionary = defineTable({
  name: 'entity_dictionary',
  create: z.object({
    type_code: typeCode,
    entity_value: prose(200),
    canonical_form: prose(200),
    aliases: z.array(prose(200)).max(200).optional(),
    confidence_weight: z.number().min(0).max(10).optional(),
    metadata: jsonObject.nullish(),
    frequency_count: z.int().min(0).nullish(),
    is_active: z.boolean().optional(),
  }),
  fixed: ['type_code', 'entity_value'],
  json: ['metadata'],
  async problems({ type_code }, look) {
    const { rowCount } = await look.query(statements.entityTypeOfCode, [type_code])
    const message = `There is no entity type ${JSON.stringify(type_code)}: make it first`
    return rowCount > 0 ? [] : [{ field: 'type_code', message }]
  },
  affected: ({ type_code, entity_value }) => ({
    subject: 'entity_dictionary',
    target: `${type_code}/${entity_value}`,
    keys: [getCacheKey('entity_dictionary', { type_code })],
  }),
})

/** The dictionaries. */
export const dictionaryTables: readonly ConfigTable[] = [entityTypes, entityDictionary]
