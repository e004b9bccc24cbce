import { z } from 'zod'
import { getCacheKey } from '../catalog/catalog.ts'
import { ParamSchema } from '../catalog/function.ts'
import { type ConfigTable, type Problem, defineTable } from './config-table.ts'
import { codeName, headerProblems, optionalText, wholeId } from './fields.ts'
import * as statements from './statements.ts'

const endpoint = z.url({
  protocol: /^https?$/,
  error: 'Give an address that begins with https:// or http://',
})

/** Rows A6, A23. */
const functionCalls = defineTable({
  name: 'function_calls',
  create: z.object({
    intent_id: wholeId,
    function_name: codeName,
    call_type: z.enum(['api', 'internal', 'webhook', 'rpc']).optional(),
    api_endpoint: endpoint,
    http_method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
    headers: z.record(z.string(), z.string().max(1000)).optional(),
    param_mapping: z.record(z.string(), codeName).optional(),
    params: z.array(ParamSchema.strict()).max(100).optional(),
    timeout_seconds: z.number().positive().max(300).optional(),
    retry_count: z.int().min(0).max(10).optional(),
    is_async: z
      .literal(false, {
        error:
          'Calls are waited for, so that their result is told and confirmed: leave is_async false and raise timeout_seconds',
      })
      .optional(),
    is_idempotent: z.boolean().optional(),
    status_endpoint: endpoint.nullish(),
    is_active: z.boolean().optional(),
    success_template: optionalText(2000),
    success_template_en: optionalText(2000),
    error_template: optionalText(2000),
    error_template_en: optionalText(2000),
  }),
  fixed: ['intent_id', 'function_name'],
  json: ['headers', 'param_mapping', 'params'],
  async problems({ intent_id, headers = {}, param_mapping = {}, params = [] }, look) {
    const problems: Problem[] = headerProblems(headers)
    const { rows } = await look.query<{ slot_name: string }>(statements.slotsOfIntent, [intent_id])
    const sources = new Set(['user_id', ...rows.map(({ slot_name }) => slot_name)])
    const names = new Set(params.map(({ name }) => name))
    const intent = await look.query(statements.intentOfId, [intent_id])
    if (intent.rowCount === 0) {
      problems.push({ field: 'intent_id', message: `There is no intent with the id ${intent_id}` })
    }
    for (const [source, param] of Object.entries(param_mapping)) {
      const field = `param_mapping.${source}`
      if (!sources.has(source)) {
        const message = `The intent has no slot ${JSON.stringify(source)}: use ${[...sources].join(', ')}`
        problems.push({ field, message })
      } else if (names.size > 0 && !names.has(param)) {
        problems.push({ field, message: `params has no ${JSON.stringify(param)}: add it there first` })
      }
    }
    return problems
  },
  async affected({ intent_id, function_name }, look) {
    const { rows } = await look.query<{ intent_name: string }>(statements.intentOfId, [intent_id])
    const intent_name = rows[0]?.intent_name
    return {
      subject: 'function_config',
      target: function_name,
      keys: [
        getCacheKey('function_def', { function_name }),
        getCacheKey('param_schemas', { function_name }),
        ...(intent_name === undefined ? [] : [getCacheKey('intent_config', { intent_name })]),
      ],
      // Results of calls as they were before.
      tags: [`function:${function_name}`],
    }
  },
})

/** What the assistant calls. */
export const functionTables: readonly ConfigTable[] = [functionCalls]
