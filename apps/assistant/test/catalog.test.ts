import { describe, expect, it } from 'vitest'
import { RepriseError } from '@reprise/cache'
import { getCacheKey, intentCatalog } from '../src/catalog/catalog.ts'
import { lives } from '../src/catalog/ttl.ts'
import { examples, templates } from './catalog-document.ts'

const buildKey = getCacheKey as (template: string, params: Readonly<Record<string, unknown>>) => string

const tagsOf = (template: string, params: Record<string, string>): readonly string[] =>
  intentCatalog.find(template).settings.tags(params)

describe('templates of section 1.1 (row A1)', () => {
  // The dict has 32 lines under 31 names: the two lines of conversation_status are two spaces here.
  it('has every line of the dict, in its order', () => {
    expect(templates).toHaveLength(32)
    expect(new Set(templates.map(({ name }) => name)).size).toBe(31)
    const named = templates.map(({ name, key }) => ({
      name: key.endsWith(':conv_status:all') ? 'conversation_status_all' : name,
      key,
    }))
    const ours = intentCatalog.spaces.slice(0, 32).map(({ name, space }) => ({
      name,
      key: `${intentCatalog.prefix}:${space.key}`,
    }))
    expect(ours).toEqual(named)
  })

  it('has the six keys that only later sections name, and nothing else', () => {
    expect(intentCatalog.spaces.slice(32).map(({ space }) => space.key)).toEqual([
      'api_result:{function_name}:{params_hash}',
      'stats:system:realtime',
      'cache_invalidation:notifications',
      'enterprise:users:active',
      'cost_center:{code}:daily:{yyyymmdd}',
      'cache:performance:hourly',
    ])
  })
})

describe('getCacheKey (row A1)', () => {
  it.each(examples)('makes the key of section $section', ({ template, params, key }) => {
    expect(buildKey(template, params)).toBe(key)
  })

  it('reads back what it made', () => {
    for (const { template, params, key } of examples) {
      const found = intentCatalog.parse(key)
      expect(found?.space.name).toBe(template)
      expect(found?.params).toEqual(
        Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
      )
    }
  })

  it('refuses every missing parameter, quoting its name', () => {
    for (const { name, keys } of intentCatalog.spaces) {
      const full = Object.fromEntries(keys.names.map((param) => [param, 'x']))
      for (const param of keys.names) {
        const call = (): string => buildKey(name, { ...full, [param]: undefined })
        expect(call).toThrow(`"${param}"`)
        expect(call).toThrow(expect.objectContaining({ code: 'E_PARAM_MISSING' }))
      }
    }
  })

  it('cannot be made to give another template’s key', () => {
    expect(getCacheKey('conversation_status_all', {})).toBe('intent_system:conv_status:all')
    expect(getCacheKey('conversation_status', { status_code: 'all' })).not.toBe(
      'intent_system:conv_status:all',
    )
    expect(getCacheKey('stack', { session_id: 'a:b' })).not.toBe('intent_system:stack:a:b')
    expect(getCacheKey('entity_type', { type_code: '*' })).not.toContain('*')
    expect(() => buildKey('no_such_template', {})).toThrow(RepriseError)
  })

  it('tells the templates apart at compile time', () => {
    // @ts-expect-error a parameter is missing
    expect(() => getCacheKey('conversation_history', { session_id: 's' })).toThrow('"limit"')
    // @ts-expect-error no such template
    expect(() => getCacheKey('conversation_states', {})).toThrow('conversation_states')
  })
})

describe('policies (row A2)', () => {
  it('holds every space to the table', () => {
    const ours = intentCatalog.spaces.map(({ name, settings }) => [name, settings.ttl])
    expect(Object.fromEntries(ours)).toEqual(
      Object.fromEntries(Object.entries(lives).map(([name, { seconds }]) => [name, seconds * 1_000])),
    )
  })

  it.each(examples)('gives $template the TTL of section $section', ({ section, template, ttl_seconds }) => {
    expect(lives[template as keyof typeof lives]).toEqual({ seconds: ttl_seconds, section })
  })

  it('gives the classes of table 1.2 its seconds', () => {
    const classes: Readonly<Record<string, number>> = {
      'session data': 3_600,
      'recognition results': 1_800,
      configuration: 3_600,
      'performance statistics': 300,
      'slot values': 3_600,
      'entity dictionary': 7_200,
      'response types': 3_600,
      'invalidation records': 1_800,
    }
    const byClass = Object.entries(lives).filter(([, { section }]) => section.startsWith('1.2'))
    expect(byClass.length).toBeGreaterThan(0)
    expect(byClass.map(([name, { seconds }]) => [name, seconds])).toEqual(
      byClass.map(([name, { section }]) => [name, classes[section.slice('1.2 '.length)]]),
    )
  })

  it('keeps plain documents that end with their keys', () => {
    for (const { settings } of intentCatalog.spaces) {
      expect(settings).toMatchObject({
        format: 'document',
        staleWhileRevalidate: 0,
        staleIfError: 0,
        refreshAhead: 0,
      })
    }
  })

  it('can be overridden by configuration', () => {
    const shorter = intentCatalog.override({ intent_config: { ttl: '5s' } })
    expect(shorter.find('intent_config').settings.ttl).toBe('5s')
    expect(shorter.find('stack').settings.ttl).toBe(3_600_000)
  })

  it('tags entries by what they are about', () => {
    expect(tagsOf('intent_config', { intent_name: 'cancel' })).toEqual(['intent:cancel'])
    expect(tagsOf('slot_definitions', { intent_name: 'cancel' })).toEqual(['intent:cancel'])
    expect(tagsOf('entity_dictionary', { type_code: 'city' })).toEqual(['entity:city'])
    expect(tagsOf('session_basic', { session_id: 's1' })).toEqual(['session:s1'])
    expect(tagsOf('user_profile', { user_id: 'u1' })).toEqual(['user:u1'])
  })
})
