// The one file that creates things. The order is row A22's: the cache, then the database with its tables and what is in
// them, then the services, then the warm-up. Closing goes the other way round.
import { setTimeout } from 'node:timers/promises'
import {
  type Background,
  type Cache,
  type CacheOptions,
  type Overrides,
  createBackground,
  createCache,
} from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import type { Database } from '@reprise/database'
import { type Service, type Settings, createService, logCacheSteps } from '@reprise/service'
import type { FastifyBaseLogger } from 'fastify'
import { type Backstage, createBackstage } from './backstage.ts'
import { registerChat } from './chat.ts'
import { createFullAnalyser, createQuickAnalyser } from './coach/embedded.ts'
import { createModelAnalyser } from './coach/model.ts'
import { type Coach, type CoachOptions, createCoach } from './coach/predict.ts'
import { assistantCatalog, screenshotAnalysisSpace } from './coach/space.ts'
import { type CoachTimelines, openCoachTimelines } from './coach/timeline.ts'
import { registerCoach } from './coach.ts'
import type { Executor } from './dialogue/execute.ts'
import { createDialogue } from './dialogue/turn.ts'
import { createEmbeddedRecogniser } from './recognise/embedded.ts'
import { createModelRecogniser } from './recognise/model.ts'
import type { Recogniser } from './recognise/recogniser.ts'
import { loadSeed } from './seed/load.ts'
import { migrateAssistant } from './seed/migrations.ts'
import { openStore } from './store.ts'
import { createTracer } from './trace.ts'
import { warmUp } from './warm-up.ts'

// What an upgrade can have changed while entries of the version before are still in a tier below memory.
const knowledgeSpaces = [
  'intent_config',
  'slot_definitions',
  'slot_dependencies',
  'function_def',
  'param_schemas',
  'ragflow_config',
  'system_configs',
  'entity_types',
  'entity_type',
  'entity_dictionary',
  'response_types',
  'response_type',
  'conversation_status_all',
  'conversation_status',
  'prompt_templates',
]

/** Where the seed's functions are, as document 000 has it. */
const travelOrigin = 'https://api.enterprise-travel.com'

/** An assistant that is ready to listen. */
export interface Assistant {
  readonly cache: Cache
  readonly database: Database
  readonly service: Service
  readonly backstage: Backstage
  /** What goes on after its request: premium analyses. */
  readonly background: Background
  /** What was found out in sessions of the coach. */
  readonly timelines: CoachTimelines
  /** Stops listening, waits for what is under way and for background work, closes cache and database; closing twice is fine. */
  close(): Promise<void>
}

/** What an assistant is made with. */
export interface AssistantOptions {
  readonly settings: Settings
  readonly logger: FastifyBaseLogger
  /** Secrets of services: `RAGFLOW_API_KEY`, and what placeholders stand for, whose names begin with `API_`. @default none */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Carries tasks out. @default calls of the services that the configuration names */
  readonly executor?: Executor
  /** @default the machine's clock */
  readonly now?: () => Date
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
function openSharedCache(
  settings: Settings,
  { logger, background }: { readonly logger: FastifyBaseLogger; readonly background: Background },
): Promise<Cache> {
  const shared = redisShared({
    prefix: assistantCatalog.prefix,
    descriptor: 'reprise-assistant',
    ...(settings.redisUrl === undefined ? {} : { url: settings.redisUrl }),
    onError: (error) => logger.warn({ err: error }, 'redis'),
    onWarning: (message) => logger.warn(message),
  })
  return openCache(settings, { shared, background }).catch(async (cause: unknown) => {
    await shared.close()
    // The host alone: the address may carry a password.
    const { host } = new URL(settings.redisUrl ?? '')
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `Redis at ${host} cannot be used (${reason}): check REDIS_URL or REDIS_HOST, or unset them to keep entries in the database`,
      { cause },
    )
  })
}

function createRecogniser({ llm }: Settings, logger: FastifyBaseLogger): Recogniser {
  const embedded = createEmbeddedRecogniser()
  if (llm.baseUrl === undefined) return embedded
  return createModelRecogniser({
    baseUrl: llm.baseUrl,
    apiKey: llm.apiKey,
    model: llm.model ?? 'default',
    fallback: embedded,
    onFailure: (error) =>
      logger.warn({ err: error }, 'the model did not answer: the embedded recogniser does'),
  })
}

