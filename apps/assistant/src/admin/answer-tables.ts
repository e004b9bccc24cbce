import { z } from 'zod'
import { getCacheKey } from '../catalog/catalog.ts'
import { jsonObject } from '../catalog/json.ts'
import { type ConfigTable, type Problem, defineTable } from './config-table.ts'
import { codeName, optionalText, prose } from './fields.ts'
import * as statements from './statements.ts'

/** Row A18. */
const responseTypes = defineTable({
  name: 'response_types',
  create: z.object({
    type_code: codeName,
    type_name: prose(100),
    category: codeName,
    description: z.string().max(2000).optional(),
    template_format: z.enum(['text', 'json', 'markdown', 'html']).optional(),
    default_template: prose(4000),
    default_template_en: optionalText(4000),
    metadata: jsonObject.nullish(),
    is_active: z.boolean().optional(),
  }),
  fixed: ['type_code'],
  json: ['metadata'],
  affected: ({ type_code, category }) => ({
    subject: 'response_type',
    target: type_code,
    keys: [getCacheKey('response_types', { category }), getCacheKey('response_type', { type_code })],
  }),
})

/** Row A19: a status leads only to statuses that there are, and a final one to none. */
const conversationStatuses = defineTable({
  name: 'conversation_statuses',
  create: z.object({
    status_code: codeName,
    status_name: prose(100),
    description: z.string().max(2000).optional(),
    category: codeName,
    is_final: z.boolean().optional(),
    next_allowed_status: z.array(codeName).max(100).optional(),
    notification_required: z.boolean().optional(),
  }),
  fixed: ['status_code'],
  async problems({ is_final, next_allowed_status: next = [] }, look) {
    const { rows } = await look.query<{ status_code: string }>(statements.statusCodes)
    const known = new Set(rows.map(({ status_code }) => status_code))
    const problems = next.flatMap((code, index): Problem[] =>
      known.has(code)
        ? []
        : [
            {
              field: `next_allowed_status.${index}`,
              message: `There is no status ${JSON.stringify(code)} to go on to: use ${[...known].join(', ')}`,
            },
          ],
    )
    if (is_final !== true || next.length === 0) return problems
    return [...problems, { field: 'next_allowed_status', message: 'Nothing follows a final status' }]
  },
  async refuseRemoval({ status_code }, look) {
    const { rows } = await look.query<{ status_code: string }>(statements.statusesLeadingTo, [status_code])
    return rows.map((row) => ({
      field: 'status_code',
      message: `The status ${row.status_code} leads to ${status_code}: change that first`,
    }))
  },
  affected: ({ status_code }) => ({
    subject: 'conversation_status',
    target: status_code,
    keys: [getCacheKey('conversation_status_all', {}), getCacheKey('conversation_status', { status_code })],
  }),
})

const promptTemplates = defineTable({
  name: 'prompt_templates',
  create: z.object({
    template_name: codeName,
    template_type: codeName,
    language: z.enum(['zh', 'en']),
    content: prose(20_000),
    variables: z
      .array(z.string().regex(/^\w{1,100}$/))
      .max(100)
      .optional(),
    version: prose(50).optional(),
    is_active: z.boolean().optional(),
  }),
  fixed: ['template_name', 'language'],
  async problems({ content, variables = [] }) {
    const used = new Set(Array.from(content.matchAll(/\$\{(\w+)\}/g), (match) => match[1] ?? ''))
    const undeclared = [...used].filter((name) => !variables.includes(name))
    return undeclared.map((name) => ({
      field: 'variables',
      message: `content uses \${${name}}, which variables does not name`,
    }))
  },
  affected: ({ template_name, template_type }) => ({
    subject: 'prompt_template',
    target: template_name,
    keys: [getCacheKey('prompt_templates', { template_type })],
  }),
})

/** How the assistant answers. */
export const answerTables: readonly ConfigTable[] = [responseTypes, conversationStatuses, promptTemplates]
