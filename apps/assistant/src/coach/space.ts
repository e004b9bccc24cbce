import { embeddingSpace, modelCallSpace } from '@reprise/ai'
import { mergeStep } from '@reprise/api'
import { defineCatalog, defineSpace } from '@reprise/cache'
import { serviceUserSpace } from '@reprise/service'
import { modelCatalogueSpace } from '../models/space.ts'
import { intentCatalog } from '../catalog/catalog.ts'

/**
 * What an analysis said about one screenshot, all of it in one value: nobody sees the parse of one strategy with the
 * decision of another (document 004; lives two hours). `shot` is made of the screenshot's name and content.
 */
export const screenshotAnalysisSpace = defineSpace({
  name: 'screenshot_analysis',
  key: 'coach:{user_id}:{session_id}:{scene}:{shot}',
  schema: mergeStep,
  ttl: '2h',
  tags: ({ user_id, session_id }) => [`user:${user_id}`, `session:${session_id}`],
})

/** The catalog of the assistant: every key of document 000, the coach's, those of model calls through the gateway, the service's users, and the catalogue of models. */
export const assistantCatalog = defineCatalog({
  prefix: intentCatalog.prefix,
  spaces: [
    ...intentCatalog.spaces.map(({ space }) => space),
    screenshotAnalysisSpace,
    modelCallSpace({ ttl: '7d' }),
    embeddingSpace({ ttl: '30d' }),
    serviceUserSpace,
    modelCatalogueSpace,
  ],
})
