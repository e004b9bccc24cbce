import type { Queryable } from '@reprise/database'
import type { NamedConfig } from '../catalog/settings.ts'
import { latest } from '../knowledge/rows.ts'
import { loadSystemConfigs } from '../knowledge/settings.ts'

/** A category of the settings as one object (row A23); undefined for one without settings. */
export async function loadNamedConfig(database: Queryable, name: string): Promise<NamedConfig | undefined> {
  const { configs } = await loadSystemConfigs(database, name)
  if (configs.length === 0) return undefined
  return {
    config_name: name,
    value: Object.fromEntries(configs.map(({ config_key, config_value }) => [config_key, config_value])),
    updated_at: latest(configs.map(({ updated_at }) => new Date(updated_at))),
  }
}
