import { z } from 'zod'
import { getCacheKey } from '../catalog/catalog.ts'
import { jsonObject } from '../catalog/json.ts'
import { preferences } from '../catalog/profile.ts'
import { ModelSource, SystemThresholds, modelSourceName, thresholdsName } from '../catalog/settings.ts'
import { type ConfigTable, type Problem, defineTable } from './config-table.ts'
import { codeName, prose } from './fields.ts'
import * as statements from './statements.ts'

function kindOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? typeof value : 'json'
}

/** The categories whose fields the assistant needs, and what each field may be. */
const neededFields: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  [thresholdsName]: SystemThresholds.shape,
  [modelSourceName]: ModelSource.shape,
}
const neededField = (category: unknown, key: unknown): z.ZodType | undefined =>
  Object.entries(neededFields[String(category)] ?? {}).find(([name]) => name === key)?.[1]

/** Row A9: every value has the type that it says, and what the assistant needs is whole whatever is changed. */
export const systemConfigs = defineTable({
  name: 'system_configs',
  create: z.object({
    category: codeName,
    config_key: codeName,
    config_value: z.json(),
    value_type: z.enum(['string', 'number', 'boolean', 'json']),
    description: z.string().max(2000).optional(),
  }),
  fixed: ['category', 'config_key'],
  json: ['config_value'],
  versioned: true,
  async problems({ category, config_key, config_value, value_type }) {
    const problems: Problem[] = []
    if (value_type !== 'json' && kindOf(config_value) !== value_type) {
      const message = `The value is a ${kindOf(config_value)}, and value_type says ${value_type}`
      problems.push({ field: 'config_value', message })
    }
    const result = neededField(category, config_key)?.safeParse(config_value)
    if (result === undefined || result.success) return problems
    const more = result.error.issues.map(({ path, message }) => ({
      field: ['config_value', ...path].join('.'),
      message,
    }))
    return [...problems, ...more]
  },
  async refuseRemoval({ category, config_key }) {
    if (neededField(category, config_key) === undefined) return []
    return [{ field: 'config_key', message: `The assistant needs ${config_key}: change its value instead` }]
  },
  affected: ({ category, config_key }) => ({
    subject: 'system_config',
    target: `${category}/${config_key}`,
    keys: [
      getCacheKey('system_configs', { category }),
      getCacheKey('ragflow_config', { config_name: category }),
    ],
  }),
})

/** Row A5. */
const users = defineTable({
  name: 'assistant_users',
  key: 'user_id',
  create: z.object({
    user_id: prose(100),
    preferences: preferences.optional(),
    profile_data: jsonObject.optional(),
    managed_by: prose(100).nullish(),
  }),
  fixed: ['user_id'],
  json: ['preferences', 'profile_data'],
  async problems({ user_id, preferences: given = {} }, look) {
    const center = given.cost_center
    const { rows } = await look.query<{ enforced: boolean }>(statements.costCenterRule)
    const badCenter = center !== undefined && !/^[A-Za-z0-9_-]{1,40}$/.test(center)
    return [
      ...(/[*?{}[\]:\\\p{Cc}]/u.test(user_id)
        ? [{ field: 'user_id', message: 'Use letters, digits and signs other than * ? { } [ ] : \\' }]
        : []),
      ...(badCenter && rows[0]?.enforced === true
        ? [{ field: 'preferences.cost_center', message: 'A cost centre is a code such as CC1001' }]
        : []),
    ]
  },
  affected: ({ user_id }) => ({
    subject: 'user_preferences',
    target: user_id,
    keys: [getCacheKey('user_profile', { user_id }), getCacheKey('enterprise_users_active', {})],
  }),
})

/** Settings and users. */
export const settingTables: readonly ConfigTable[] = [systemConfigs, users]
