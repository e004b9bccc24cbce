// What goes on beside the conversation: changes of the configuration on their way to the caches, calls to services,
// retrieval, figures of what happened, and logs that nobody waits for. Each is a folder; here they are made and put together.
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { Invalidations } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import { registerAdmin } from './admin/handlers.ts'
import { registerConversations } from './conversations/handlers.ts'
import type { Executor } from './dialogue/execute.ts'
import type { Retriever } from './dialogue/retrieve.ts'
import { createLookups } from './dialogue/lookups.ts'
import { createDocuments } from './documents/documents.ts'
import { createAskedInvalidations } from './events/asked.ts'
import { type Invalidator, createInvalidator } from './events/invalidator.ts'
import { type CallReport, createExecutor } from './execute/executor.ts'
import { createSweeper } from './execute/sweeper.ts'
import { type Figures, openFigures } from './figures/figures.ts'
import { registerFigures } from './figures/handlers.ts'
import { type RequestLimit, createRequestLimit } from './limits/request-limit.ts'
import { type AsyncLogs, openLogs } from './logs/async-logs.ts'
import { watchRequests } from './logs/watch-requests.ts'
import { createConfiguredRetriever } from './retrieval/configured-retriever.ts'

/** What goes on beside the conversation. */
export interface Backstage {
  readonly executor: Executor
  readonly retriever: Retriever
  readonly figures: Figures
  readonly logs: AsyncLogs
  readonly invalidator: Invalidator
  /** What the service is asked for. */
  readonly asked: Invalidations
  readonly limit: RequestLimit
  /** Adds the routes of administration, figures and logs. */
  mount(app: FastifyInstance): void
  /** Begins to work off what waits. */
  start(): Promise<void>
  /** Ends the work under way, and writes what was counted and logged. */
  close(): Promise<void>
}

/** What it works with. */
export interface BackstageOptions {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  /** Secrets: `RAGFLOW_API_KEY`, and what placeholders in headers stand for. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Other places for services, by the beginning of their addresses. */
  readonly origins: Readonly<Record<string, string>>
  readonly onError: (error: unknown, what: string) => void
}

/** Makes everything that goes on beside the conversation. */
export function createBackstage(options: BackstageOptions): Backstage {
  const { cache, database, now, environment, origins } = options
  const heard = (what: string) => (error: unknown) => options.onError(error, what)
  const logs = openLogs({ cache, database, onError: heard('a log could not be written') })
  const figures = openFigures({ cache, database, now, onError: heard('figures could not be written') })
  const again = heard('an invalidation is tried again')
  const asked = createAskedInvalidations({ cache, database, now, onError: again })
  const invalidator = createInvalidator({ cache, database, asked, onError: again })

  function onCall(report: CallReport): void {
    const { functionName, userId, outcome, attempts, milliseconds, message, sessionId, traceId } = report
    if (attempts > 0) {
      figures.counters.add('api_calls')
      figures.counters.add('api_ms', milliseconds)
      if (outcome !== 'ok') figures.counters.add('api_failures')
      if (outcome === 'TIMED_OUT') figures.counters.add('api_timeouts')
    }
    logs.write('api_call', {
      function_name: functionName,
      user_id: userId,
      outcome,
      attempts,
      milliseconds,
      details: { message, session_id: sessionId, request_trace_id: traceId },
    })
  }

  const lookups = createLookups(cache, database, now)
  const onError = heard('a call went wrong')
  const executor = createExecutor({ cache, database, lookups, environment, origins, now, onCall, onError })
  const sweeper = createSweeper({
    cache,
    database,
    lookups,
    environment,
    origins,
    now,
    onError: heard('what became of a booking is asked again'),
  })
  const documents = createDocuments({ cache, database, lookups, figures, logs, asked, now })

  const retriever = createConfiguredRetriever({
    cache,
    database,
    lookups,
    apiKey: environment['RAGFLOW_API_KEY'],
    now,
    onError: heard('retrieval went wrong'),
  })

  return {
    executor,
    retriever,
    figures,
    logs,
    invalidator,
    asked,
    limit: createRequestLimit({ cache, database, now, onError: heard('a limit could not be shown') }),
    mount(app) {
      watchRequests(app, { logs, counters: figures.counters })
      registerFigures(app, { cache, database, figures, logs, documents, now })
      registerConversations(app, { database, documents, now })
      registerAdmin(app, {
        database,
        invalidator,
        now,
        onChange: ({ action, user, details }) =>
          logs.write('security_audit', { action, user_id: user, details }),
      })
    },
    async start() {
      await invalidator.start()
      await asked.start()
      figures.start()
      sweeper.start()
      logs.start()
    },
    async close() {
      await invalidator.close()
      await asked.close()
      await sweeper.close()
      await figures.close()
      await logs.close()
    },
  }
}
