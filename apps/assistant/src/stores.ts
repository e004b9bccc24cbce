// The stores of the assistant: its cache and its database, opened in the order of row A22 and closed the other way round.
import {
  type Background,
  type Cache,
  type CacheOptions,
  type Overrides,
  createBackground,
  createCache,
} from '@reprise/cache'
import { type StreamRelay, redisRelay } from '@reprise/ai'
import { redisShared } from '@reprise/cache/redis'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import type { Database } from '@reprise/database'
import { type Settings, type TaskRunner, redisRunner } from '@reprise/service'
import type { FastifyBaseLogger } from 'fastify'
import { assistantCatalog } from './coach/space.ts'
import { openStore } from './store.ts'

/** Cache and database of an assistant. */
export interface Stores {
  readonly cache: Cache
  readonly database: Database
  /** What goes on after its request: premium analyses. */
  readonly background: Background
  /** Tells other processes of streams while they are made; absent in one process alone. */
  readonly relay?: StreamRelay
  /** Where tasks are kept that all processes share; absent in one process alone, which keeps them in the database. */
  readonly runner?: TaskRunner
  close(): Promise<void>
}

function ttlOverrides(ttl: Settings['cache']['ttl']): Overrides {
  return Object.fromEntries(Object.entries(ttl).map(([space, life]) => [space, { ttl: life }]))
}

/** What a cache is over. */
type Over = Pick<CacheOptions, 'tiers' | 'log' | 'shared' | 'background'>

/** A cache over these, memory first; sizes and lives are those of the settings. */
function openCache({ cache }: Settings, over: Over): Promise<Cache> {
  const catalog = assistantCatalog.override(ttlOverrides(cache.ttl))
  return createCache({ catalog, memory: { maxEntries: cache.maxEntries, maxBytes: cache.maxBytes }, ...over })
}

function overDatabase(database: Database): Over {
  return { tiers: [sqlTier({ database })], log: sqlLog({ database, catalog: assistantCatalog.prefix }) }
}

/** Memory over Redis, so that processes share entries. */
async function openSharedCache(
  settings: Settings,
  { logger, background }: { readonly logger: FastifyBaseLogger; readonly background: Background },
): Promise<{ readonly cache: Cache; readonly relay: StreamRelay }> {
  const shared = redisShared({
    prefix: assistantCatalog.prefix,
    descriptor: 'reprise-assistant',
    ...(settings.redisUrl === undefined ? {} : { url: settings.redisUrl }),
    onError: (error) => logger.warn({ err: error }, 'redis'),
    onWarning: (message) => logger.warn(message),
  })
  const opened = openCache(settings, { shared, background }).catch(async (cause: unknown) => {
    await shared.close()
    // The host alone: the address may carry a password.
    const { host } = new URL(settings.redisUrl ?? '')
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `Redis at ${host} cannot be used (${reason}): check REDIS_URL or REDIS_HOST, or unset them to keep entries in the database`,
      { cause },
    )
  })
  return { cache: await opened, relay: redisRelay(shared) }
}

/** Tasks in Redis, for all processes. */
function openRunner({ redisUrl }: Settings, logger: FastifyBaseLogger): Promise<TaskRunner> {
  return redisRunner({
    prefix: assistantCatalog.prefix,
    ...(redisUrl === undefined ? {} : { url: redisUrl }),
    onError: (error) => logger.warn({ err: error }, 'redis, for tasks'),
  })
}

/** Opens cache and database as the settings say. @throws Error saying which setting to change */
export async function openStores(
  settings: Settings,
  { logger }: { readonly logger: FastifyBaseLogger },
): Promise<Stores> {
  const background = createBackground({ logger })
  const openDatabase = (): Promise<Database> =>
    openStore(settings, (error) => logger.error({ err: error }, 'database'))
  const closeCache = (cache: Cache): Promise<void> =>
    cache.close({ timeout: Math.floor(settings.shutdownTimeout * 0.1) })

  // Without Redis the entries are in the database, which then has to be there first.
  if (settings.redisUrl === undefined) {
    const database = await openDatabase()
    const cache = await openCache(settings, { ...overDatabase(database), background }).catch(
      async (error: unknown) => {
        await database.close()
        throw error
      },
    )
    logger.info(`cache ready: memory over ${database.engine}`)
    const close = () => closeAll([() => database.close(), () => closeCache(cache)])
    return { cache, database, background, close }
  }
  const { cache, relay } = await openSharedCache(settings, { logger, background })
  logger.info('cache ready: memory over redis')
  const database = await openDatabase().catch(async (error: unknown) => {
    await closeCache(cache)
    throw error
  })
  const runner = await openRunner(settings, logger).catch(async (error: unknown) => {
    await closeAll([() => closeCache(cache), () => database.close()])
    throw error
  })
  const close = () => closeAll([() => closeCache(cache), () => database.close(), () => runner.close()])
  return { cache, database, background, relay, runner, close }
}

/** Closes in the other order than opened, all of them. @throws AggregateError when some could not be */
export async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const closer of closers.toReversed()) {
    await closer().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed')
}
