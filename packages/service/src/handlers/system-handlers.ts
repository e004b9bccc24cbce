import { routes } from '@reprise/api'
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics.ts'
import { registerRoute } from '../http/register-route.ts'
import { version } from '../version.ts'

/** What the system routes tell about. */
export interface SystemParts {
  readonly cache: Cache
  readonly database: Database
  readonly metrics: Metrics
}

/** Longest wait for something that is asked whether it is there, in milliseconds. */
const patience = 2_000

/** Registers `/health` and `/metrics`. */
export function registerSystemRoutes(app: FastifyInstance, { cache, database, metrics }: SystemParts): void {
  registerRoute(app, routes.health, async () => {
    const [tiers, reachable] = await Promise.all([
      soon(cache.tiers()).catch(() => []),
      soon(database.ping()).then(
        () => true,
        () => false,
      ),
    ])
    const whole = reachable && tiers.length > 0 && tiers.every((tier) => tier.reachable)
    return {
      status: reachable ? 200 : 503,
      message: whole ? '服务正常' : '服务降级',
      data: {
        status: whole ? ('ok' as const) : ('degraded' as const),
        version,
        uptime_seconds: Math.round(process.uptime() * 1000) / 1000,
        tiers: tiers.map((tier) => ({ name: tier.name, reachable: tier.reachable })),
        database: { engine: database.engine, reachable },
      },
    }
  })
  registerRoute(app, routes.metrics, async () => ({
    data: await metrics.text(),
    contentType: metrics.contentType,
  }))
}

async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
