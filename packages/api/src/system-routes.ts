import { z } from 'zod'
import type { Route } from './route.ts'

/** What a probe and a scraper ask; neither needs a token. */
export const systemRoutes = {
  health: {
    id: 'health',
    method: 'GET',
    path: '/health',
    summary: 'Whether the service and what it stands on can be reached; 503 without the database',
    role: 'public',
    tag: 'system',
    data: z.strictObject({
      status: z.enum(['ok', 'degraded']),
      version: z.string(),
      uptime_seconds: z.number().nonnegative(),
      tiers: z.array(z.strictObject({ name: z.string(), reachable: z.boolean() })),
      database: z.strictObject({ engine: z.string(), reachable: z.boolean() }),
    }),
    dataStatuses: [503],
  },
  metrics: {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    summary: 'Figures of the process and the cache in the text format of Prometheus',
    role: 'public',
    tag: 'system',
    text: 'text/plain',
  },
} as const satisfies Record<string, Route>
