import { resolve } from 'node:path'
import type { AlarmSettings } from '../alarms/rules.ts'
import { type ConfigFile, findConfigFile, readConfigFile } from './config-file.ts'
import type { GatewayOptions } from '../gateway/gateway-options.ts'
import { gatewayOptions, missingVariables } from '../gateway/gateway-setting.ts'
import { type SettingRow, type SettingValues, settingsTable } from './settings-table.ts'

/** The configuration of a service, checked and frozen. Times are milliseconds, sizes bytes. */
export interface Settings {
  /** 0 for a free one. */
  readonly port: number
  readonly host: string
  /** Absolute path. */
  readonly dataDir: string
  readonly logLevel: string
  readonly bodyLimit: number
  readonly shutdownTimeout: number
  readonly adminPassword?: string
  readonly jwtSecret?: string
  readonly tokenLife: number
  /** How long a session lives on without being refreshed. */
  readonly refreshLife: number
  /** Requests of one caller in a minute; 0 for no limit. */
  readonly rateLimit: number
  /** How old rows of the operation log must be before they may be pruned. */
  readonly operationsKeep: number
  readonly jwksUrl?: string
  readonly jwksIssuer: string
  readonly databaseUrl?: string
  /** Where the travel service is instead of where its functions say. */
  readonly travelApiUrl?: string
  /** From REDIS_URL, else made of REDIS_HOST, REDIS_PORT and REDIS_PASSWORD. */
  readonly redisUrl?: string
  readonly cache: {
    readonly maxEntries: number
    readonly maxBytes: number
    /** TTLs by space name; Infinity for ever. */
    readonly ttl: Readonly<Record<string, number>>
  }
  /** What the gateway stands before; absent without one. */
  readonly gateway?: GatewayOptions
  readonly alarms: {
    readonly every: number
    readonly rules: AlarmSettings
    readonly webhookUrl?: string
    readonly webhookSecret?: string
  }
  readonly llm: {
    readonly baseUrl?: string
    readonly apiKey?: string
    readonly model?: string
    readonly premiumCacheTimeout: number
  }
  /** The configuration file that was read, if any. */
  readonly configFile?: string
  /** Every setting as it was given, to be shown; absent where settings were not loaded but made. */
  readonly shown?: readonly ShownSetting[]
}

/** A setting as people may see it. */
export interface ShownSetting {
  readonly key: string
  readonly env: string | null
  /** As it was given, or its default; null for a secret, and where there is neither. */
  readonly value: unknown
  readonly source: 'environment' | 'file' | 'default' | 'unset'
  readonly secret: boolean
  readonly allowed: string
}

/** A configuration that cannot be used: every problem on a line of its own, each naming the setting and its source. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** What `loadSettings` reads: variables (empty ones count as absent) and the folder that relative paths start from. */
export interface SettingsSource {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** Reads the configuration from the environment and, under it, `config.yaml`. @throws SettingsError with all problems at once */
export function loadSettings({ env, cwd }: SettingsSource): Settings {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const rows: readonly (readonly [string, SettingRow])[] = Object.entries(settingsTable)
  const path = findConfigFile({ named: set('REPRISE_CONFIG'), cwd, dataDir: set('DATA_DIR') ?? './data' })
  const known = rows.map(([, row]) => row.key)
  const file = path === undefined ? undefined : readConfigFile(path, known)
  const problems = [...(file?.problems ?? [])]
  const values = Object.fromEntries(
    rows.map(([name, row]) => {
      const given = row.env === undefined ? undefined : set(row.env)
      const value = given ?? file?.values.get(row.key) ?? row.initial
      if (value === undefined) return [name, undefined]
      const result = row.schema.safeParse(value)
      if (result.success) return [name, result.data]
      const source = given === undefined ? fileSource(file, row) : `environment variable ${row.env}`
      problems.push(`${row.key} (${source}) is ${shown(row, value)}: it must be ${row.allowed}`)
      return [name, undefined]
    }),
  ) as SettingValues
  if (values.redisHost === undefined && values.redisUrl === undefined) {
    for (const row of [settingsTable.redisPort, settingsTable.redisPassword]) {
      if ((row.env !== undefined && set(row.env) !== undefined) || file?.values.has(row.key) === true) {
        problems.push(
          `${row.key} (${row.env}) is set without redis_host (REDIS_HOST): set that, or redis_url`,
        )
      }
    }
  }
  for (const variable of values.gateway === undefined ? [] : missingVariables(values.gateway, set)) {
    problems.push(`gateway.upstreams names the environment variable ${variable}, which is not set`)
  }
  if (problems.length > 0) throw new SettingsError(problems)
  const shownRows = rows.map(([, row]) => show(row, row.env === undefined ? undefined : set(row.env), file))
  return Object.freeze({
    ...settle(values, { cwd, configFile: file?.path, read: set }),
    shown: Object.freeze(shownRows),
  })
}

function show(row: SettingRow, given: string | undefined, file: ConfigFile | undefined): ShownSetting {
  const { key, env = null, secret = false, allowed, initial } = row
  const stated = file?.values.get(key)
  const source =
    given !== undefined
      ? 'environment'
      : stated !== undefined
        ? 'file'
        : initial !== undefined
          ? 'default'
          : 'unset'
  const value = secret ? null : withoutPassword(given ?? stated ?? initial ?? null)
  return { key, env, value, source, secret, allowed }
}

/** An address without the user and the password that may be in it. */
function withoutPassword(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^([a-z][a-z+.-]*:\/\/)[^/@]*@/i, '$1') : value
}

