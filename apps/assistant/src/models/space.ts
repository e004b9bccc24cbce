import { defineSpace } from '@reprise/cache'
import { modelCatalogue } from '@reprise/service'

/** The catalogue of models that is in use; null where there is none (row B6). */
export const modelCatalogueSpace = defineSpace({
  name: 'model_catalogue',
  key: 'model_catalogue',
  schema: modelCatalogue.nullable(),
  ttl: '1h',
})
