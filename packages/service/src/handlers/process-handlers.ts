import { routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { registerRoute } from '../http/register-route.ts'
import { type Processes, silence } from '../processes/processes.ts'

/** Registers the route that tells of the processes which share the cache. */
export function registerProcessRoutes(app: FastifyInstance, processes: Processes): void {
  registerRoute(app, routes.processList, async () => {
    const standings = await processes.list()
    const shown = standings.map(({ process, own, seenAt, quiet, figures }) => ({
      process,
      own,
      silent: quiet > silence,
      seen_at: seenAt.toISOString(),
      figures: figures ?? null,
    }))
    return { data: { processes: shown } }
  })
}
