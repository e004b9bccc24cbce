import { type Cache, type Clock, type Timer, systemClock } from '@reprise/cache'
import type { Database } from '@reprise/database'
import {
  type CostCenterDay,
  type EnterpriseUsers,
  costCenterDailySpace,
  enterpriseUsersActiveSpace,
} from '../catalog/enterprise.ts'
import {
  type CachePerformance,
  type SessionStats,
  type SystemMetrics,
  cachePerformanceHourlySpace,
  statsSessionSpace,
  statsSystemRealtimeSpace,
} from '../catalog/metrics.ts'
import { spanOfDay } from './business-day.ts'
import { type Counters, createCounters, minute } from './counters.ts'
import { loadCostCenterDay, loadEnterpriseUsers } from './enterprise.ts'
import { createGauges } from './gauges.ts'
import { loadCachePerformance, loadSessionStats, loadSystemMetrics } from './live.ts'
import * as statements from './statements.ts'
import { watchCache } from './watch-cache.ts'

/** Figures of what really happened, over all processes, each read through its key of the cache. */
export interface Figures {
  readonly counters: Counters
  /** Row A11. */
  system(): Promise<SystemMetrics>
  /** Row A13. */
  enterprise(): Promise<EnterpriseUsers>
  /** Row A14. Undefined for a day that there is not. @param yyyymmdd such as `20261121` */
  costCenter(code: string, yyyymmdd: string): Promise<CostCenterDay | undefined>
  /** Row A15. */
  performance(): Promise<CachePerformance>
  /** Row A23. */
  session(userId: string): Promise<SessionStats>
  /** Writes what this process has counted. */
  flush(): Promise<void>
  /** Counts reads of the cache, and writes every five seconds. */
  start(): void
  close(): Promise<void>
}

/** Milliseconds between writes of what was counted. */
const pause = 5_000

/** Opens the figures of a process. */
export function openFigures(options: {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  readonly clock?: Clock
  readonly onError: (error: unknown) => void
}): Figures {
  const { cache, database, now, clock = systemClock, onError } = options
  const counters = createCounters(database, now)
  const gauges = createGauges(database, now)
  const realtime = cache.open(statsSystemRealtimeSpace)
  const users = cache.open(enterpriseUsersActiveSpace)
  const centers = cache.open(costCenterDailySpace)
  const hourly = cache.open(cachePerformanceHourlySpace)
  const sessions = cache.open(statsSessionSpace)
  let stopWatching: (() => void) | undefined
  let timer: Timer | undefined
  let closed = false
  let writing = Promise.resolve()

  async function flush(): Promise<void> {
    await counters.flush()
    await gauges.report()
  }

  /** What the lowest tier has, which is what all processes share. */
  async function stored(): Promise<{ entries: number; bytes: number }> {
    const tiers = await cache.tiers()
    const { entries, bytes } = tiers.at(-1) ?? { entries: 0, bytes: 0 }
    return { entries, bytes }
  }

  function tick(): void {
    timer = clock.setTimeout(
      () => {
        writing = flush()
          .catch(onError)
          .finally(() => {
            if (!closed) tick()
          })
      },
      pause,
      { background: true },
    )
  }

  return {
    counters,
    async system() {
      return realtime.getOrLoad({}, async () => {
        await flush()
        return loadSystemMetrics(database, now())
      })
    },
    enterprise: () => users.getOrLoad({}, () => loadEnterpriseUsers(database, now())),
    async costCenter(code, yyyymmdd) {
      if (spanOfDay(yyyymmdd) === undefined) return undefined
      return centers.getOrLoad({ code, yyyymmdd }, () =>
        loadCostCenterDay(database, { code, yyyymmdd }, now()),
      )
    },
    async performance() {
      return hourly.getOrLoad({}, async () => {
        await flush()
        return loadCachePerformance(database, now(), await stored())
      })
    },
    session: (userId) =>
      sessions.getOrLoad({ user_id: userId }, () => loadSessionStats(database, userId, now())),
    flush,
    start() {
      stopWatching = watchCache(counters)
      writing = database
        .query(statements.forgetFigures, [new Date(now().getTime() - 2 * 24 * 60 * minute)])
        .then(() => undefined, onError)
      tick()
    },
    async close() {
      closed = true
      timer?.cancel()
      stopWatching?.()
      await writing
      await counters.flush().catch(onError)
      await gauges.end().catch(onError)
    },
  }
}
