import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

const seconds = z.number().nonnegative()

/** How long some calls took: how many there were, and the durations that half and 99 in 100 of them did not exceed. */
export const latency = z.strictObject({
  calls: count,
  p50_seconds: seconds.nullable().describe('null without calls'),
  p99_seconds: seconds.nullable(),
})

/** How long the calls of a tier took. */
export const tierTimes = z.strictObject({ tier: z.string(), reads: latency, writes: latency })

/** What the cache did in one span of time, counted; times are seconds. */
export const historyRow = z.strictObject({
  from: instant,
  seconds: seconds.describe('Length of the span; that of the last one is not over'),
  hits: count.describe('Fresh answers'),
  misses: count,
  stale_serves: count,
  loads: count.describe('Begun; those that failed, too'),
  load_failures: count,
  errors: count.describe('Tier failures and unreadable values'),
  load_times: latency.describe('Of the loads that succeeded'),
  tiers: z.array(tierTimes).describe('Of all spaces together; memory is not timed'),
})

/** The last hour of the cache. */
export const historyRoutes = {
  cacheHistory: {
    id: 'cacheHistory',
    method: 'GET',
    path: '/api/v1/stats/history',
    summary: 'What the cache of this process did in the last hour, in spans of ten seconds, the oldest first',
    role: 'viewer',
    tag: 'spaces',
    query: z.strictObject({
      space: lineOf(100).optional().describe('One space alone'),
      since: instant.optional().describe('`from` of the last row that is known: that one and later ones'),
    }),
    data: z.strictObject({ rows: z.array(historyRow) }),
  },
} as const satisfies Record<string, Route>
