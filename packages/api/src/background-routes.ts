import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant } from './text-fields.ts'

/** Background work of the process that answers (rows E4, E5); there where the application has given it to the service. */
export const backgroundRoutes = {
  background: {
    id: 'background',
    method: 'GET',
    path: '/api/v1/background',
    summary: 'What goes on behind requests in this process, the oldest first, and how what went on has ended',
    role: 'viewer',
    tag: 'background',
    data: z.strictObject({
      limit: count,
      running: z.array(
        z.strictObject({ name: z.string(), started_at: instant, seconds: z.number().nonnegative() }),
      ),
      ended: z.strictObject({ finished: count, failed: count, timed_out: count, cancelled: count }),
      refused: count.describe('Not begun, since there were too many or the process was ending'),
    }),
  },
} as const satisfies Record<string, Route>
