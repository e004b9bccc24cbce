import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cache, type CacheOptions, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type Database, openDatabase } from '@reprise/database'
import { pino } from 'pino'
import { z } from 'zod'
import { createService } from '../src/service.ts'
import type { Service, ServiceOptions } from '../src/service.ts'
import { type Settings, loadSettings } from '../src/settings/settings.ts'

export const quotes = defineSpace({
  name: 'stock_quote',
  key: 'quote:{market}:{symbol}',
  schema: z.object({ price: z.number() }),
  ttl: '1h',
})
export const headlines = defineSpace({
  name: 'headlines',
  key: 'headlines',
  schema: z.array(z.string()),
  ttl: Infinity,
})

/** A service over a real cache and an embedded database in memory, with everything it stands on. */
export interface TestService {
  readonly service: Service
  readonly cache: Cache
  readonly database: Database
  readonly dataDir: string
  /** A token of a new user with this role. */
  readonly token: (role: 'viewer' | 'operator' | 'admin') => Promise<string>
  stop(): Promise<void>
}

/** Starts a service; `env` sets its configuration. */
export async function startService(
  options: {
    readonly env?: Record<string, string>
    readonly cache?: Partial<CacheOptions>
    readonly service?: Partial<ServiceOptions>
    /** One that outlives the service; its users are removed first. @default one of its own, in memory */
    readonly database?: Database
  } = {},
): Promise<TestService> {
  const dataDir = mkdtempSync(join(tmpdir(), 'reprise-service-'))
  const settings: Settings = loadSettings({
    env: {
      DATA_DIR: dataDir,
      PORT: '0',
      JWT_SECRET: 'a secret of more than thirty-two characters',
      ...options.env,
    },
    cwd: dataDir,
  })
  const database = options.database ?? (await openDatabase({}))
  const catalog = defineCatalog({ prefix: 'test', spaces: [quotes, headlines] })
  const cache = await createCache({ catalog, sweepEvery: 0, ...options.cache })
  const service = await createService({
    cache,
    database,
    settings,
    logger: pino({ level: 'silent' }),
    ...options.service,
  })
  await database.query('delete from service_users')
  return {
    service,
    cache,
    database,
    dataDir,
    async token(role) {
      await service.users.ensure(`the-${role}`, role)
      return service.issueToken(`the-${role}`)
    },
    async stop() {
      await service.close()
      await cache.close()
      if (options.database === undefined) await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The headers of a call with a token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
