import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@reprise/api'
import { createLogger, loadSettings } from '@reprise/service'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getCacheKey } from '../src/catalog/catalog.ts'
import { configTables } from '../src/admin/tables.ts'
import { type Assistant, createAssistant } from '../src/wire.ts'
import { refusals } from './admin-refusals.ts'
import { type Row, adminRig } from './admin-rig.ts'
import { modelCatalogueCases } from './model-catalogue-cases.ts'
import { idOf } from './processes.ts'
import { settingVersionCases } from './setting-version-cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'reprise-admin-'))
let assistant: Assistant
let client: Client

beforeAll(async () => {
  const settings = loadSettings({ env: { PORT: '0', DATA_DIR: folder }, cwd: folder })
  assistant = await createAssistant({ settings, logger: createLogger({ level: 'silent' }) })
  const baseUrl = await assistant.service.listen()
  await assistant.service.ensureAdministrator()
  client = createClient({ baseUrl, token: await assistant.service.issueToken('admin') })
})
afterAll(async () => {
  await assistant.close()
  rmSync(folder, { recursive: true })
})

const rig = adminRig({ assistant: () => assistant, client: () => client })
const { rows, find, change, create, remove } = rig
const at = (key: string) => client.call('document', { query: { key } })

describe('a change (row A20)', () => {
  it('is made with its event, which is completed when the keys are gone', async () => {
    const intent = await find('intents', { intent_name: 'booking_flight' })
    const { row, invalidation } = await change(
      'intents',
      intent,
      { confidence_threshold: 0.95 },
      '更新置信度阈值',
    )
    expect(row).toMatchObject({ intent_name: 'booking_flight', confidence_threshold: 0.95 })
    expect(invalidation).toMatchObject({
      table_name: 'intents',
      record_id: idOf(intent),
      operation: 'UPDATE',
      status: 'completed',
      operator_id: 'admin',
      reason: '更新置信度阈值',
      data: { before: { confidence_threshold: 0.8 }, after: { confidence_threshold: 0.95 } },
      cache_keys: expect.arrayContaining([
        getCacheKey('intent_config', { intent_name: 'booking_flight' }),
        getCacheKey('slot_definitions', { intent_name: 'booking_flight' }),
      ]) as string[],
    })
    expect(new Set(invalidation.cache_keys).size).toBe(invalidation.cache_keys.length)

    const { document } = await at(getCacheKey('intent_config', { intent_name: 'booking_flight' }))
    expect(document).toMatchObject({ confidence_threshold: 0.95 })
    const record = await client.call('document', {
      query: {
        key: getCacheKey('cache_invalidation', { table_name: 'intents', record_id: Number(intent['id']) }),
      },
    })
    expect(record.document).toMatchObject({ event_type: 'cache_invalidation', status: 'completed' })
    const notices = await at(getCacheKey('cache_invalidation_notifications', {}))
    expect(notices.document).toContainEqual({
      invalidation_id: invalidation.invalidation_id,
      type: 'intent_config',
      action: 'update',
      target: 'booking_flight',
      affected_keys: invalidation.cache_keys,
      timestamp: expect.any(String) as string,
      operator_id: 'admin',
      reason: '更新置信度阈值',
    })
  })

  it('of any table reaches every key that shows the row', async () => {
    const type = await find('entity_types', { type_code: 'city' })
    const slot = await find('slots', { slot_name: 'departure_date' })
    const call = await find('function_calls', { function_name: 'check_balance_api' })
    const made = await Promise.all([
      create('entity_dictionary', {
        type_code: 'city',
        entity_value: '敦煌',
        canonical_form: '敦煌市',
        aliases: ['沙州'],
      }),
      change('entity_types', type, { description: '城市' }),
      change('slots', slot, {
        validation_rules: { date_format: 'YYYY-MM-DD', min_date: 'today', max_date: '+60d' },
      }),
      change('function_calls', call, {
        timeout_seconds: 5,
        headers: { Authorization: 'Bearer ${API_OTHER}' },
      }),
      create('slot_extraction_rules', { slot_id: slot['id'] ?? 0, rule_type: 'regex', pattern: '^\\d{4}' }),
      create('system_configs', {
        category: 'async',
        config_key: 'paused',
        config_value: false,
        value_type: 'boolean',
      }),
      create('assistant_users', { user_id: 'u9', preferences: { language: 'en', cost_center: 'CC1009' } }),
    ])
    expect(made.map(({ invalidation }) => invalidation.status)).toEqual(made.map(() => 'completed'))
    const keys = made.flatMap(({ invalidation }) => invalidation.cache_keys)
    for (const key of [
      getCacheKey('entity_dictionary', { type_code: 'city' }),
      getCacheKey('entity_types', {}),
      getCacheKey('function_def', { function_name: 'check_balance_api' }),
      getCacheKey('param_schemas', { function_name: 'check_balance_api' }),
      getCacheKey('slot_extraction_rules', { slot_id: Number(slot['id']) }),
      getCacheKey('system_configs', { category: 'async' }),
      getCacheKey('user_profile', { user_id: 'u9' }),
      getCacheKey('ragflow_config', { config_name: 'async' }),
    ]) {
      expect(keys).toContain(key)
      await expect(at(key)).resolves.toMatchObject({ key })
    }
    expect(made[3]?.invalidation.cache_tags).toEqual(['function:check_balance_api'])
  })

  it('that removes an intent takes what belonged to it', async () => {
    const intent = await find('intents', { intent_name: 'booking_train' })
    const { invalidation } = await remove('intents', intent)
    expect(invalidation).toMatchObject({ operation: 'DELETE', status: 'completed' })
    expect(invalidation.cache_keys).toContain(
      getCacheKey('function_def', { function_name: 'book_train_api' }),
    )
    const query = { key: getCacheKey('intent_config', { intent_name: 'booking_train' }) }
    await expect(client.call('document', { query })).rejects.toMatchObject({ status: 404 })
  })
})

