import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, jsonObject } from './json.ts'
import { lifeOf } from './ttl.ts'

/** One way to answer, with its template (section 14.3, row A18); `default_template_en` is ours. */
export const ResponseType = z.looseObject({
  id: z.int(),
  type_code: z.string(),
  type_name: z.string(),
  description: z.string(),
  template_format: z.string(),
  default_template: z.string(),
  metadata: jsonObject.optional(),
  default_template_en: z.string().optional(),
})
export type ResponseType = z.infer<typeof ResponseType>

/** The response types of one category (section 14.3, row A18). */
export const ResponseTypes = z.looseObject({
  category: z.string(),
  response_types: z.array(ResponseType),
})
export type ResponseTypes = z.infer<typeof ResponseTypes>

/** A template of a prompt (database v2.2, row A23). `variables` are the names that its `${…}` placeholders take. */
export const PromptTemplate = z.looseObject({
  id: z.int(),
  template_name: z.string(),
  template_type: z.string(),
  language: z.enum(['zh', 'en']),
  content: z.string(),
  variables: z.array(z.string()),
  version: z.string(),
  is_active: z.boolean(),
  usage_count: z.int(),
  success_rate: z.number().nullable(),
  updated_at: instant,
})
export type PromptTemplate = z.infer<typeof PromptTemplate>

/** The prompt templates of one type (template `prompt_templates`, row A23; shape ours). */
export const PromptTemplates = z.looseObject({
  template_type: z.string(),
  templates: z.array(PromptTemplate),
})
export type PromptTemplates = z.infer<typeof PromptTemplates>

/** `response_types:{category}` (section 14.3, row A18). */
export const responseTypesSpace = defineSpace({
  name: 'response_types',
  key: 'response_types:{category}',
  schema: ResponseTypes,
  ttl: lifeOf('response_types'),
  format: 'document',
  tags: ({ category }) => ['response_types', `response_category:${category}`],
})

/** `response_type:{type_code}` (section 1.1, row A18). */
export const responseTypeSpace = defineSpace({
  name: 'response_type',
  key: 'response_type:{type_code}',
  schema: ResponseType,
  ttl: lifeOf('response_type'),
  format: 'document',
  tags: ({ type_code }) => ['response_types', `response:${type_code}`],
})

/** `prompt_templates:{template_type}` (section 1.1, row A23). */
export const promptTemplatesSpace = defineSpace({
  name: 'prompt_templates',
  key: 'prompt_templates:{template_type}',
  schema: PromptTemplates,
  ttl: lifeOf('prompt_templates'),
  format: 'document',
  tags: ({ template_type }) => [`prompt:${template_type}`],
})