function fileSource(file: ConfigFile | undefined, row: SettingRow): string {
  return file === undefined ? 'default' : file.place(row.key)
}

function shown(row: SettingRow, value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  if (row.secret === true)
    return `a secret of ${typeof value === 'string' ? value.length : text.length} characters`
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

// Every row with an initial value is set here, since the values passed their schemas.
function settle(
  values: SettingValues,
  from: {
    readonly cwd: string
    readonly configFile: string | undefined
    readonly read: (name: string) => string | undefined
  },
): Settings {
  const { cwd, configFile, read } = from
  const { gateway } = values
  const required = <Name extends keyof SettingValues>(name: Name) =>
    values[name] as NonNullable<SettingValues[Name]>
  return Object.freeze({
    port: required('port'),
    host: required('host'),
    dataDir: resolve(cwd, required('dataDir')),
    logLevel: required('logLevel'),
    bodyLimit: required('bodyLimit'),
    shutdownTimeout: required('shutdownTimeout'),
    tokenLife: required('tokenLife'),
    refreshLife: required('refreshLife'),
    rateLimit: required('rateLimit'),
    jwksIssuer: required('jwksIssuer'),
    operationsKeep: required('operationsKeep'),
    ...optional('adminPassword', values.adminPassword),
    ...optional('jwtSecret', values.jwtSecret),
    ...optional('jwksUrl', values.jwksUrl),
    ...optional('databaseUrl', values.databaseUrl),
    ...optional('travelApiUrl', values.travelApiUrl),
    ...optional('redisUrl', values.redisUrl ?? redisAddress(values)),
    cache: Object.freeze({
      maxEntries: required('cacheMaxEntries'),
      maxBytes: required('cacheMaxBytes'),
      ttl: required('cacheTtl'),
    }),
    ...optional('gateway', gateway === undefined ? undefined : gatewayOptions(gateway, read)),
    alarms: Object.freeze({
      every: required('alarmsEvery'),
      rules: required('alarmsRules'),
      ...optional('webhookUrl', values.alarmsWebhookUrl),
      ...optional('webhookSecret', values.alarmsWebhookSecret),
    }),
    llm: Object.freeze({
      ...optional('baseUrl', values.llmBaseUrl),
      ...optional('apiKey', values.llmApiKey),
      ...optional('model', values.llmModel),
      premiumCacheTimeout: required('llmPremiumCacheTimeout'),
    }),
    ...optional('configFile', configFile),
  })
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: T }
}

function redisAddress(values: SettingValues): string | undefined {
  if (values.redisHost === undefined) return undefined
  const password = values.redisPassword === undefined ? '' : `:${encodeURIComponent(values.redisPassword)}@`
  const host = values.redisHost.includes(':') ? `[${values.redisHost}]` : values.redisHost
  return `redis://${password}${host}:${values.redisPort ?? 6379}`
}