/** The coach: analysed at once by the words, then in full, by the model where one is configured. */
function openCoach(
  { llm }: Settings,
  { cache, logger, timelines }: Pick<CoachOptions, 'cache' | 'logger' | 'timelines'>,
): Coach {
  const wait = async (milliseconds: number, signal: AbortSignal): Promise<void> =>
    setTimeout(milliseconds, undefined, { signal })
  return createCoach({
    cache,
    ...(timelines === undefined ? {} : { timelines }),
    multimodal: createQuickAnalyser(),
    premium:
      llm.baseUrl === undefined
        ? createFullAnalyser({ wait })
        : createModelAnalyser({ baseUrl: llm.baseUrl, apiKey: llm.apiKey, model: llm.model ?? 'default' }),
    premiumTimeout: llm.premiumCacheTimeout,
    logger,
  })
}

/**
 * Makes the assistant, ready to listen; what was opened is closed again when a later step fails.
 * @throws Error saying why it cannot start
 */
export async function createAssistant(options: AssistantOptions): Promise<Assistant> {
  const { settings, logger, environment = {}, now = () => new Date() } = options
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= closeAll(closers))
  try {
    const background = createBackground({ logger })
    const openDatabase = async (): Promise<Database> => {
      const database = await openStore(settings, (error) => logger.error({ err: error }, 'database'))
      closers.push(() => database.close())
      return database
    }
    // Without Redis the entries are in the database, which then has to be there first.
    const embedded = settings.redisUrl === undefined ? await openDatabase() : undefined
    const cache =
      embedded === undefined
        ? await openSharedCache(settings, { logger, background })
        : await openCache(settings, { ...overDatabase(embedded), background })
    closers.push(() => cache.close({ timeout: Math.floor(settings.shutdownTimeout * 0.1) }))
    logger.info(`cache ready: memory over ${embedded?.engine ?? 'redis'}`)
    const database = embedded ?? (await openDatabase())

    const { applied } = await migrateAssistant(database)
    const seeded = await loadSeed(database)
    if (applied.length + seeded > 0) await cache.invalidate({ spaces: knowledgeSpaces })
    logger.info(`database ready: ${applied.length} migrations applied, ${seeded} rows seeded`)

    const backstage = createBackstage({
      cache,
      database,
      now,
      environment,
      origins: settings.travelApiUrl === undefined ? {} : { [travelOrigin]: settings.travelApiUrl },
      onError: (error, what) => logger.warn({ err: error }, what),
    })
    closers.push(() => backstage.close())
    const dialogue = createDialogue({
      cache,
      database,
      recogniser: createRecogniser(settings, logger),
      executor: options.executor ?? backstage.executor,
      retriever: backstage.retriever,
      now,
      onError: (error) => logger.warn({ err: error }, 'an entry could not be kept'),
    })
    const tracer = createTracer()
    closers.push(async () => tracer.stop())
    const silence = logCacheSteps(logger, { spaces: [screenshotAnalysisSpace.name] })
    closers.push(async () => silence())
    const timelines = await openCoachTimelines({ database, redisUrl: settings.redisUrl, logger })
    closers.push(() => timelines.close())
    const coach = openCoach(settings, { cache, logger, timelines })
    const service = await createService({
      cache,
      database,
      settings: { ...settings, shutdownTimeout: Math.floor(settings.shutdownTimeout * 0.8) },
      logger,
      background,
      categories: { intent_recognition: 'analysis', enhanced_query: 'analysis' },
      mount(app) {
        backstage.mount(app)
        registerChat(app, { dialogue, tracer })
        registerCoach(app, coach)
      },
    })
    closers.push(() => service.close())
    logger.info('services ready')

    const onProgress = (line: string): void => logger.info(line)
    const report = await warmUp({ cache, database, lookups: dialogue.lookups, onProgress })
    logger.info(`warm-up done: ${report.done} entries in ${Math.round(report.milliseconds)} ms`)
    await backstage.start()
    return { cache, database, service, backstage, background, timelines, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const closer of closers.toReversed()) {
    await closer().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed')
}
