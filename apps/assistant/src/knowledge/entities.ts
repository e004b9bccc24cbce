import type { Queryable } from '@reprise/database'
import type { Entity, EntityDictionary, EntityType, EntityTypes } from '../catalog/entity.ts'
import { given, latest } from './rows.ts'
import { selectEntities, selectEntityType, selectEntityTypes } from './statements.ts'

interface EntityRow {
  readonly id: number
  readonly entity_value: string
  readonly canonical_form: string
  readonly aliases: string[]
  readonly confidence_weight: number
  readonly metadata: NonNullable<Entity['metadata']> | null
  readonly frequency_count: number | null
  readonly updated_at: Date
}

interface EntityTypeRow {
  readonly id: number
  readonly type_code: string
  readonly type_name: string
  readonly type_name_en: string | null
  readonly description: string
  readonly is_active: boolean
  readonly metadata: NonNullable<EntityType['metadata']> | null
  readonly updated_at: Date
}

/** The active entries of one entity type by their values (row A17); an empty dictionary for an unknown type. */
export async function loadEntityDictionary(database: Queryable, typeCode: string): Promise<EntityDictionary> {
  const { rows } = await database.query<EntityRow>(selectEntities, [typeCode])
  return {
    entity_type_code: typeCode,
    entities: Object.fromEntries(rows.map((row) => [row.entity_value, toEntity(row)])),
    total_entities: rows.length,
    last_updated: latest(rows.map((row) => row.updated_at)),
  }
}

/** Every entity type, active or not. */
export async function loadEntityTypes(database: Queryable): Promise<EntityTypes> {
  const { rows } = await database.query<EntityTypeRow>(selectEntityTypes)
  return {
    entity_types: rows.map(toEntityType),
    last_updated: latest(rows.map((row) => row.updated_at)),
  }
}

/** One entity type, active or not; undefined when there is none of that code. */
export async function loadEntityType(database: Queryable, typeCode: string): Promise<EntityType | undefined> {
  const { rows } = await database.query<EntityTypeRow>(selectEntityType, [typeCode])
  return rows[0] === undefined ? undefined : toEntityType(rows[0])
}

function toEntity(row: EntityRow): Entity {
  return {
    id: row.id,
    entity_value: row.entity_value,
    canonical_form: row.canonical_form,
    aliases: row.aliases,
    confidence_weight: row.confidence_weight,
    ...given({ metadata: row.metadata, frequency_count: row.frequency_count }),
  }
}

function toEntityType(row: EntityTypeRow): EntityType {
  return {
    id: row.id,
    type_code: row.type_code,
    type_name: row.type_name,
    ...given({ type_name_en: row.type_name_en }),
    description: row.description,
    is_active: row.is_active,
    ...given({ metadata: row.metadata }),
  }
}
