import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant } from './text-fields.ts'

/** What a process counted since it started. */
export const processFigures = z.strictObject({
  hits: count,
  misses: count,
  loads: count,
  coalesced: count,
  load_seconds: z.number().nonnegative(),
})

/** Of whom the figures are. */
export const processRoutes = {
  processList: {
    id: 'processList',
    method: 'GET',
    path: '/api/v1/processes',
    summary: 'The processes that share the cache and what each counted: the one that answers first',
    role: 'viewer',
    tag: 'system',
    data: z.strictObject({
      processes: z
        .array(
          z.strictObject({
            process: z.string().describe('Host and process id'),
            own: z.boolean().describe('Whether it is the process that answers'),
            silent: z.boolean().describe('Not heard for 15 seconds: dead, or cut off from the database'),
            seen_at: instant.describe('When it last told its figures'),
            figures: processFigures.nullable().describe('null where it does not tell; at most 5 seconds old'),
          }),
        )
        .describe('Heard in the last five minutes, at most 200'),
    }),
  },
} as const satisfies Record<string, Route>
