import type { Queryable } from '@reprise/database'
import type { FunctionDefinition, ParamSchemas } from '../catalog/function.ts'
import type { FunctionCall } from '../catalog/intent.ts'
import { given } from './rows.ts'
import { selectFunction, selectFunctionOfIntent } from './statements.ts'

interface FunctionRow extends Readonly<FunctionCall> {
  readonly id: number
  readonly call_type: FunctionDefinition['call_type']
  readonly params: ParamSchemas['params']
  readonly is_async: boolean
  readonly is_idempotent: boolean
  readonly is_active: boolean
  readonly success_template: string | null
  readonly success_template_en: string | null
  readonly error_template: string | null
  readonly error_template_en: string | null
  readonly updated_at: Date
}

/** A function that the assistant can call (row A23), active or not; undefined when there is none of that name. */
export async function loadFunctionDefinition(
  database: Queryable,
  functionName: string,
): Promise<FunctionDefinition | undefined> {
  const row = await readFunction(database, functionName)
  if (row === undefined) return undefined
  return {
    ...toCall(row),
    id: row.id,
    call_type: row.call_type,
    is_async: row.is_async,
    is_idempotent: row.is_idempotent,
    is_active: row.is_active,
    ...given({
      success_template: row.success_template,
      success_template_en: row.success_template_en,
      error_template: row.error_template,
      error_template_en: row.error_template_en,
    }),
    updated_at: row.updated_at.toISOString(),
  }
}

/** The parameters of a function (row A23); undefined when there is none of that name. */
export async function loadParamSchemas(
  database: Queryable,
  functionName: string,
): Promise<ParamSchemas | undefined> {
  const row = await readFunction(database, functionName)
  return row === undefined ? undefined : { function_name: row.function_name, params: row.params }
}

/** The active call that carries an intent out (row A6), or undefined. */
export async function loadFunctionOfIntent(
  database: Queryable,
  intentName: string,
): Promise<FunctionCall | undefined> {
  const { rows } = await database.query<FunctionRow>(selectFunctionOfIntent, [intentName])
  return rows[0] === undefined ? undefined : toCall(rows[0])
}

async function readFunction(database: Queryable, functionName: string): Promise<FunctionRow | undefined> {
  const { rows } = await database.query<FunctionRow>(selectFunction, [functionName])
  return rows[0]
}

function toCall(row: FunctionRow): FunctionCall {
  return {
    function_name: row.function_name,
    api_endpoint: row.api_endpoint,
    http_method: row.http_method,
    headers: row.headers,
    param_mapping: row.param_mapping,
    timeout_seconds: row.timeout_seconds,
    retry_count: row.retry_count,
  }
}
