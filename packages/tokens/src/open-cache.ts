import { createHash } from 'node:crypto'
import { type Cache, type Clock, type Duration, type EncryptionKey, createCache } from '@reprise/cache'
import { redisOptionsFromEnv, redisShared } from '@reprise/cache/redis'
import { type AssistantCatalogOptions, assistantCatalog } from './catalog.ts'

/** Options of `openAssistantCache`. */
export interface AssistantCacheOptions extends Omit<AssistantCatalogOptions, 'sealed'> {
  /** Where `REDIS_URL`, or `REDIS_HOST` with `REDIS_PORT` and `REDIS_PASSWORD`, are looked for. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Connections to Redis, 1 to 50. @default 1, which carries the reads of a whole tick at once */
  readonly connections?: number
  /** How long a call to Redis may take; past it a read is a miss. @default '150ms' */
  readonly deadline?: Duration
  /** AES-256-GCM keys for tokens and MSAL caches in Redis, the newest first; documents stay plain. @default none, and tokens are plain text */
  readonly encryptionKeys?: readonly EncryptionKey[]
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** The assistant's cache (row C6): in this process without configuration, in Redis where the environment names one. */
export async function openAssistantCache(options: AssistantCacheOptions = {}): Promise<Cache> {
  const { env = process.env, connections = 1, deadline = '150ms', encryptionKeys, clock } = options
  const sealed = encryptionKeys !== undefined
  const catalog = assistantCatalog({ ...options, sealed })
  const addresses = redisOptionsFromEnv(env)
  const formats = catalog.spaces.map(({ name, space, settings }) => [
    name,
    space.key,
    settings.format,
    settings.text,
  ])
  const descriptor = createHash('sha256').update(JSON.stringify(formats)).digest('hex').slice(0, 16)
  return createCache({
    catalog,
    ...(addresses && {
      shared: redisShared({
        ...addresses,
        connections,
        deadline,
        prefix: catalog.prefix,
        descriptor: `assistant ${descriptor}`,
      }),
    }),
    ...(encryptionKeys && { encryption: { keys: encryptionKeys, allowPlainDocuments: true } }),
    ...(clock && { clock }),
  })
}
