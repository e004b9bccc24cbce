import type { Queryable } from '@reprise/database'
import type { PromptTemplate, PromptTemplates, ResponseType, ResponseTypes } from '../catalog/response.ts'
import { given } from './rows.ts'
import { selectPromptTemplates, selectResponseType, selectResponseTypes } from './statements.ts'

interface ResponseRow extends Readonly<
  Pick<
    ResponseType,
    'id' | 'type_code' | 'type_name' | 'description' | 'template_format' | 'default_template'
  >
> {
  readonly metadata: NonNullable<ResponseType['metadata']> | null
  readonly default_template_en: string | null
}

interface PromptRow {
  readonly id: number
  readonly template_name: string
  readonly template_type: string
  readonly language: PromptTemplate['language']
  readonly content: string
  readonly variables: string[]
  readonly version: string
  readonly is_active: boolean
  readonly usage_count: number
  readonly success_rate: number | null
  readonly updated_at: Date
}

/** The active response types of a category (row A18); none for an unknown category. */
export async function loadResponseTypes(database: Queryable, category: string): Promise<ResponseTypes> {
  const { rows } = await database.query<ResponseRow>(selectResponseTypes, [category])
  return { category, response_types: rows.map(toResponseType) }
}

/** One active response type (row A18); undefined when there is none of that code. */
export async function loadResponseType(
  database: Queryable,
  typeCode: string,
): Promise<ResponseType | undefined> {
  const { rows } = await database.query<ResponseRow>(selectResponseType, [typeCode])
  return rows[0] === undefined ? undefined : toResponseType(rows[0])
}

/** The active prompt templates of a type, in both languages (row A23); none for an unknown type. */
export async function loadPromptTemplates(
  database: Queryable,
  templateType: string,
): Promise<PromptTemplates> {
  const { rows } = await database.query<PromptRow>(selectPromptTemplates, [templateType])
  return {
    template_type: templateType,
    templates: rows.map((row) => ({ ...row, updated_at: row.updated_at.toISOString() })),
  }
}

function toResponseType(row: ResponseRow): ResponseType {
  return {
    id: row.id,
    type_code: row.type_code,
    type_name: row.type_name,
    description: row.description,
    template_format: row.template_format,
    default_template: row.default_template,
    ...given({ metadata: row.metadata, default_template_en: row.default_template_en }),
  }
}
