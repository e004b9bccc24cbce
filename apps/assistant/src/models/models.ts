// The catalogue of models (rows B6, B7): a managed document whose source and schedule are settings, category
// `model_catalogue`, so that an administrator changes them while the assistant runs. Nothing is read until he does.
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import {
  type DocumentSource,
  type ManagedDocument,
  type Schedule,
  modelCatalogue,
  modelCatalogueDocument,
  openDocuments,
} from '@reprise/service'
import { ModelSource, modelSourceName, systemConfigsSpace } from '../catalog/settings.ts'
import { intentRecognitionSpace } from '../catalog/recognition.ts'
import { loadSystemConfigs } from '../knowledge/settings.ts'
import { modelCatalogueSpace } from './space.ts'

/** The models that the assistant may ask. */
export interface Models {
  /** What `sync` and `config-apply` work on; what a model said is forgotten when it changes. */
  readonly document: ManagedDocument
  /** The task that is due as the settings say; none while they do not. */
  schedules(): Promise<readonly Schedule[]>
  /** The best model for quick answers; undefined without a catalogue. */
  quick(): Promise<string | undefined>
}

/** Opens the catalogue of models. */
export function openModels({
  cache,
  database,
}: {
  readonly cache: Cache
  readonly database: Database
}): Models {
  const settings = cache.open(systemConfigsSpace)
  const catalogue = cache.open(modelCatalogueSpace)
  const documents = openDocuments(database)

  /** Undefined for settings that make no sense, which the administration does not let through. */
  async function readSource(): Promise<ModelSource | undefined> {
    const at = { category: modelSourceName }
    const { configs } = await settings.getOrLoad(at, () => loadSystemConfigs(database, modelSourceName))
    return ModelSource.safeParse(
      Object.fromEntries(configs.map(({ config_key, config_value }) => [config_key, config_value])),
    ).data
  }
  async function source(): Promise<DocumentSource | undefined> {
    const { source_url: url = '' } = (await readSource()) ?? {}
    return url === '' ? undefined : { url }
  }
  const document = modelCatalogueDocument({
    source,
    clears: { spaces: [modelCatalogueSpace.name, intentRecognitionSpace.name] },
  })
  const load = async () => {
    const active = await documents.active(document.name)
    return active === undefined ? null : modelCatalogue.parse(active.document)
  }

  return {
    document,
    async schedules() {
      const { source_url: url = '', is_scheduled: on = false, sync_minutes } = (await readSource()) ?? {}
      if (!on || url === '' || sync_minutes === undefined) return []
      const input = { name: document.name }
      return [{ name: document.name, kind: 'sync', input, every: `${sync_minutes}m` }]
    },
    async quick() {
      const { models = [] } = (await catalogue.getOrLoad({}, load)) ?? {}
      return models.filter(({ role }) => role !== 'deep').toSorted((one, other) => other.level - one.level)[0]
        ?.name
    },
  }
}
