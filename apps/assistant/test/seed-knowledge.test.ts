import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '@reprise/database'
import { intentCatalog } from '../src/catalog/catalog.ts'
import { loadEntityDictionary, loadEntityType, loadEntityTypes } from '../src/knowledge/entities.ts'
import { loadFunctionDefinition, loadParamSchemas } from '../src/knowledge/functions.ts'
import { listIntents, loadIntentConfig } from '../src/knowledge/intents.ts'
import { loadPromptTemplates, loadResponseType, loadResponseTypes } from '../src/knowledge/responses.ts'
import { loadSystemConfigs, loadSystemThresholds } from '../src/knowledge/settings.ts'
import { loadSlotDefinitions, loadSlotDependencies } from '../src/knowledge/slots.ts'
import { loadConversationStatus, loadConversationStatuses } from '../src/knowledge/statuses.ts'
import { loadUserProfile } from '../src/knowledge/users.ts'
import { examples } from './catalog-document.ts'
import { openSeeded } from './seed-database.ts'

let database: Database
beforeAll(async () => {
  database = await openSeeded()
})
afterAll(() => database.close())

/** The value as a space of the catalog takes it, which must be the value itself. */
async function fits<T>(template: string, loaded: Promise<T>): Promise<T> {
  const value = await loaded
  expect(value).toBeDefined()
  const result = await intentCatalog.find(template).space.schema?.['~standard'].validate(value)
  expect({ template, issues: result?.issues }).toEqual({ template, issues: undefined })
  expect(result && 'value' in result && result.value).toEqual(JSON.parse(JSON.stringify(value)))
  return value
}

const documented = (section: string): Record<string, unknown> =>
  examples.find((example) => example.section === section)?.value as Record<string, unknown>

describe('intents', () => {
  it('load as the catalog’s shapes', async () => {
    const names = await listIntents(database)
    expect(names.slice(0, 2)).toEqual(['cancel', 'postpone'])
    expect(names).toHaveLength(11)
    for (const name of names) {
      const intent = await fits('intent_config', loadIntentConfig(database, name))
      const { slots } = await fits('slot_definitions', loadSlotDefinitions(database, name))
      expect(intent?.slots).toEqual(slots)
      await fits('slot_dependencies', loadSlotDependencies(database, intent?.id ?? 0))
    }
  })

  it('have what section 5.1 shows of booking_flight, with more cities and optional slots', async () => {
    const shown = documented('5.1')
    const intent = await loadIntentConfig(database, 'booking_flight')
    const { examples: sentences, slots, function_call, created_at: _c, updated_at: _u, ...rest } = shown
    expect(intent).toMatchObject(rest)
    expect(intent?.examples).toEqual(expect.arrayContaining(sentences as string[]))
    const required = intent?.slots.filter(({ is_required }) => is_required) ?? []
    for (const [index, slot] of (slots as Record<string, object>[]).entries()) {
      const { validation_rules: rules, ...plain } = slot
      const { allowed_values: few = [], ...others } = rules as { allowed_values?: string[] }
      expect(required[index]).toMatchObject({ ...plain, validation_rules: others })
      expect(required[index]?.validation_rules.allowed_values ?? []).toEqual(expect.arrayContaining(few))
    }
    expect(intent?.slots[0]?.validation_rules.allowed_values).toContain('成都')
    const call = function_call as Record<string, unknown>
    expect(intent?.function_call).toMatchObject(call)
  })

  it('leave out the inactive, which still load by name', async () => {
    await database.query(`UPDATE intents SET is_active = false WHERE intent_name = 'reject'`)
    expect(await listIntents(database)).not.toContain('reject')
    expect(await loadIntentConfig(database, 'reject')).toMatchObject({ is_active: false })
  })

  it('are undefined when there are none', async () => {
    expect(await loadIntentConfig(database, 'no_such')).toBeUndefined()
    expect(await loadSlotDefinitions(database, 'no_such')).toEqual({ intent_name: 'no_such', slots: [] })
    expect(await loadFunctionDefinition(database, 'no_such')).toBeUndefined()
  })

  it('tell which calls may be kept', async () => {
    const balance = await fits('function_def', loadFunctionDefinition(database, 'check_balance_api'))
    expect(balance?.is_idempotent).toBe(true)
    const flight = await fits('function_def', loadFunctionDefinition(database, 'book_flight_api'))
    expect(flight?.is_idempotent).toBe(false)
    expect((await fits('param_schemas', loadParamSchemas(database, 'book_flight_api')))?.params).toHaveLength(
      7,
    )
  })
})

describe('dictionaries', () => {
  it('load as the catalog’s shapes', async () => {
    const { entity_types } = await fits('entity_types', loadEntityTypes(database))
    expect(entity_types.map(({ type_code }) => type_code)[0]).toBe('city')
    for (const { type_code } of entity_types) {
      await fits('entity_type', loadEntityType(database, type_code))
      const dictionary = await fits('entity_dictionary', loadEntityDictionary(database, type_code))
      expect(Object.keys(dictionary.entities)).toHaveLength(dictionary.total_entities)
    }
    const { entities } = await loadEntityDictionary(database, 'city')
    expect(entities['上海']).toMatchObject({ canonical_form: '上海市', metadata: { code: 'SH' } })
    expect((await loadEntityDictionary(database, 'planet')).entities).toEqual({})
  })
})

describe('responses, statuses, settings and users', () => {
  it('load as the catalog’s shapes', async () => {
    const success = await fits('response_types', loadResponseTypes(database, 'success'))
    expect(success.response_types).toMatchObject(documented('14.3')['response_types'] as object[])
    await fits('response_type', loadResponseType(database, 'slot_prompt'))
    const statuses = await fits('conversation_status_all', loadConversationStatuses(database))
    expect(statuses.by_category['success']).toEqual(['completed', 'ragflow_handled'])
    expect(statuses.status).toHaveLength(14)
    await fits('conversation_status', loadConversationStatus(database, 'completed'))
    await fits('prompt_templates', loadPromptTemplates(database, 'intent_recognition'))
    await fits('system_configs', loadSystemConfigs(database, 'security'))
  })

  it('have the thresholds of section 8.1', async () => {
    const { updated_at: _, ...shown } = documented('8.1')
    expect(await fits('ragflow_config', loadSystemThresholds(database))).toMatchObject(shown)
  })

  it('say which threshold is wrong', async () => {
    const row = `category = 'system_thresholds' AND config_key = 'api_timeout_seconds'`
    await database.query(`UPDATE system_configs SET config_value = '"30"' WHERE ${row}`)
    await expect(loadSystemThresholds(database)).rejects.toThrow('api_timeout_seconds')
    await database.query(`UPDATE system_configs SET config_value = '30' WHERE ${row}`)
    expect((await loadSystemThresholds(database)).api_timeout_seconds).toBe(30)
  })

  it('have the user of section 4.1, and defaults for others', async () => {
    const { loaded_at: _l, last_updated: _u, ...shown } = documented('4.1')
    expect(await fits('user_profile', loadUserProfile(database, 'enterprise_user_001'))).toMatchObject(shown)
    const now = new Date('2026-01-02T03:04:05Z')
    const unknown = await fits('user_profile', loadUserProfile(database, 'u1', now))
    expect(unknown.loaded_at).toBe('2026-01-02T03:04:05.000Z')
    expect(unknown.preferences).toMatchObject({ language: 'zh-CN', currency: 'CNY' })
    expect(unknown.managed_by).toBeNull()
  })
})
