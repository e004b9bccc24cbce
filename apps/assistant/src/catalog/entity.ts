import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, jsonObject } from './json.ts'
import { lifeOf } from './ttl.ts'

/** One entry of a dictionary: a value, its full name, and every other way it is written (section 14.2, row A17). */
export const Entity = z.looseObject({
  id: z.int(),
  entity_value: z.string(),
  canonical_form: z.string(),
  aliases: z.array(z.string()),
  confidence_weight: z.number(),
  metadata: jsonObject.optional(),
  frequency_count: z.int().optional(),
})
export type Entity = z.infer<typeof Entity>

/**
 * All entries of one entity type, by a name that may be the value or a Latin spelling: the document has both
 * `北京` and `shanghai` (section 14.2, row A17).
 */
export const EntityDictionary = z.looseObject({
  entity_type_code: z.string(),
  entities: z.record(z.string(), Entity),
  total_entities: z.int(),
  last_updated: instant,
})
export type EntityDictionary = z.infer<typeof EntityDictionary>

/** A kind of entity, such as `city` (template `entity_type`; shape ours after database v2.2). */
export const EntityType = z.looseObject({
  id: z.int(),
  type_code: z.string(),
  type_name: z.string(),
  type_name_en: z.string().optional(),
  description: z.string(),
  is_active: z.boolean(),
  metadata: jsonObject.optional(),
})
export type EntityType = z.infer<typeof EntityType>

/** Every kind of entity (template `entity_types`; shape ours). */
export const EntityTypes = z.looseObject({
  entity_types: z.array(EntityType),
  last_updated: instant,
})
export type EntityTypes = z.infer<typeof EntityTypes>

/** `entity_types:all` (section 1.1, row A1). */
export const entityTypesSpace = defineSpace({
  name: 'entity_types',
  key: 'entity_types:all',
  schema: EntityTypes,
  ttl: lifeOf('entity_types'),
  format: 'document',
  tags: () => ['entity_types'],
})

/** `entity_type:{type_code}` (section 1.1, row A1). */
export const entityTypeSpace = defineSpace({
  name: 'entity_type',
  key: 'entity_type:{type_code}',
  schema: EntityType,
  ttl: lifeOf('entity_type'),
  format: 'document',
  tags: ({ type_code }) => ['entity_types', `entity:${type_code}`],
})

/** `entity_dict:{type_code}` (section 14.2, row A17). */
export const entityDictionarySpace = defineSpace({
  name: 'entity_dictionary',
  key: 'entity_dict:{type_code}',
  schema: EntityDictionary,
  ttl: lifeOf('entity_dictionary'),
  format: 'document',
  tags: ({ type_code }) => [`entity:${type_code}`],
})
