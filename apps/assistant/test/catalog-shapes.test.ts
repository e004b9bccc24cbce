import { describe, expect, it } from 'vitest'
import { intentCatalog } from '../src/catalog/catalog.ts'
import { SessionContext } from '../src/catalog/session.ts'
import { examples } from './catalog-document.ts'

async function check(template: string, value: unknown): Promise<unknown> {
  const schema = intentCatalog.find(template).space.schema
  if (schema === undefined) throw new Error(`${template} has no schema`)
  const result = await schema['~standard'].validate(value)
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues))
  return result.value
}

const valueOf = (section: string): Record<string, unknown> =>
  structuredClone(examples.find((example) => example.section === section)?.value) as Record<string, unknown>

describe('shapes of document 000', () => {
  it('has an example of each of the 18 sections that show one', () => {
    expect(examples).toHaveLength(18)
  })

  it.each(examples)('takes section $section as it is, fields in their order', async ({ template, value }) => {
    const once = await check(template, value)
    expect(JSON.stringify(once)).toBe(JSON.stringify(value))
    expect(JSON.stringify(await check(template, once))).toBe(JSON.stringify(value))
  })

  it('takes the context of section 2.1 alone, for the template session', () => {
    const { context } = valueOf('2.1')
    expect(JSON.stringify(SessionContext.parse(context))).toBe(JSON.stringify(context))
  })

  it.each(examples)('refuses section $section without its first field', async ({ template, value }) => {
    const copy = structuredClone(value) as Record<string, unknown> | Record<string, unknown>[]
    const object = Array.isArray(copy) ? copy[0] : copy
    if (object === undefined) throw new Error('an empty example')
    delete object[Object.keys(object)[0] ?? '']
    await expect(check(template, copy)).rejects.toThrow('path')
  })

  it('keeps fields that other programs add', async () => {
    const intent = { ...valueOf('5.1'), owner_team: 'travel' }
    expect(await check('intent_config', intent)).toMatchObject({ owner_team: 'travel' })
    const session = valueOf('2.1')
    Object.assign(session['context'] as object, { ab_group: 'B' })
    expect(await check('session_basic', session)).toMatchObject({ context: { ab_group: 'B' } })
  })

  it('refuses what the document would not show', async () => {
    await expect(check('intent_config', { ...valueOf('5.1'), confidence_threshold: 1.5 })).rejects.toThrow(
      'confidence_threshold',
    )
    await expect(check('user_profile', { ...valueOf('4.1'), loaded_at: 'yesterday' })).rejects.toThrow(
      'loaded_at',
    )
    await expect(check('stack', { ...valueOf('9.1'), stack_depth: '1' })).rejects.toThrow('stack_depth')
    await expect(check('conversation_history', valueOf('5.1'))).rejects.toThrow('expected array')
  })
})

describe('config:{config_name} (rows A9, A23)', () => {
  const ragflow = {
    config_name: 'ragflow_default',
    api_endpoint: 'https://rag.example.com/v1',
    timeout_seconds: 30,
    rate_limit_per_minute: 60,
    health_check_interval_seconds: 300,
    failure_threshold: 3,
    is_active: true,
    updated_at: '2024-01-20T09:00:00Z',
  }

  it('takes a retrieval service and any other named configuration', async () => {
    expect(await check('ragflow_config', ragflow)).toEqual(ragflow)
    const other = { config_name: 'greeting', value: { zh: '您好' }, updated_at: '2024-01-20T09:00:00Z' }
    expect(await check('ragflow_config', other)).toEqual(other)
  })

  it('does not let broken thresholds pass as something else', async () => {
    const broken = { ...valueOf('8.1'), intent_confidence_threshold: '0.7' }
    await expect(check('ragflow_config', broken)).rejects.toThrow('must have the shape of section 8.1')
    await expect(check('ragflow_config', { ...broken, value: 1 })).rejects.toThrow('section 8.1')
    await expect(check('ragflow_config', { ...ragflow, config_name: 'system_thresholds' })).rejects.toThrow(
      'section 8.1',
    )
  })
})
