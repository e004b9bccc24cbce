// Every document of the contract behind one door: a key of document 000 in, its document out, from the cache or, on a
// miss, from the rows that it is made of. What only a conversation can make is there when a conversation has made it.
import { type Cache, type ParamsOf, RepriseError, type SpaceBase, type ValueOf } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { Invalidations } from '@reprise/service'
import { intentCatalog } from '../catalog/catalog.ts'
import { entityDictionarySpace, entityTypeSpace } from '../catalog/entity.ts'
import { functionDefinitionSpace, paramSchemasSpace } from '../catalog/function.ts'
import {
  conversationHistorySpace,
  queryHistorySpace,
  sessionPatternsSpace,
  transferHistorySpace,
} from '../catalog/history.ts'
import { intentConfigSpace } from '../catalog/intent.ts'
import { cacheInvalidationNotificationsSpace, cacheInvalidationSpace } from '../catalog/invalidation.ts'
import type { AsyncLogStatus } from '../catalog/log.ts'
import { promptTemplatesSpace, responseTypeSpace, responseTypesSpace } from '../catalog/response.ts'
import { ragflowConfigSpace, ragflowName, systemConfigsSpace, thresholdsName } from '../catalog/settings.ts'
import {
  type SlotExtractionRules,
  slotDefinitionsSpace,
  slotDependenciesSpace,
  slotExtractionRulesSpace,
} from '../catalog/slot.ts'
import { sessionBasicSpace, sessionSpace } from '../catalog/session.ts'
import { stackSpace } from '../catalog/stack.ts'
import { slotValueRecordSpace, slotValuesSpace } from '../catalog/slot-value.ts'
import { conversationStatusSpace } from '../catalog/status.ts'
import { type Lookups, activeIntentsName } from '../dialogue/lookups.ts'
import type { Session } from '../dialogue/context.ts'
import { loadHistory, loadSession } from '../dialogue/session-store.ts'
import { restoredStack } from '../dialogue/stack.ts'
import { loadNotices, loadRecord } from '../events/notices.ts'
import type { Figures } from '../figures/figures.ts'
import { loadEntityDictionary, loadEntityType } from '../knowledge/entities.ts'
import { loadFunctionDefinition, loadParamSchemas } from '../knowledge/functions.ts'
import { loadIntentConfig } from '../knowledge/intents.ts'
import { loadPromptTemplates, loadResponseType, loadResponseTypes } from '../knowledge/responses.ts'
import { loadSystemConfigs } from '../knowledge/settings.ts'
import { loadSlotDefinitions, loadSlotDependencies } from '../knowledge/slots.ts'
import { loadConversationStatus } from '../knowledge/statuses.ts'
import type { AsyncLogs } from '../logs/async-logs.ts'
import { loadNamedConfig } from './named-config.ts'
import {
  loadPatterns,
  loadQueries,
  loadTransfers,
  loadTurnValue,
  loadTurnValues,
} from './session-documents.ts'
import * as statements from './statements.ts'

/** A document with the key that it is at. */
export interface Document {
  readonly key: string
  readonly template: string
  readonly document: unknown
}

/** What documents are made of. */
export interface DocumentParts {
  readonly cache: Cache
  readonly database: Database
  readonly lookups: Lookups
  readonly figures: Figures
  readonly logs: Pick<AsyncLogs, 'status'>
  readonly asked: Pick<Invalidations, 'since'>
  readonly now: () => Date
}

type Params = Readonly<Record<string, string>>
type Reader = (params: Params) => Promise<unknown>
type Loader<S extends SpaceBase> = (params: Params) => Promise<ValueOf<S> | undefined>

/** Nothing is there to make a document of. */
class NothingThere extends Error {}

const longest = 200
const limitOf = (params: Params): number => Math.min(longest, Math.max(1, Number(params['limit']) || 1))
const rowId = (id = ''): number => (/^\d{1,9}$/.test(id) ? Number(id) : 0)

async function loadRules(database: Database, slot: number): Promise<SlotExtractionRules> {
  const { rows } = await database.query<SlotExtractionRules['rules'][number]>(statements.selectRules, [slot])
  return { slot_id: slot, rules: rows.map((row) => ({ ...row })) }
}

/**
 * How the document of each template is come by. Left out are recognitions, answers of services, enhanced questions
 * and what is used of a minute's limit: no row has them, and whoever needs one makes it.
 */