describe('a bad change is refused with its reason', () => {
  it.each(refusals)('%s', async (_, table, values, field, reason) => {
    const [row = {}] = await rows(table)
    const before = await client.call('invalidations')
    const refused = change(table, row, values)
    await expect(refused).rejects.toMatchObject({
      status: 422,
      details: expect.arrayContaining([
        { field, message: expect.stringMatching(reason) as string },
      ]) as unknown,
    })
    expect((await client.call('invalidations')).total).toBe(before.total)
    expect((await rows(table))[0]).toEqual(row)
  })

  it('a threshold of the system out of its range, or removed', async () => {
    const row = await find('system_configs', { config_key: 'slot_confidence_threshold' })
    await expect(change('system_configs', row, { config_value: 7 })).rejects.toMatchObject({ status: 422 })
    await expect(remove('system_configs', row)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('needs slot_confidence_threshold') as string,
    })
  })

  it('what others refer to cannot be removed, and what is there cannot be made again', async () => {
    const status = await find('conversation_statuses', { status_code: 'validation_error' })
    await expect(remove('conversation_statuses', status)).rejects.toMatchObject({ status: 409 })
    const type = await find('entity_types', { type_code: 'city' })
    await expect(remove('entity_types', type)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('departure_city') as string,
    })
    await expect(create('intents', { intent_name: 'cancel', display_name: '取消' })).rejects.toMatchObject({
      status: 409,
    })
  })

  it('slots that would wait for each other', async () => {
    const [hotel] = (await rows('slot_dependencies')).filter(
      ({ dependency_type: type }) => type === 'required',
    )
    const values = {
      intent_id: hotel?.['intent_id'] ?? 0,
      parent_slot_id: hotel?.['dependent_slot_id'] ?? 0,
      dependent_slot_id: hotel?.['parent_slot_id'] ?? 0,
      dependency_type: 'required',
    }
    await expect(create('slot_dependencies', values)).rejects.toMatchObject({
      status: 422,
      details: [{ field: 'dependent_slot_id', message: expect.stringContaining('already waits') as string }],
    })
  })

  it('what is not there, and who may not', async () => {
    const params = { table: 'intents', id: '999999' }
    await expect(
      client.call('configChange', { params, body: { values: { priority: 1 } } }),
    ).rejects.toMatchObject({ status: 404 })
    await expect(rows('users')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('intents, slots') as string,
    })
    await expect(
      client.call('configRead', { params: { table: 'intents', id: '1; DROP TABLE intents' } }),
    ).rejects.toMatchObject({ status: 404 })
    await assistant.service.users.ensure('viewer', 'viewer')
    const viewer = createClient({
      baseUrl: assistant.service.app.listeningOrigin,
      token: await assistant.service.issueToken('viewer'),
    })
    await expect(viewer.call('configTables')).rejects.toMatchObject({ status: 403 })
    const { logs } = assistant.backstage
    await logs.run()
    const audit = await client.call('logs', { params: { log_type: 'security_audit' } })
    expect(audit.logs.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['refused GET /api/v1/admin/config', 'configuration.update']),
    )
  })
})

