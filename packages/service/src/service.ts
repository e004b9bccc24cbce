import type { Ledger } from '@reprise/ai'
import { type Background, type Cache, type Clock, systemClock } from '@reprise/cache'
import { type Database, migrate } from '@reprise/database'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { registerAlarmRoutes } from './handlers/alarm-handlers.ts'
import { type Alarms, openAlarms } from './alarms/alarms.ts'
import { registerAuthRoutes } from './handlers/auth-handlers.ts'
import { createUserAdministration } from './auth/administration.ts'
import { type Administrator, ensureAdministrator } from './auth/administrator.ts'
import { openApiTokens } from './auth/api-tokens.ts'
import { createAuthenticate } from './auth/authenticate.ts'
import { readJwtSecret } from './auth/jwt-secret.ts'
import { createKnownUsers } from './auth/known-users.ts'
import { createLoginLimit } from './auth/login-limit.ts'
import { createRateLimit } from './auth/rate-limit.ts'
import { openSessions } from './auth/sessions.ts'
import { createTokens } from './auth/tokens.ts'
import { type Users, openUsers } from './auth/users.ts'
import { type Categories, registerCacheRoutes } from './handlers/cache-handlers.ts'
import { registerBackgroundRoutes } from './handlers/background-handlers.ts'
import { registerConsole } from './console.ts'
import { closeApp, createApp } from './http/create-app.ts'
import { registerDocumentRoutes } from './handlers/document-handlers.ts'
import { registerEventRoutes, tellOperation, tellTask } from './handlers/event-handlers.ts'
import { listen } from './http/listen.ts'
import { createLogger } from './logger.ts'
import { type Metrics, createMetrics } from './metrics.ts'
import { addLedgerGauges, registerLedgerRoutes } from './handlers/ledger-handlers.ts'
import { registerHistoryRoutes } from './handlers/history-handlers.ts'
import { registerOperationRoutes } from './handlers/operation-handlers.ts'
import { type Operations, openOperations } from './operations/operations.ts'
import { registerEntryRoutes } from './handlers/entry-handlers.ts'
import { registerInvalidationRoutes } from './handlers/invalidation-handlers.ts'
import { type Invalidations, createInvalidations } from './invalidation/invalidations.ts'
import { openProcesses } from './processes/processes.ts'
import { registerProcessRoutes } from './handlers/process-handlers.ts'
import { registerServerRoutes } from './handlers/server-handlers.ts'
import { registerSpaceRoutes } from './handlers/space-handlers.ts'
import { registerGateway } from './gateway/gateway.ts'
import type { GatewayOptions, GatewayParts } from './gateway/gateway-options.ts'
import { useOpenApi } from './http/openapi.ts'
import { type OperatedResults, registerResultRoutes } from './handlers/result-handlers.ts'
import type { Settings } from './settings/settings.ts'
import { registerSystemRoutes } from './handlers/system-handlers.ts'
import { registerTaskRoutes } from './handlers/task-handlers.ts'
import type { TaskGate } from './tasks/gate.ts'
import type { OnTaskNews } from './tasks/news.ts'
import { type TaskOptions, openTasks } from './tasks/open-tasks.ts'
import type { Tasks } from './tasks/tasks.ts'
import { startSpans } from './telemetry/spans.ts'
import { type OperatedTimelines, registerTimelineRoutes } from './handlers/timeline-handlers.ts'
import { type OperatedTokens, registerTokenRoutes } from './handlers/token-handlers.ts'
import { registerUserRoutes } from './handlers/user-handlers.ts'

/** What a service operates on; it makes none of it and closes none of it. */
export interface ServiceOptions {
  readonly cache: Cache
  readonly database: Database
  readonly settings: Settings
  /** @default JSON lines on standard output */
  readonly logger?: FastifyBaseLogger
  /** The application's background work, which `close` drains once no request can add to it. @default none */
  readonly background?: Background
  /** The application's durable results, which operators look at and invalidate. @default none, and no routes for them */
  readonly results?: OperatedResults
  /** The timelines of its sessions. @default none, and no routes for them */
  readonly timelines?: OperatedTimelines
  /** Its access tokens. @default none, and no routes for them */
  readonly tokens?: OperatedTokens
  /** How large operations are kept and done as tasks. @default in the database, four at a time in this process */
  readonly tasks?: TaskOptions
  /** Groups of spaces that the statistics count. @default none */
  readonly categories?: Categories
  /** Those of an application that asks for some itself, which starts and closes them. @default of the service's own */
  readonly invalidations?: Invalidations
  /** Lets SDKs of OpenAI and Anthropic call their models through the cache. @default no gateway */
  readonly gateway?: GatewayOptions
  /** What was spent on models and saved; the gateway enters its calls in it. @default none, and no route for it */
  readonly ledger?: Ledger
  /** Adds the application's own routes, usually with `registerRoute`. */
  readonly mount?: (app: FastifyInstance) => void | Promise<void>
  /** The web console: the directory of a built one, or false for none. @default the one of this package */
  readonly console?: { readonly directory: string } | false
  /** What live events, alarms and the last hour are timed with. @default the machine's clock */
  readonly clock?: Clock
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number
}

