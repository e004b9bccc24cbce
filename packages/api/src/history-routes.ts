import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

const seconds = z.number().nonnegative()

/** What the cache did in one span of time, counted; times are seconds. */
export const historyRow = z.strictObject({
  from: instant,
  seconds: seconds.describe('Length of the span; that of the last one is not over'),
  hits: count.describe('Fresh answers'),
  misses: count,
  stale_serves: count,
  loads: count.describe('Begun; those that failed, too'),
  load_failures: count,
  load_seconds: seconds.describe('Sum of the times of all successful loads'),
  errors: count.describe('Tier failures and unreadable values'),
})

/** The last hour of the cache. */
export const historyRoutes = {
  cacheHistory: {
    id: 'cacheHistory',
    method: 'GET',
    path: '/api/v1/stats/history',
    summary: 'What the cache of this process did in the last hour, in spans of ten seconds, the oldest first',
    role: 'viewer',
    tag: 'cache',
    query: z.strictObject({
      space: lineOf(100).optional().describe('One space alone'),
      since: instant.optional().describe('`from` of the last row that is known: that one and later ones'),
    }),
    data: z.strictObject({ rows: z.array(historyRow) }),
  },
} as const satisfies Record<string, Route>
