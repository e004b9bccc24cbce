// The one file that creates things. The order is row A22's: the cache, then the database with its tables and what is in
// them, then the services, then the warm-up. Closing goes the other way round.
import { setTimeout } from 'node:timers/promises'
import { createLedger, somePrices } from '@reprise/ai'
import type { Background, Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { type Service, type Settings, createService, logCacheSteps } from '@reprise/service'
import type { FastifyBaseLogger } from 'fastify'
import { type Backstage, createBackstage } from './backstage.ts'
import { registerChat } from './chat.ts'
import { createFullAnalyser, createQuickAnalyser } from './coach/embedded.ts'
import { createModelAnalyser } from './coach/model.ts'
import { type Coach, type CoachOptions, createCoach } from './coach/predict.ts'
import { screenshotAnalysisSpace } from './coach/space.ts'
import { type CoachTimelines, openCoachTimelines } from './coach/timeline.ts'
import { registerCoach } from './coach.ts'
import type { Executor } from './dialogue/execute.ts'
import { createDialogue } from './dialogue/turn.ts'
import { type Models, openModels } from './models/models.ts'
import { createEmbeddedRecogniser } from './recognise/embedded.ts'
import { createModelRecogniser } from './recognise/model.ts'
import type { Recogniser } from './recognise/recogniser.ts'
import { fillDatabase } from './seed/fill.ts'
import { closeAll, openStores } from './stores.ts'
import { taskOptions } from './task-options.ts'
import { createTracer } from './trace.ts'
import { warmUp } from './warm-up.ts'

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

function createRecogniser({ llm }: Settings, models: Models, logger: FastifyBaseLogger): Recogniser {
  const embedded = createEmbeddedRecogniser()
  if (llm.baseUrl === undefined) return embedded
  return createModelRecogniser({
    baseUrl: llm.baseUrl,
    apiKey: llm.apiKey,
    model: llm.model ?? (async () => (await models.quick()) ?? 'default'),
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
    const stores = await openStores(settings, { logger })
    closers.push(() => stores.close())
    const { cache, database, background, relay } = stores
    await fillDatabase(stores, logger)

    const backstage = createBackstage({
      cache,
      database,
      now,
      environment,
      origins: settings.travelApiUrl === undefined ? {} : { [travelOrigin]: settings.travelApiUrl },
      onError: (error, what) => logger.warn({ err: error }, what),
    })
    closers.push(() => backstage.close())
    const recogniser = createRecogniser(settings, openModels(stores), logger)
    const dialogue = createDialogue({
      cache,
      database,
      recogniser,
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
      timelines,
      invalidations: backstage.asked,
      ...(settings.gateway === undefined
        ? {}
        : {
            gateway: { ...settings.gateway, ...(relay === undefined ? {} : { relay }) },
            ledger: createLedger({ prices: somePrices(settings.gateway.aliases) }),
          }),
      tasks: taskOptions(stores, dialogue.lookups),
      categories: { intent_recognition: 'analysis', enhanced_query: 'analysis' },
      mount(app) {
        backstage.mount(app)
        registerChat(app, { dialogue, tracer, limit: backstage.limit })
        registerCoach(app, coach)
      },
    })
    closers.push(() => service.close())
    logger.info('services ready')

    const onProgress = (line: string): void => logger.info(line)
    const report = await warmUp({ cache, database, lookups: dialogue.lookups, onProgress })
    recogniser.prepare?.(await dialogue.lookups.knowledge())
    logger.info(`warm-up done: ${report.done} entries in ${Math.round(report.milliseconds)} ms`)
    await backstage.start()
    return { cache, database, service, backstage, background, timelines, close }
  } catch (error) {
    await close()
    throw error
  }
}
