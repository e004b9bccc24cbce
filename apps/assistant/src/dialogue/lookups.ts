import { createHash } from 'node:crypto'
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import {
  type EntityDictionary,
  type EntityTypes,
  entityDictionarySpace,
  entityTypesSpace,
} from '../catalog/entity.ts'
import { type FunctionDefinition, functionDefinitionSpace } from '../catalog/function.ts'
import { type IntentConfig, intentConfigSpace } from '../catalog/intent.ts'
import { type UserProfile, userProfileSpace } from '../catalog/profile.ts'
import {
  type PromptTemplate,
  type ResponseType,
  promptTemplatesSpace,
  responseTypeSpace,
} from '../catalog/response.ts'
import {
  RagflowConfig,
  SystemThresholds,
  ragflowConfigSpace,
  ragflowName,
  thresholdsName,
} from '../catalog/settings.ts'
import { type SlotDependency, slotDependenciesSpace } from '../catalog/slot.ts'
import { type ConversationStatuses, conversationStatusAllSpace } from '../catalog/status.ts'
import { loadEntityDictionary, loadEntityTypes } from '../knowledge/entities.ts'
import { loadFunctionDefinition } from '../knowledge/functions.ts'
import { listIntents, loadIntentConfig } from '../knowledge/intents.ts'
import { loadPromptTemplates, loadResponseType } from '../knowledge/responses.ts'
import { loadRagflowConfig, loadSystemThresholds } from '../knowledge/settings.ts'
import { loadSlotDependencies } from '../knowledge/slots.ts'
import { loadConversationStatuses } from '../knowledge/statuses.ts'
import { loadUserProfile } from '../knowledge/users.ts'
import type { Knowledge } from '../recognise/recogniser.ts'

/** The name under which the list of active intents is kept among the configurations. */
export const activeIntentsName = 'active_intents'

/** What a turn looks up, each through its space of the catalog; the database is asked on a miss only. */
export interface Lookups {
  /** The active intents and dictionaries (rows A6, A17): the same object as long as nothing of it has changed. */
  knowledge(): Promise<Knowledge>
  /** Names of the active intents, the most urgent first. */
  intentNames(): Promise<readonly string[]>
  intents(names: readonly string[]): Promise<readonly IntentConfig[]>
  entityTypes(): Promise<EntityTypes>
  dictionaries(typeCodes: readonly string[]): Promise<readonly EntityDictionary[]>
  /** The dependencies among the slots of each intent, by the intent's name (row A23). */
  dependencies(intents: readonly IntentConfig[]): Promise<ReadonlyMap<string, readonly SlotDependency[]>>
  /** What carries the intents out, by the function's name (row A23). */
  functions(intents: readonly IntentConfig[]): Promise<ReadonlyMap<string, FunctionDefinition>>
  /** The templates of one type in every language (row A23). */
  prompts(type: string): Promise<readonly PromptTemplate[]>
  /** Row A9. */
  thresholds(): Promise<SystemThresholds>
  /** How the retrieval service is reached (row A23). */
  retrieval(): Promise<RagflowConfig>
  /** Row A19. */
  statuses(): Promise<ConversationStatuses>
  /** Row A18. @throws E_LOADER_FAILED for a code that there is not */
  responseType(code: string): Promise<ResponseType>
  /** Row A5. */
  profile(userId: string): Promise<UserProfile>
}

function required<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value
  throw new Error(`The database has no ${what}: seed it again, or correct what refers to it`)
}

