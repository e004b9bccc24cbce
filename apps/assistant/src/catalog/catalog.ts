import { defineCatalog } from '@reprise/cache'
import { entityDictionarySpace, entityTypeSpace, entityTypesSpace } from './entity.ts'
import { costCenterDailySpace, enterpriseUsersActiveSpace } from './enterprise.ts'
import { apiResultSpace, functionDefinitionSpace, paramSchemasSpace } from './function.ts'
import {
  conversationHistorySpace,
  queryHistorySpace,
  sessionPatternsSpace,
  transferHistorySpace,
} from './history.ts'
import { intentConfigSpace } from './intent.ts'
import { cacheInvalidationNotificationsSpace, cacheInvalidationSpace } from './invalidation.ts'
import { asyncLogStatusSpace } from './log.ts'
import { cachePerformanceHourlySpace, statsSessionSpace, statsSystemRealtimeSpace } from './metrics.ts'
import { userProfileSpace } from './profile.ts'
import { enhancedQuerySpace, intentRecognitionSpace } from './recognition.ts'
import { promptTemplatesSpace, responseTypeSpace, responseTypesSpace } from './response.ts'
import { sessionBasicSpace, sessionSpace } from './session.ts'
import { ragflowConfigSpace, rateLimitSpace, systemConfigsSpace } from './settings.ts'
import { slotDefinitionsSpace, slotDependenciesSpace, slotExtractionRulesSpace } from './slot.ts'
import { slotValueRecordSpace, slotValuesSpace } from './slot-value.ts'
import { stackSpace } from './stack.ts'
import { conversationStatusAllSpace, conversationStatusSpace } from './status.ts'

/**
 * Every key of document 000 under `intent_system:` (row A1): the templates of section 1.1 in its order, the
 * doubled `conversation_status` made two, then the keys that only later sections name. A space's name is its
 * template's name in the document.
 */
export const intentCatalog = defineCatalog({
  prefix: 'intent_system',
  spaces: [
    sessionSpace,
    sessionBasicSpace,
    intentRecognitionSpace,
    intentConfigSpace,
    userProfileSpace,
    conversationHistorySpace,
    slotDefinitionsSpace,
    functionDefinitionSpace,
    transferHistorySpace,
    stackSpace,
    statsSessionSpace,
    rateLimitSpace,
    ragflowConfigSpace,
    queryHistorySpace,
    paramSchemasSpace,
    sessionPatternsSpace,
    enhancedQuerySpace,
    slotDependenciesSpace,
    // New in v2.2.
    slotValuesSpace,
    slotValueRecordSpace,
    entityTypesSpace,
    entityTypeSpace,
    entityDictionarySpace,
    responseTypesSpace,
    responseTypeSpace,
    conversationStatusAllSpace,
    conversationStatusSpace,
    systemConfigsSpace,
    promptTemplatesSpace,
    slotExtractionRulesSpace,
    asyncLogStatusSpace,
    cacheInvalidationSpace,
    // Named by their own sections only.
    apiResultSpace,
    statsSystemRealtimeSpace,
    cacheInvalidationNotificationsSpace,
    enterpriseUsersActiveSpace,
    costCenterDailySpace,
    cachePerformanceHourlySpace,
  ],
})

/** The full key of a template and its parameters: `getCacheKey('session', { session_id })` (row A1). Throws as the catalog's own does. */
export const getCacheKey: (typeof intentCatalog)['getCacheKey'] = (template, params) =>
  intentCatalog.getCacheKey(template, params)