/** A service that is ready to listen. */
export interface Service {
  readonly app: FastifyInstance
  readonly users: Users
  /** The operation log. */
  readonly operations: Operations
  /** Large operations as tasks (row B5). */
  readonly tasks: Tasks
  /** Alarms, which `listen` starts and `close` stops; a process that does not listen starts them itself. */
  readonly alarms: Alarms
  /** Makes sure that `admin` can log in; a one-time password in the answer is to be shown to whoever started the service. */
  ensureAdministrator(): Promise<Administrator>
  /** A token for a user of the users table. @throws Error when there is no such user */
  issueToken(username: string): Promise<string>
  /** Starts to listen as the settings say; resolves with the address. @throws Error naming the address when it is taken */
  listen(): Promise<string>
  /**
   * Stops to listen and waits for requests under way, then for background work, together at most
   * `settings.shutdownTimeout`; then cuts them off and says in the log what was cancelled or lost (row E5).
   */
  close(): Promise<void>
}

/** Makes the service of an application: its tables, routes, documents and errors. @throws what the database's migrations throw */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { cache, database, settings, categories = {}, now = Date.now } = options
  await migrate(database, { directory: new URL('../migrations/', import.meta.url), set: 'service' })
  const known = createKnownUsers(database, cache)
  const changed = async (id: string): Promise<void> => known.forget(id)
  const users = openUsers(database, changed)
  const apiTokens = openApiTokens(database, now)
  const sessions = openSessions(database, { now, life: settings.refreshLife, changed })
  const tokens = createTokens({
    secret: readJwtSecret({
      dataDir: settings.dataDir,
      ...(settings.jwtSecret === undefined ? {} : { given: settings.jwtSecret }),
    }),
    life: settings.tokenLife,
    ...(settings.jwksUrl === undefined
      ? {}
      : { jwks: { url: settings.jwksUrl, issuer: settings.jwksIssuer } }),
  })
  const app = createApp(settings, options.logger ?? createLogger({ level: settings.logLevel }))
  app.decorate('authenticate', createAuthenticate({ tokens, known, apiTokens }))
  const rateLimit = createRateLimit({
    perMinute: settings.rateLimit,
    redisUrl: settings.redisUrl,
    prefix: `reprise_service:${cache.catalog.prefix}`,
    onError: (error) => app.log.warn({ err: error }, 'Redis is away: requests are counted by process'),
  })
  app.decorate('rateLimit', rateLimit)
  app.decorateRequest('caller', null)
  app.decorateRequest('audit', null)
  app.decorateRequest('refusal', null)
  const operations = openOperations(database, { now, onRecorded: (facts) => tellOperation(app, facts) })
  app.decorate('operations', operations)
  await useOpenApi(app)
  const metrics = createMetrics(app, cache)
  const stopSpans = startSpans()
  app.addHook('onClose', async () => stopSpans())
  registerAuthRoutes(app, { users, tokens, sessions, limit: createLoginLimit({ now }) })
  registerCacheRoutes(app, cache, { categories, now })
  registerHistoryRoutes(app, cache, options.clock)
  registerOperationRoutes(app, operations, { now, keep: settings.operationsKeep })
  const invalidations = options.invalidations ?? createOwnInvalidations(app, { cache, database })
  const own = options.invalidations === undefined ? invalidations : undefined
  registerEntryRoutes(app, cache)
  registerSpaceRoutes(app, cache)
  const processes = openProcesses({
    cache,
    database,
    clock: options.clock,
    onError: (error) => app.log.warn({ err: error }, 'others cannot be told how far this process is'),
  })
  registerProcessRoutes(app, processes)
  registerInvalidationRoutes(app, { cache, invalidations, processes })
  registerServerRoutes(app, { cache, settings, now })
  const administration = createUserAdministration(database, changed)
  registerUserRoutes(app, { administration, apiTokens, database, now })
  registerSystemRoutes(app, { cache, database, metrics })
  if (options.results !== undefined) registerResultRoutes(app, options.results)
  if (options.timelines !== undefined) registerTimelineRoutes(app, options.timelines)
  if (options.tokens !== undefined) registerTokenRoutes(app, options.tokens, { now })
  if (options.background !== undefined) registerBackgroundRoutes(app, options.background, { now })
  const { ledger } = options
  if (options.gateway !== undefined) registerGateway(app, gatewayParts(app, options), options.gateway)
  if (ledger !== undefined) {
    registerLedgerRoutes(app, ledger)
    addLedgerGauges(metrics, ledger)
  }
  const { dataDir } = settings
  const onNews: OnTaskNews = (task, news) => tellTask(app, task, news)
  const taskParts = {
    cache,
    database,
    operations,
    dataDir,
    now,
    results: options.results,
    log: app.log,
    onNews,
  }
  const { tasks, ...taskWork } = openTasks(options.tasks ?? {}, taskParts)
  registerTaskRoutes(app, tasks, { dataDir })
  registerDocumentRoutes(app, { database, documents: options.tasks?.documents ?? [] })
  registerEventRoutes(app, options.clock)
  const alarms = openOwnAlarms(app, taskWork.runner.gate, options)
  registerAlarmRoutes(app, alarms)
  addGauges(metrics, { app, alarms }, options.background)
  await options.mount?.(app)
  if (options.console !== false && !registerConsole(app, options.console?.directory)) {
    app.log.info('the console is not built: npm run build makes it')
  }
  await app.ready()
  await own?.start()
  await taskWork.start()
  processes.start()

  return {
    app,
    users,
    operations,
    tasks,
    alarms,
    ensureAdministrator: () => ensureAdministrator(users, settings.adminPassword),
    async issueToken(username) {
      const user = await users.findByName(username)
      if (user === undefined) throw new Error(`There is no user ${JSON.stringify(username)}`)
      return tokens.issue(user)
    },
    async listen() {
      const address = await listen(app, settings)
      await alarms.start()
      return address
    },
    async close() {
      const until = performance.now() + settings.shutdownTimeout
      await alarms.stop()
      await closeApp(app, settings.shutdownTimeout)
      await taskWork.stop(Math.max(0, until - performance.now()))
      await own?.close()
      await processes.close()
      rateLimit.close()
      await drain(app, options.background, Math.max(0, until - performance.now()))
    },
  }
}

