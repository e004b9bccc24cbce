import type { Cache, ParamsOf, SpaceBase, WarmJob, WarmReport } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { entityDictionarySpace, entityTypesSpace } from './catalog/entity.ts'
import { intentConfigSpace } from './catalog/intent.ts'
import { ragflowConfigSpace, thresholdsName } from './catalog/settings.ts'
import { conversationStatusAllSpace } from './catalog/status.ts'
import { type Lookups, activeIntentsName } from './dialogue/lookups.ts'
import { loadEntityTypes } from './knowledge/entities.ts'
import { listIntents } from './knowledge/intents.ts'

/** What a warm-up needs. */
export interface WarmUpParts {
  readonly cache: Cache
  readonly database: Database
  readonly lookups: Lookups
  /** Called after each entry with a line to show. */
  readonly onProgress: (line: string) => void
}

/**
 * Has the intent configurations, system configurations, dictionaries and statuses ready before the first request (rows
 * A22, C7). What a tier below memory still has from before the restart is left there: the first read copies it up.
 * @throws Error naming every entry that could not be loaded
 */
export async function warmUp({ cache, database, lookups, onProgress }: WarmUpParts): Promise<WarmReport> {
  const present = new Set<string>()

  function job<S extends SpaceBase>(space: S, params: ParamsOf<S>, load: () => Promise<unknown>): WarmJob {
    const name = cache.open(space).key(params)
    return {
      name,
      async run() {
        const { tiers } = await cache.explain(space, params)
        if (tiers.some(({ state }) => state === 'fresh')) present.add(name)
        else await load()
      },
    }
  }

  const names = await listIntents(database)
  const { entity_types: types } = await loadEntityTypes(database)
  const jobs = [
    job(ragflowConfigSpace, { config_name: thresholdsName }, () => lookups.thresholds()),
    job(ragflowConfigSpace, { config_name: activeIntentsName }, () => lookups.intentNames()),
    job(conversationStatusAllSpace, {}, () => lookups.statuses()),
    job(entityTypesSpace, {}, () => lookups.entityTypes()),
    ...names.map((name) => job(intentConfigSpace, { intent_name: name }, () => lookups.intents([name]))),
    ...types
      .filter((type) => type.is_active)
      .map(({ type_code: code }) =>
        job(entityDictionarySpace, { type_code: code }, () => lookups.dictionaries([code])),
      ),
  ]
  const report = await cache.warm(jobs, {
    onProgress({ done, total, name, error }) {
      const what = error === undefined ? (present.has(name) ? 'still there' : 'loaded') : 'failed'
      onProgress(`warm-up ${done}/${total} ${name} ${what}`)
    },
  })
  if (report.failed.length === 0) return report
  const failures = report.failed.map(({ name, error }) => `${name}: ${reasonOf(error)}`)
  throw new Error(`The cache could not be warmed up:\n${failures.map((line) => `  - ${line}`).join('\n')}`)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
