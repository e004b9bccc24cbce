import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { settingsTable } from '../src/settings/settings-table.ts'
import { SettingsError, loadSettings } from '../src/settings/settings.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'reprise-settings-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

function problems(env: Record<string, string>, yaml?: string): readonly string[] {
  if (yaml !== undefined) writeFileSync(join(cwd, 'config.yaml'), yaml)
  try {
    loadSettings({ env, cwd })
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

test('without anything the defaults hold and are frozen', () => {
  const settings = loadSettings({ env: {}, cwd })
  const { shown, ...values } = settings
  expect(shown?.every(({ source }) => source === 'default' || source === 'unset')).toBe(true)
  expect(values).toEqual({
    port: 8321,
    host: '127.0.0.1',
    dataDir: join(cwd, 'data'),
    logLevel: 'info',
    bodyLimit: 262_144,
    shutdownTimeout: 30_000,
    rateLimit: 6000,
    refreshLife: 30 * 86_400_000,
    tokenLife: 86_400_000,
    jwksIssuer: 'reprise',
    operationsKeep: 90 * 86_400_000,
    cache: { maxEntries: 100_000, maxBytes: 268_435_456, ttl: {} },
    alarms: { every: 30_000, rules: {} },
    llm: { premiumCacheTimeout: 30_000 },
  })
  expect(Object.isFrozen(settings) && Object.isFrozen(settings.cache) && Object.isFrozen(settings.llm)).toBe(
    true,
  )
})

test('the environment wins over the file, and an empty variable counts as absent', () => {
  writeFileSync(join(cwd, 'config.yaml'), 'port: 1\nhost: 0.0.0.0\ncache:\n  ttl: {a: 5m, b: forever}\n')
  const settings = loadSettings({ env: { PORT: '2', HOST: '' }, cwd })
  expect(settings).toMatchObject({ port: 2, host: '0.0.0.0', configFile: join(cwd, 'config.yaml') })
  expect(settings.cache.ttl).toEqual({ a: 300_000, b: Infinity })
})

test('the file is found by name, else in the working folder, else in the data folder', () => {
  mkdirSync(join(cwd, 'data'))
  writeFileSync(join(cwd, 'data', 'config.yaml'), 'port: 3')
  expect(loadSettings({ env: {}, cwd }).port).toBe(3)
  writeFileSync(join(cwd, 'config.yaml'), 'port: 4')
  expect(loadSettings({ env: {}, cwd }).port).toBe(4)
  writeFileSync(join(cwd, 'other.yaml'), 'port: 5')
  expect(loadSettings({ env: { REPRISE_CONFIG: 'other.yaml' }, cwd }).port).toBe(5)
  expect(problems({ REPRISE_CONFIG: 'none.yaml' })[0]).toMatch(/none\.yaml cannot be read/)
})

test('every problem is told at once, with its source, its value and what is allowed', () => {
  expect(problems({ PORT: '70000', LOG_LEVEL: 'loud' }, 'llm:\n  premium_cache_timeout: 30\n')).toEqual([
    'port (environment variable PORT) is "70000": it must be a whole number from 0 to 65535',
    'log_level (environment variable LOG_LEVEL) is "loud": it must be one of fatal, error, warn, info, debug, trace, silent',
    `llm.premium_cache_timeout (${join(cwd, 'config.yaml')}:2) is 30: it must be a number with a unit (ms, s, m, h, d, w) from 1ms to 1h`,
  ])
})

test('secrets are not quoted', () => {
  const told = problems({
    JWT_SECRET: 'hunter2',
    REPRISE_ADMIN_PASSWORD: 'secret',
    REDIS_URL: 'http://:hunter2@h',
  })
  expect(told).toHaveLength(3)
  expect(told.join()).not.toMatch(/hunter2|"secret"/)
  expect(told.join()).toMatch(/jwt_secret \(environment variable JWT_SECRET\) is a secret of 7 characters/)
})

test('unknown keys are refused with the nearest known name', () => {
  const told = problems({}, 'prot: 1\ncache:\n  max_entry: 5\nzzzzzzzzzzzz: 1\nllm: 5\n')
  expect(told[0]).toMatch(/config\.yaml:1: "prot" is not a setting; did you mean "port"\?$/)
  expect(told[1]).toMatch(
    /config\.yaml:3: "cache.max_entry" is not a setting; did you mean "cache.max_entries"\?$/,
  )
  expect(told[2]).toMatch(/config\.yaml:4: "zzzzzzzzzzzz" is not a setting; settings are port, /)
  expect(told[3]).toMatch(/config\.yaml:5: "llm" must be a map of llm\.base_url/)
})

test('a file that is not YAML is quoted by line', () => {
  expect(problems({}, 'port: 1\nhost: [a\n')[0]).toMatch(/config\.yaml:\d is not YAML: /)
  expect(problems({}, '- a\n')[0]).toMatch(/config\.yaml:1 must be a map/)
  expect(problems({}, 'port: 1\nport: 2\n')[0]).toMatch(/config\.yaml:2 is not YAML: Map keys must be unique/)
})

test('Redis is one address however it was given', () => {
  expect(loadSettings({ env: { REDIS_HOST: 'h', REDIS_PASSWORD: 'p@s' }, cwd }).redisUrl).toBe(
    'redis://:p%40s@h:6379',
  )
  expect(loadSettings({ env: { REDIS_HOST: '::1', REDIS_PORT: '7' }, cwd }).redisUrl).toBe('redis://[::1]:7')
  expect(loadSettings({ env: { REDIS_URL: 'rediss://x:1', REDIS_HOST: 'h' }, cwd }).redisUrl).toBe(
    'rediss://x:1',
  )
  expect(problems({ REDIS_PORT: '7' })[0]).toMatch(/redis_port .* without redis_host/)
})

test('the example file has every setting, and its values are the defaults', () => {
  const text = readFileSync(new URL('../config.example.yaml', import.meta.url), 'utf8')
  expect(problems({}, text)).toEqual([])
  const { configFile, ...settings } = loadSettings({ env: {}, cwd })
  expect(configFile).toBe(join(cwd, 'config.yaml'))
  rmSync(join(cwd, 'config.yaml'))
  const { shown: _, ...values } = settings
  expect(loadSettings({ env: {}, cwd })).toMatchObject(values)
  const whole = parse(text.replaceAll(/^( *)# (?=[a-z_]+: )/gm, '$1')) as Record<string, unknown>
  const keys = Object.entries(whole).flatMap(([key, value]) =>
    key === 'cache' || key === 'alarms' || key === 'llm'
      ? Object.keys(value as object).map((inside) => `${key}.${inside}`)
      : [key],
  )
  const known = Object.values(settingsTable)
  expect(keys.toSorted()).toEqual(known.map(({ key }) => key).toSorted())
  const variables = known.flatMap((row) => ('env' in row && row.env !== undefined ? [row.env] : []))
  for (const variable of variables) expect(text).toMatch(new RegExp(`# ${variable}(;|$)`, 'm'))
})

test('the gateway gets its secrets from the variables that the file names, and does not start without them', () => {
  const upstream =
    'gateway:\n  upstreams:\n    - {name: up, kind: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: UP_KEY}\n'
  expect(problems({}, upstream)).toEqual([
    'gateway.upstreams names the environment variable UP_KEY, which is not set',
  ])
  expect(problems({ UP_KEY: 'k' }, 'gateway: {upstreams: []}')[0]).toMatch(
    /gateway .*must be a map with upstreams/,
  )
  expect(problems({ UP_KEY: 'k' }, `${upstream}  cache: true\n`)[0]).toMatch(/gateway/)
  writeFileSync(join(cwd, 'config.yaml'), upstream)
  expect(loadSettings({ env: { UP_KEY: 'k' }, cwd }).gateway?.upstreams).toEqual([
    { name: 'up', kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k' },
  ])
  const semantic = (text: string) => `${upstream}  semantic: {accept: 0.95, embedding_model: e, ${text}}\n`
  for (const wrong of ['verify: 0.9', 'verify: 0.99, verifier_model: v', 'threshold: 0.9'])
    expect(problems({ UP_KEY: 'k' }, semantic(wrong))[0]).toMatch(/gateway/)
  expect(problems({ UP_KEY: 'k' }, semantic('').replace('0.95', '1.5'))[0]).toMatch(/gateway/)
  writeFileSync(join(cwd, 'config.yaml'), semantic('verify: 0.9, verifier_model: v'))
  expect(loadSettings({ env: { UP_KEY: 'k' }, cwd }).gateway?.semantic).toEqual({
    accept: 0.95,
    verify: 0.9,
    embeddingModel: 'e',
    verifierModel: 'v',
  })
})

test.each([
  [{ hit_rate: 'off', log_lag: { on: 5 }, load_failures: { for: '10m' } }, true],
  [{ hit_rate: { on: 0.7 } }, false],
  [{ log_lag: { on: 1, off: 2 } }, false],
  [{ hit_rate: { on: '0.4' } }, false],
  [{ hit_rate: { for: 30 } }, false],
  [{ hit_rate: { above: 1 } }, false],
  [{ nonsense: 'off' }, false],
  [['hit_rate'], false],
])('alarm rules of %j are taken: %s', (rules, taken) => {
  const told = problems({}, JSON.stringify({ alarms: { rules } }))
  expect(told).toHaveLength(taken ? 0 : 1)
  if (!taken) expect(told[0]).toMatch(/alarms\.rules .* must be a map from rules/)
})