function addGauges(
  metrics: Metrics,
  { app, alarms }: Pick<Service, 'app' | 'alarms'>,
  background: Background | undefined,
): void {
  const active = { name: 'reprise_alarms_active', help: 'Active alarms of all processes', label: 'rule' }
  metrics.gauge(active, () => alarms.active)
  const listeners = { name: 'reprise_live_listeners', help: 'Clients that read live events' }
  metrics.gauge(listeners, () => [['', app.live.listeners]])
  if (background === undefined) return
  const tasks = { name: 'reprise_background_tasks', help: 'Background work that has not ended' }
  metrics.gauge(tasks, () => [['', background.count]])
}

function openOwnAlarms(app: FastifyInstance, gate: TaskGate, options: ServiceOptions): Alarms {
  const { cache, database, results, clock = systemClock } = options
  const { every, rules, webhookUrl: url, webhookSecret: secret } = options.settings.alarms
  return openAlarms(database, {
    cache,
    clock,
    every,
    rules,
    async queueAge() {
      const wait = await gate.oldestWait()
      return wait === undefined ? 0 : wait / 1_000
    },
    stuckResults: results === undefined ? undefined : () => results.stuck(),
    webhook: url === undefined ? undefined : { url, secret },
    onNews: (news) => app.live.publish('alarm', news),
    onError: (error) => app.log.warn({ err: error }, 'alarms'),
  })
}

function gatewayParts(
  app: FastifyInstance,
  { cache, database, ledger, now = Date.now }: ServiceOptions,
): GatewayParts {
  const onError = (error: unknown): void => app.log.warn({ err: error }, 'the semantic tier rests')
  return { cache, database, now, onError, ...(ledger === undefined ? {} : { ledger }) }
}

function createOwnInvalidations(
  app: FastifyInstance,
  parts: Pick<ServiceOptions, 'cache' | 'database'>,
): Invalidations {
  const onError = (error: unknown): void => app.log.warn({ err: error }, 'an invalidation is tried again')
  return createInvalidations({ ...parts, onError })
}

async function drain(
  app: FastifyInstance,
  background: Background | undefined,
  timeout: number,
): Promise<void> {
  if (background === undefined) return
  const report = await background.shutdown(timeout)
  const { finished, cancelled, lost } = report
  const line = `background work: ${finished.length} finished, ${cancelled.length} cancelled, ${lost.length} lost`
  if (cancelled.length + lost.length === 0) app.log.info(report, line)
  else app.log.warn(report, line)
}
