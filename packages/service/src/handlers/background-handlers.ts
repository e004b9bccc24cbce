import { routes } from '@reprise/api'
import type { Background } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { registerRoute } from '../http/register-route.ts'

/** Registers the route of background work (rows E4, E5). */
export function registerBackgroundRoutes(
  app: FastifyInstance,
  background: Background,
  { now }: { readonly now: () => number },
): void {
  registerRoute(app, routes.background, () => {
    const { tasks, limit, ended } = background
    const running = tasks.map(({ name, startedAt }) => ({
      name,
      started_at: new Date(startedAt).toISOString(),
      seconds: Math.max(0, now() - startedAt) / 1_000,
    }))
    const { finished, failed, timedOut, cancelled, refused } = ended
    return { data: { limit, running, ended: { finished, failed, timed_out: timedOut, cancelled }, refused } }
  })
}
