import { routes } from '@reprise/api'
import { type Cache, type Clock, systemClock } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { createHistory } from '../history.ts'
import { latencyOf, tierTimesOf } from './latencies.ts'
import { registerRoute } from '../http/register-route.ts'

/** Registers the route of the last hour, which is watched from when the app is ready until it closes. */
export function registerHistoryRoutes(app: FastifyInstance, cache: Cache, clock: Clock = systemClock): void {
  const history = createHistory(cache, { clock })
  app.addHook('onReady', async () => history.start())
  app.addHook('onClose', async () => history.stop())
  registerRoute(app, routes.cacheHistory, ({ query }) => {
    const space = query.space === undefined ? undefined : cache.catalog.find(query.space).name
    const since = query.since === undefined ? undefined : Date.parse(query.since)
    const rows = history.rows({ space, since }).map((row) => ({
      from: new Date(row.from).toISOString(),
      seconds: row.length / 1_000,
      hits: row.hits,
      misses: row.misses,
      stale_serves: row.staleServes,
      loads: row.loads,
      load_failures: row.loadFailures,
      errors: row.errors,
      load_times: latencyOf(row.loadTimes),
      tiers: tierTimesOf(row.tiers),
    }))
    return { data: { rows } }
  })
}
