import { gatewaySetting } from '../gateway/gateway-setting.ts'
import { alarmSettings } from '../alarms/alarm-settings.ts'
import { type ValueRule, duration, durations, oneOf, size, text, url, wholeNumber } from './setting-values.ts'

/** One setting: where it comes from and what it may be. */
export interface SettingRow<T = unknown> extends ValueRule<T> {
  /** Its place in `config.yaml`, levels separated by dots. */
  readonly key: string
  /** Its environment variable, which wins over the file. */
  readonly env?: string
  /** Its value when nobody sets it, as it could stand in the file. */
  readonly initial?: unknown
  /** Messages tell its length instead of quoting it. */
  readonly secret?: boolean
}

/** Makes a row of the table. */
function row<T>(
  key: string,
  value: ValueRule<T>,
  rest: { env?: string; initial?: unknown; secret?: boolean } = {},
): SettingRow<T> {
  return { key, ...value, ...rest }
}

const mebibyte = 1024 ** 2

/** Every setting there is; `config.example.yaml` is held to it by a test. */
export const settingsTable = {
  port: row('port', wholeNumber(0, 65_535), { env: 'PORT', initial: 8321 }),
  host: row('host', text(1, 255), { env: 'HOST', initial: '127.0.0.1' }),
  dataDir: row('data_dir', text(), { env: 'DATA_DIR', initial: './data' }),
  logLevel: row('log_level', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), {
    env: 'LOG_LEVEL',
    initial: 'info',
  }),
  bodyLimit: row('body_limit', size(1024, 64 * mebibyte), { env: 'BODY_LIMIT', initial: '256KiB' }),
  shutdownTimeout: row('shutdown_timeout', duration('0s', '1h'), {
    env: 'SHUTDOWN_TIMEOUT',
    initial: '30s',
  }),
  adminPassword: row('admin_password', text(8, 200), { env: 'REPRISE_ADMIN_PASSWORD', secret: true }),
  jwtSecret: row('jwt_secret', text(32), { env: 'JWT_SECRET', secret: true }),
  tokenLife: row('token_life', duration('1m', '365d'), { env: 'TOKEN_LIFE', initial: '24h' }),
  refreshLife: row('refresh_life', duration('1m', '3650d'), { env: 'REFRESH_LIFE', initial: '30d' }),
  rateLimit: row('rate_limit', wholeNumber(0, 10_000_000), { env: 'RATE_LIMIT', initial: 6000 }),
  jwksUrl: row('jwks_url', url('https', 'http'), { env: 'JWKS_URL' }),
  jwksIssuer: row('jwks_issuer', text(), { env: 'JWKS_ISSUER', initial: 'reprise' }),
  operationsKeep: row('operations_keep', duration('0ms', '3650d'), {
    env: 'OPERATIONS_KEEP',
    initial: '90d',
  }),
  databaseUrl: row('database_url', url('postgres', 'postgresql'), { env: 'DATABASE_URL', secret: true }),
  redisUrl: row('redis_url', url('redis', 'rediss'), { env: 'REDIS_URL', secret: true }),
  redisHost: row('redis_host', text(1, 255), { env: 'REDIS_HOST' }),
  redisPort: row('redis_port', wholeNumber(1, 65_535), { env: 'REDIS_PORT' }),
  redisPassword: row('redis_password', text(), { env: 'REDIS_PASSWORD', secret: true }),
  cacheMaxEntries: row('cache.max_entries', wholeNumber(0, 100_000_000), {
    env: 'CACHE_MAX_ENTRIES',
    initial: 100_000,
  }),
  cacheMaxBytes: row('cache.max_bytes', size(0, 1024 ** 4), { env: 'CACHE_MAX_BYTES', initial: '256MiB' }),
  cacheTtl: row('cache.ttl', durations(), { initial: {} }),
  alarmsEvery: row('alarms.every', duration('1s', '1h'), { env: 'ALARMS_EVERY', initial: '30s' }),
  alarmsRules: row('alarms.rules', alarmSettings(), { initial: {} }),
  alarmsWebhookUrl: row('alarms.webhook_url', url('https', 'http'), {
    env: 'ALARMS_WEBHOOK_URL',
    secret: true,
  }),
  alarmsWebhookSecret: row('alarms.webhook_secret', text(16), { env: 'ALARMS_WEBHOOK_SECRET', secret: true }),
  travelApiUrl: row('travel_api_url', url('https', 'http'), { env: 'TRAVEL_API_URL' }),
  gateway: row('gateway', gatewaySetting),
  llmBaseUrl: row('llm.base_url', url('https', 'http'), { env: 'LLM_BASE_URL' }),
  llmApiKey: row('llm.api_key', text(), { env: 'LLM_API_KEY', secret: true }),
  llmModel: row('llm.model', text(1, 200), { env: 'LLM_MODEL' }),
  llmPremiumCacheTimeout: row('llm.premium_cache_timeout', duration('1ms', '1h'), {
    env: 'LLM_PREMIUM_CACHE_TIMEOUT',
    initial: '30s',
  }),
} as const

/** The values of the table by name; undefined where nobody set one and there is no default. */
export type SettingValues = {
  readonly [Name in keyof typeof settingsTable]:
    | ((typeof settingsTable)[Name] extends SettingRow<infer T> ? T : never)
    | undefined
}
