import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import { site } from './result-routes.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

/** An event of a session's timeline. */
export const timelineEvent = z.strictObject({
  sequence: count.describe('Higher than that of every event before it in its session'),
  category: z.string(),
  resource: z.string(),
  payload: z.json(),
  model: z.string(),
  strategy: z.string(),
  at: instant,
})

/** A living session of a site. */
export const timelineSession = z.strictObject({
  session_id: z.string(),
  scene: z.string(),
  version: count.describe('The number of its newest change'),
  bytes: count.describe('Of all payloads'),
  expires_at: instant.describe('Unless it is used before'),
})

const session = {
  site,
  session_id: lineOf(200),
  scene: lineOf(200).optional().describe('Without one, the session that has none'),
}
const failure = '读取时间线失败'

/** Timelines of sessions (row E3), which reading here does not prolong; there where the application has given them to the service. */
export const timelineRoutes = {
  timelineSites: {
    id: 'timelineSites',
    method: 'GET',
    path: '/api/v1/timelines/sites',
    summary:
      'The sites that have living sessions, or one of an id, by name; to a caller bound to a site, that one',
    role: 'operator',
    tag: 'timelines',
    tenantBound: true,
    query: z.strictObject({ session_id: session.session_id.optional(), ...pageQuery }),
    data: pageOf(z.strictObject({ site: z.string(), sessions: count })),
    failure,
  },
  timelineSessions: {
    id: 'timelineSessions',
    method: 'GET',
    path: '/api/v1/timelines/sessions',
    summary: 'The living sessions of a site, or those of an id, one for each scene; the last begun first',
    role: 'operator',
    tag: 'timelines',
    tenantBound: true,
    query: z.strictObject({ site, session_id: session.session_id.optional(), ...pageQuery }),
    data: pageOf(timelineSession),
    failure,
  },
  timelineEvents: {
    id: 'timelineEvents',
    method: 'GET',
    path: '/api/v1/timelines/events',
    summary: 'The events of a session, the newest first, of all categories and resources or of one',
    role: 'operator',
    tag: 'timelines',
    tenantBound: true,
    query: z.strictObject({
      ...session,
      category: lineOf(100).optional(),
      resource: lineOf(2_000).optional(),
      ...pageQuery,
    }),
    data: pageOf(timelineEvent),
    failure,
  },
  timelineLatest: {
    id: 'timelineLatest',
    method: 'GET',
    path: '/api/v1/timelines/latest',
    summary: 'The latest event of each resource in each category of a session, the newest first',
    role: 'operator',
    tag: 'timelines',
    tenantBound: true,
    query: z.strictObject({ ...session, category: lineOf(100).optional(), ...pageQuery }),
    data: pageOf(timelineEvent),
    failure,
  },
} as const satisfies Record<string, Route>
