import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, jsonObject, scalar } from './json.ts'
import { FunctionCall } from './intent.ts'
import { lifeOf } from './ttl.ts'

/**
 * A function that the assistant can call (template `function_def`, row A23; shape ours): the call of section 5.1
 * with what the database's `function_calls` has besides. Only an `is_idempotent` call's result is ever kept (row A8).
 */
export const FunctionDefinition = FunctionCall.extend({
  id: z.int(),
  call_type: z.enum(['api', 'internal', 'webhook', 'rpc']),
  is_async: z.boolean(),
  is_idempotent: z.boolean(),
  is_active: z.boolean(),
  success_template: z.string().optional(),
  success_template_en: z.string().optional(),
  error_template: z.string().optional(),
  error_template_en: z.string().optional(),
  updated_at: instant,
})
export type FunctionDefinition = z.infer<typeof FunctionDefinition>

/** One parameter of a function. */
export const ParamSchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  description: z.string().optional(),
  default_value: scalar.optional(),
})

/** The parameters of a function (template `param_schemas`, row A23; shape ours). */
export const ParamSchemas = z.looseObject({
  function_name: z.string(),
  params: z.array(ParamSchema),
})
export type ParamSchemas = z.infer<typeof ParamSchemas>

/**
 * What an idempotent call gave (section 7.1, row A8). The caller redacts secrets in `request_headers` before
 * writing; `expires_at` repeats the key's own expiry.
 */
export const ApiResult = z.looseObject({
  function_name: z.string(),
  api_endpoint: z.string(),
  params: jsonObject,
  request_headers: z.record(z.string(), z.string()),
  result: jsonObject,
  response_time_ms: z.number(),
  cached_at: instant,
  expires_at: instant,
  business_context: jsonObject.optional(),
})
export type ApiResult = z.infer<typeof ApiResult>

/** `function_def:{function_name}` (section 1.1, row A23). */
export const functionDefinitionSpace = defineSpace({
  name: 'function_def',
  key: 'function_def:{function_name}',
  schema: FunctionDefinition,
  ttl: lifeOf('function_def'),
  format: 'document',
  tags: ({ function_name }) => [`function:${function_name}`],
})

/** `param_schemas:{function_name}` (section 1.1, row A23). */
export const paramSchemasSpace = defineSpace({
  name: 'param_schemas',
  key: 'param_schemas:{function_name}',
  schema: ParamSchemas,
  ttl: lifeOf('param_schemas'),
  format: 'document',
  tags: ({ function_name }) => [`function:${function_name}`],
})

/** `api_result:{function_name}:{params_hash}` (section 7.1, row A8). */
export const apiResultSpace = defineSpace({
  name: 'api_result',
  key: 'api_result:{function_name}:{params_hash}',
  schema: ApiResult,
  ttl: lifeOf('api_result'),
  format: 'document',
  tags: ({ function_name }) => [`function:${function_name}`],
})