/** Opens the spaces that a dialogue reads. `now` tells the time. */
export function createLookups(cache: Cache, database: Database, now: () => Date): Lookups {
  const intents = cache.open(intentConfigSpace)
  const configs = cache.open(ragflowConfigSpace)
  const types = cache.open(entityTypesSpace)
  const dictionaries = cache.open(entityDictionarySpace)
  const statuses = cache.open(conversationStatusAllSpace)
  const responses = cache.open(responseTypeSpace)
  const profiles = cache.open(userProfileSpace)
  const dependencies = cache.open(slotDependenciesSpace)
  const functions = cache.open(functionDefinitionSpace)
  const prompts = cache.open(promptTemplatesSpace)
  let last: Knowledge | undefined

  const lookups: Lookups = {
    async knowledge() {
      const [found, { entity_types: known }] = [
        await lookups.intents(await lookups.intentNames()),
        await lookups.entityTypes(),
      ]
      const codes = known.filter((type) => type.is_active).map(({ type_code }) => type_code)
      last = sameKnowledge(last, {
        intents: found.filter((intent) => intent.is_active),
        dictionaries: await lookups.dictionaries(codes),
      })
      return last
    },
    async intentNames() {
      const config = await configs.getOrLoad({ config_name: activeIntentsName }, async () => ({
        config_name: activeIntentsName,
        value: await listIntents(database),
        updated_at: now().toISOString(),
      }))
      const names: unknown = config['value']
      return Array.isArray(names) ? names.map(String) : []
    },
    intents: (names) =>
      intents.getOrLoadMany(
        names.map((intent_name) => ({ intent_name })),
        (missing) =>
          Promise.all(
            missing.map(async ({ intent_name: name }) =>
              required(await loadIntentConfig(database, String(name)), `intent "${name}"`),
            ),
          ),
      ),
    entityTypes: () => types.getOrLoad({}, () => loadEntityTypes(database)),
    dictionaries: (codes) =>
      dictionaries.getOrLoadMany(
        codes.map((type_code) => ({ type_code })),
        (missing) =>
          Promise.all(missing.map(({ type_code: code }) => loadEntityDictionary(database, String(code)))),
      ),
    async dependencies(all) {
      const asked = all.filter(({ slots }) => slots.length > 1)
      const found = await dependencies.getOrLoadMany(
        asked.map(({ id }) => ({ intent_id: id })),
        (missing) =>
          Promise.all(missing.map(({ intent_id: id }) => loadSlotDependencies(database, Number(id)))),
      )
      return new Map(asked.map(({ intent_name: name }, index) => [name, found[index]?.dependencies ?? []]))
    },
    async functions(all) {
      const names = all.flatMap(({ function_call: call }) => (call === undefined ? [] : [call.function_name]))
      const found = await functions.getOrLoadMany(
        names.map((function_name) => ({ function_name })),
        (missing) =>
          Promise.all(
            missing.map(async ({ function_name: name }) =>
              required(await loadFunctionDefinition(database, String(name)), `function "${name}"`),
            ),
          ),
      )
      return new Map(found.map((definition) => [definition.function_name, definition]))
    },
    async prompts(type) {
      const load = () => loadPromptTemplates(database, type)
      return (await prompts.getOrLoad({ template_type: type }, load)).templates
    },
    async thresholds() {
      const config = await configs.getOrLoad({ config_name: thresholdsName }, () =>
        loadSystemThresholds(database),
      )
      return SystemThresholds.parse(config)
    },
    async retrieval() {
      const load = () => loadRagflowConfig(database)
      return RagflowConfig.parse(await configs.getOrLoad({ config_name: ragflowName }, load))
    },
    statuses: () => statuses.getOrLoad({}, () => loadConversationStatuses(database)),
    responseType: (code) =>
      responses.getOrLoad({ type_code: code }, async () =>
        required(await loadResponseType(database, code), `response type "${code}"`),
      ),
    profile: (userId) =>
      profiles.getOrLoad({ user_id: userId }, () => loadUserProfile(database, userId, now())),
  }
  return lookups
}

const hashes = new WeakMap<object, string>()

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The hash of an intent or a dictionary; entries are frozen, so one is computed once. */
function hashOf(part: object): string {
  const known = hashes.get(part)
  if (known !== undefined) return known
  const hash = sha256(JSON.stringify(part))
  hashes.set(part, hash)
  return hash
}

/** The knowledge before when the new one is equal to it, so that indexes made of it are used again. */
function sameKnowledge(before: Knowledge | undefined, found: Omit<Knowledge, 'version'>): Knowledge {
  const parts = [...found.intents, ...found.dictionaries]
  const partsBefore = before === undefined ? [] : [...before.intents, ...before.dictionaries]
  const identical =
    parts.length === partsBefore.length && parts.every((part, index) => part === partsBefore[index])
  if (before !== undefined && identical) return before
  const version = sha256(parts.map(hashOf).join('\n')).slice(0, 16)
  return before?.version === version ? before : Object.freeze({ version, ...found })
}
