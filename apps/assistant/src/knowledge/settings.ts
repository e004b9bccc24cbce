import type { Queryable } from '@reprise/database'
import type { z } from 'zod'
import {
  RagflowConfig,
  type SystemConfigs,
  SystemThresholds,
  ragflowName,
  thresholdsName,
} from '../catalog/settings.ts'
import { latest } from './rows.ts'
import { selectConfigs } from './statements.ts'

type Config = SystemConfigs['configs'][number]

interface ConfigRow {
  readonly config_key: string
  readonly config_value: Config['config_value']
  readonly value_type: Config['value_type']
  readonly description: string
  readonly updated_at: Date
}

/** The settings of a category in the order in which they were made (row A9); none for an unknown category. */
export async function loadSystemConfigs(database: Queryable, category: string): Promise<SystemConfigs> {
  const { rows } = await database.query<ConfigRow>(selectConfigs, [category])
  return {
    category,
    configs: rows.map((row) => ({ ...row, updated_at: row.updated_at.toISOString() })),
  }
}

/**
 * The system thresholds (section 8.1, row A9): one row of `system_configs` for each field, in the category
 * `system_thresholds`; `updated_at` is that of the newest row.
 * @throws Error naming every threshold that is missing or of the wrong type
 */
export function loadSystemThresholds(database: Queryable): Promise<SystemThresholds> {
  return loadNamed(database, thresholdsName, SystemThresholds)
}

/**
 * How the retrieval service is reached (row A23), from the category `ragflow` in the same manner.
 * @throws Error naming every field that is missing or of the wrong type
 */
export function loadRagflowConfig(database: Queryable): Promise<RagflowConfig> {
  return loadNamed(database, ragflowName, RagflowConfig)
}

async function loadNamed<Schema extends z.ZodType>(
  database: Queryable,
  name: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { rows } = await database.query<ConfigRow>(selectConfigs, [name])
  const result = schema.safeParse({
    config_name: name,
    ...Object.fromEntries(rows.map((row) => [row.config_key, row.config_value])),
    updated_at: latest(rows.map((row) => row.updated_at)),
  })
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(
    `system_configs, category ${name}: ${problems.join('; ')}. Set these rows right; ` +
      'seed/settings.yaml shows what each of them should look like',
  )
}