function readersOf({
  cache,
  database,
  lookups,
  figures,
  logs,
  asked,
  now,
}: DocumentParts): Readonly<Record<string, Reader>> {
  function through<S extends SpaceBase>(space: S, load: Loader<S>): Reader {
    const handle = cache.open(space)
    return (params) =>
      handle.getOrLoad(params as ParamsOf<S>, async () => {
        const loaded = await load(params)
        if (loaded === undefined) throw new NothingThere()
        return loaded as never
      })
  }
  const sessionOf = (id: string): Promise<Session | undefined> => loadSession(database, id, now())

  return {
    intent_config: through(intentConfigSpace, ({ intent_name = '' }) =>
      loadIntentConfig(database, intent_name),
    ),
    session: through(sessionSpace, async ({ session_id = '' }) => (await sessionOf(session_id))?.context),
    session_basic: through(sessionBasicSpace, ({ session_id = '' }) => sessionOf(session_id)),
    stack: through(stackSpace, async ({ session_id = '' }) => {
      const session = await sessionOf(session_id)
      return session === undefined ? undefined : restoredStack(session.context, await lookups.knowledge())
    }),
    user_profile: ({ user_id = '' }) => lookups.profile(user_id),
    conversation_history: through(conversationHistorySpace, ({ session_id = '', ...rest }) =>
      loadHistory(database, session_id, limitOf(rest)),
    ),
    slot_definitions: through(slotDefinitionsSpace, ({ intent_name = '' }) =>
      loadSlotDefinitions(database, intent_name),
    ),
    function_def: through(functionDefinitionSpace, ({ function_name = '' }) =>
      loadFunctionDefinition(database, function_name),
    ),
    transfer_history: through(transferHistorySpace, ({ session_id = '', ...rest }) =>
      loadTransfers(database, session_id, limitOf(rest)),
    ),
    stats_session: ({ user_id = '' }) => figures.session(user_id),
    ragflow_config: async (params) => {
      const { config_name: name = '' } = params
      if (name === thresholdsName) return lookups.thresholds()
      if (name === ragflowName) return lookups.retrieval()
      if (name === activeIntentsName) await lookups.intentNames()
      return through(ragflowConfigSpace, () => loadNamedConfig(database, name))(params)
    },
    query_history: through(queryHistorySpace, ({ session_id = '' }) => loadQueries(database, session_id)),
    param_schemas: through(paramSchemasSpace, ({ function_name = '' }) =>
      loadParamSchemas(database, function_name),
    ),
    session_patterns: through(sessionPatternsSpace, ({ session_id = '' }) =>
      loadPatterns(database, session_id, now()),
    ),
    slot_dependencies: through(slotDependenciesSpace, ({ intent_id }) =>
      loadSlotDependencies(database, rowId(intent_id)),
    ),
    slot_values: through(slotValuesSpace, ({ conversation_id = '' }) =>
      loadTurnValues(database, conversation_id),
    ),
    slot_value_record: through(slotValueRecordSpace, ({ conversation_id = '', slot_id = '' }) =>
      loadTurnValue(database, conversation_id, slot_id),
    ),
    entity_types: () => lookups.entityTypes(),
    entity_type: through(entityTypeSpace, ({ type_code = '' }) => loadEntityType(database, type_code)),
    entity_dictionary: through(entityDictionarySpace, ({ type_code = '' }) =>
      loadEntityDictionary(database, type_code),
    ),
    response_types: through(responseTypesSpace, ({ category = '' }) => loadResponseTypes(database, category)),
    response_type: through(responseTypeSpace, ({ type_code = '' }) => loadResponseType(database, type_code)),
    conversation_status_all: () => lookups.statuses(),
    conversation_status: through(conversationStatusSpace, ({ status_code = '' }) =>
      loadConversationStatus(database, status_code),
    ),
    system_configs: through(systemConfigsSpace, ({ category = '' }) => loadSystemConfigs(database, category)),
    prompt_templates: through(promptTemplatesSpace, ({ template_type = '' }) =>
      loadPromptTemplates(database, template_type),
    ),
    slot_extraction_rules: through(slotExtractionRulesSpace, ({ slot_id }) =>
      loadRules(database, rowId(slot_id)),
    ),
    async_log_status: ({ log_type }) => logs.status(log_type as AsyncLogStatus['log_type']),
    cache_invalidation: through(cacheInvalidationSpace, ({ table_name = '', record_id = '' }) =>
      loadRecord(database, table_name, record_id),
    ),
    stats_system_realtime: () => figures.system(),
    cache_invalidation_notifications: through(cacheInvalidationNotificationsSpace, () =>
      loadNotices({ database, asked, now }),
    ),
    enterprise_users_active: () => figures.enterprise(),
    cost_center_daily: ({ code = '', yyyymmdd = '' }) => figures.costCenter(code, yyyymmdd),
    cache_performance_hourly: () => figures.performance(),
  }
}

/** Reads any document of the contract by its key; undefined for a key of no template and a document that there is not. */
export function createDocuments(parts: DocumentParts): (key: string) => Promise<Document | undefined> {
  const readers = readersOf(parts)
  return async (key) => {
    const found = intentCatalog.parse(key)
    if (found === undefined) return undefined
    const { space, params } = found
    const kept = (): Promise<unknown> => parts.cache.open(space.space).get(params as never)
    try {
      const document = await (readers[space.name] ?? kept)(params)
      return document === undefined ? undefined : { key, template: space.name, document }
    } catch (error) {
      const cause = RepriseError.is(error) ? error.cause : undefined
      if (cause instanceof NothingThere) return undefined
      throw error
    }
  }
}
