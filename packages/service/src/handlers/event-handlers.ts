import { type LiveEventType, liveEventTypes, routes } from '@reprise/api'
import { type Clock, systemClock } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { type Caller, requireRole, requireUnbound } from '../auth/authenticate.ts'
import { HttpError } from '../http/http-error.ts'
import { cacheSource } from '../live/cache-source.ts'
import { type LiveClients, createLiveClients } from '../live/live-clients.ts'
import { type LiveEvents, createLiveEvents } from '../live/live-events.ts'
import { createTickets } from '../live/tickets.ts'
import type { OperationFacts } from '../operations/operation.ts'
import type { TaskNews } from '../tasks/news.ts'
import type { TaskRecord } from '../tasks/task.ts'
import { registerRoute, schemaOf } from '../http/register-route.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What happens, for whoever watches; set by `createService`. */
    live: LiveEvents
  }
}

/** Types that tell who did what. */
const ofOperators: ReadonlySet<LiveEventType> = new Set(['task', 'operation'])

/** Registers the routes of live events; what `app.live` is told from then on goes to those who listen. */
export function registerEventRoutes(app: FastifyInstance, clock: Clock = systemClock): LiveClients {
  const row = routes.events
  const live = createLiveEvents({ clock, sources: [cacheSource()] })
  const tickets = createTickets({ now: () => clock.now() })
  const find = async (token: string | undefined): Promise<Caller> => {
    const caller = await app.authenticate(token)
    requireRole(caller, row.role)
    requireUnbound(caller)
    return caller
  }
  const clients = createLiveClients(live, { clock, check: find })
  app.decorate('live', live)
  app.addHook('preClose', async () => clients.close())
  app.addHook('onClose', async () => live.close())

  registerRoute(app, routes.eventTicket, ({ authorization }) => {
    const { ticket, until } = tickets.make(authorization ?? '')
    return { data: { ticket, expires_at: new Date(until).toISOString() } }
  })
  app.route<{ Querystring: { types?: LiveEventType[]; ticket?: string } }>({
    method: row.method,
    url: row.path,
    config: { stream: true },
    schema: schemaOf(row),
    handler: async (request, reply) => {
      const { types, ticket } = request.query
      const token = request.headers.authorization ?? (ticket === undefined ? undefined : tickets.take(ticket))
      if (token === undefined && ticket !== undefined)
        throw new HttpError(401, 'The ticket is used up or has expired: make another one')
      const caller = await find(token)
      const lastEventId = request.headers['last-event-id']
      const readable = clients.open({
        types: allowed(caller, types),
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        token: token ?? '',
      })
      // For proxies that would keep events back until there are many.
      return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(readable)
    },
  })
  return clients
}

/** Tells those who listen that an operation is in the log; its details are to be read there. */
export function tellOperation({ live }: Pick<FastifyInstance, 'live'>, facts: OperationFacts): void {
  if (!live.heard) return
  const { action, username, target, result, status, duration_ms: duration } = facts
  const seconds = duration === null ? null : duration / 1_000
  live.publish('operation', { action, username, target, result, status, seconds })
}

/** Tells those who listen what happens to a task of this process; its input, result and error are to be read there. */
export function tellTask(
  { live }: Pick<FastifyInstance, 'live'>,
  { id, kind, username }: Pick<TaskRecord, 'id' | 'kind' | 'username'>,
  { event, status, progress, took }: TaskNews,
): void {
  if (!live.heard) return
  const figures = { done: progress?.done ?? null, total: progress?.total ?? null }
  const seconds = took === undefined ? null : took / 1_000
  live.publish('task', { task_id: id, kind, username, event, status, ...figures, seconds })
}

/** What a caller gets of what it asked for. @throws HttpError 403 for a type that its role does not see */
function allowed(caller: Caller, asked: readonly LiveEventType[] | undefined): ReadonlySet<LiveEventType> {
  const sees = (type: LiveEventType): boolean => caller.role !== 'viewer' || !ofOperators.has(type)
  const hidden = asked?.find((type) => !sees(type))
  if (hidden !== undefined)
    throw new HttpError(
      403,
      `Events of the type ${hidden} need the role operator; ${caller.username} is viewer`,
    )
  return new Set([...(asked ?? liveEventTypes.filter(sees)), 'skipped', 'reset'])
}