it('a booking that waits is approved once, and its cost centre shows it', async () => {
  await assistant.database.query(
    `INSERT INTO bookings (idempotency_key, function_name, user_id, params, status, booking_type, amount, currency,
       cost_center, approval_status, started_at, finished_at)
     VALUES ('waits', 'book_flight_api', 'u1', '{}', 'confirmed', 'flight', 5000, 'CNY', 'CC9', 'pending_approval', now(), now())`,
  )
  const day = (): Promise<Row> => client.call('costCenterFigures', { params: { code: 'CC9' } })
  expect(await day()).toMatchObject({ statistics: { approval_status: { pending_approval: 1, approved: 0 } } })
  const waiting = await client.call('bookings', { query: { approval: 'pending_approval' } })
  expect(waiting.bookings.map(({ idempotency_key: key }) => key)).toEqual(['waits'])
  const decide = () =>
    client.call('bookingApproval', { body: { idempotency_key: 'waits', decision: 'approved' } })
  expect(await decide()).toEqual({ idempotency_key: 'waits', approval_status: 'approved' })
  expect(await day()).toMatchObject({
    cost_center: 'CC9',
    statistics: { total_amount: 5000, approval_status: { pending_approval: 0, approved: 1 } },
  })
  await expect(decide()).rejects.toMatchObject({ status: 404 })
})

it('lists the tables with their fields', async () => {
  const { tables } = await client.call('configTables')
  expect(tables.map(({ table }) => table)).toEqual([...configTables.keys()])
  expect(tables.find(({ table }) => table === 'conversation_statuses')).toMatchObject({ rows: 14, key: 'id' })
})

settingVersionCases(rig)
modelCatalogueCases(rig)

describe('the operation log', () => {
  let intent: Row
  beforeAll(async () => void (intent = await find('intents', { intent_name: 'booking_hotel' })))

  it('has a row for every change and every refusal, with who and what', async () => {
    const { invalidation } = await change('intents', intent, { priority: 7 }, '测试')
    await expect(change('intents', intent, { priority: 'high' })).rejects.toMatchObject({ status: 422 })
    const { items } = await client.call('operations', { query: { action: 'configuration', limit: '2' } })
    expect(items).toMatchObject([
      { action: 'configuration.change', target: `intents/${idOf(intent)}`, result: 'refused', status: 422 },
      {
        result: 'done',
        username: 'admin',
        details: { body: { reason: '测试' }, invalidation_id: invalidation.invalidation_id },
      },
    ])
    expect(await client.call('operationVerify')).toMatchObject({ intact: true })
  })

  it('is written in the transaction of the change: none without the other', async () => {
    const { database } = assistant
    await database.script(
      'create table kept as select * from service_operation_chain; delete from service_operation_chain',
    )
    await expect(change('intents', intent, { priority: 8 })).rejects.toMatchObject({ status: 500 })
    expect(await find('intents', { intent_name: 'booking_hotel' })).toMatchObject({ priority: 7 })
    await database.script('insert into service_operation_chain select * from kept')
    await change('intents', intent, { priority: 8 })
    expect(await client.call('operationVerify')).toMatchObject({ intact: true })
  })
})
