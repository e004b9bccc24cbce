import { type DataOf, type Routes, routes } from '@reprise/api'
import type { TimelineEvent, Timelines } from '@reprise/results'
import type { FastifyInstance } from 'fastify'
import { siteFor } from '../auth/caller-site.ts'
import { numberCursor, pageOf } from '../http/cursor.ts'
import { registerRoute } from '../http/register-route.ts'

/** What the service does with an application's timelines. */
export type OperatedTimelines = Pick<Timelines, 'forSite' | 'sites'>

const noEnd = Number.MAX_SAFE_INTEGER

/** Registers the routes of timelines (row E3); none of them slides a session's life. */
export function registerTimelineRoutes(app: FastifyInstance, timelines: OperatedTimelines): void {
  registerRoute(app, routes.timelineSites, async ({ query, caller: { tenant } }) => {
    const { cursor = '', limit, session_id: sessionId } = query
    const found = await timelines.sites({ after: cursor, limit: limit + 1, only: tenant, sessionId })
    return { data: pageOf(found, limit, { item: (one) => ({ ...one }), cursor: ({ site }) => site }) }
  })
  registerRoute(app, routes.timelineSessions, async ({ query, caller }) => {
    const { limit, cursor, session_id: sessionId } = query
    const site = timelines.forSite(siteFor(caller, query.site))
    const before = numberCursor(cursor) ?? noEnd
    const found = await site.listSessions({ before, limit: limit + 1, sessionId })
    const item = (session: (typeof found)[number]) => ({
      session_id: session.sessionId,
      scene: session.scene,
      version: session.version,
      bytes: session.bytes,
      expires_at: session.expiresAt,
    })
    return { data: pageOf(found, limit, { item, cursor: (session) => session.cursor }) }
  })
  for (const [row, latest] of [
    [routes.timelineEvents, false],
    [routes.timelineLatest, true],
  ] as const) {
    registerRoute(app, row, async ({ query, caller }) => {
      const { limit, cursor, category } = query
      const found = await timelines.forSite(siteFor(caller, query.site)).listEvents({
        sessionId: query.session_id,
        ...(query.scene === undefined ? {} : { scene: query.scene }),
        category,
        resource: 'resource' in query ? query.resource : undefined,
        before: numberCursor(cursor),
        limit: limit + 1,
        latest,
      })
      return { data: pageOf(found, limit, { item: describeEvent, cursor: ({ sequence }) => sequence }) }
    })
  }
}

function describeEvent(event: TimelineEvent): DataOf<Routes['timelineEvents']>['items'][number] {
  return { ...event, payload: event.payload as DataOf<Routes['timelineEvents']>['items'][number]['payload'] }
}
