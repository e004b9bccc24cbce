import type { Database } from '@reprise/database'
import type { CachePerformance, SessionStats, SystemMetrics } from '../catalog/metrics.ts'
import { minute, readSums } from './counters.ts'
import * as statements from './statements.ts'
import { readNames } from './watch-cache.ts'

interface Named {
  readonly name: string | null
  readonly count: number
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole))
const mean = (sum: number, count: number): number => (count === 0 ? 0 : round(sum / count))
const round = (value: number): number => Math.round(value * 100) / 100

/** Counts by name, those without a name left out. */
export function byName(rows: readonly Named[]): Record<string, number> {
  return Object.fromEntries(rows.flatMap(({ name, count }) => (name === null ? [] : [[name, count]])))
}

async function one<Row extends object>(
  database: Database,
  text: string,
  values: readonly unknown[],
): Promise<Row> {
  const { rows } = await database.query<Row>(text, values)
  if (rows[0] === undefined) throw new Error('A figure has no row')
  return rows[0]
}

/** The spaces that sums have reads of. */
export function spacesIn(names: readonly string[]): string[] {
  const found = names.flatMap((name) => /^cache:(\w+):(?:hits|misses)$/.exec(name)?.[1] ?? [])
  return [...new Set(found)].toSorted((left, right) => left.localeCompare(right))
}

/**
 * The system as it is (section 10.1, row A11): processor, memory, sessions and connections now; requests and their times
 * of the last one to two minutes, errors of five, cache reads of the last hour; recognitions and calls of the last day.
 */
export async function loadSystemMetrics(database: Database, now: Date): Promise<SystemMetrics> {
  const ago = (milliseconds: number): Date => new Date(now.getTime() - milliseconds)
  const recently = new Date(Math.floor(now.getTime() / minute - 1) * minute)
  const last = await readSums(database, recently)
  const five = await readSums(database, ago(5 * minute))
  const hour = await readSums(database, ago(60 * minute))
  const day = await readSums(database, ago(24 * 60 * minute))
  const gauges = await one<{ cpu: number; memory: number }>(database, statements.readGauges, [ago(minute)])
  const sessions = await one<{ sessions: number; enterprise_users: number }>(
    database,
    statements.countSessions,
    [now],
  )
  const recognised = await one<{
    total: number
    successful: number
    ambiguous: number
    fallback: number
    confidence: number
  }>(database, statements.countRecognitions, [ago(24 * 60 * minute)])
  const { connections } =
    database.engine === 'pglite'
      ? { connections: 1 }
      : await one<{ connections: number }>(database, statements.countConnections, [])
  const { pending } = await one<{ pending: number }>(database, statements.countApprovals, [])
  const centers = await database.query<Named>(statements.usersByCostCenter, [now])
  const reads = (kind: 'hits' | 'misses'): number =>
    spacesIn(hour.names).reduce((total, space) => total + hour.sum(readNames(space)[kind]), 0)
  return {
    timestamp: now.toISOString(),
    system_metrics: {
      cpu_usage_percent: round(gauges.cpu),
      memory_usage_percent: round(gauges.memory),
      active_sessions: sessions.sessions,
      requests_per_second: round(last.sum('requests') / ((now.getTime() - recently.getTime()) / 1000)),
      average_response_time_ms: mean(last.sum('request_ms'), last.sum('requests')),
      cache_hit_rate: round(share(reads('hits'), reads('hits') + reads('misses'))),
      database_connections: connections,
      error_rate_5min: round(share(five.sum('request_errors'), five.sum('requests'))),
    },
    intent_metrics: {
      total_intent_recognitions: recognised.total,
      successful_recognitions: recognised.successful,
      ambiguous_cases: recognised.ambiguous,
      fallback_cases: recognised.fallback,
      average_confidence: round(recognised.confidence),
    },
    api_metrics: {
      total_api_calls: day.sum('api_calls'),
      successful_calls: day.sum('api_calls') - day.sum('api_failures'),
      failed_calls: day.sum('api_failures'),
      average_api_response_time_ms: mean(day.sum('api_ms'), day.sum('api_calls')),
      timeout_rate: round(share(day.sum('api_timeouts'), day.sum('api_calls'))),
    },
    enterprise_metrics: {
      enterprise_users_active: sessions.enterprise_users,
      approval_pending_count: pending,
      cost_center_distribution: byName(centers.rows),
    },
  }
}

/** This hour of the cache by kind of key (section 13.1, row A15), over all processes. `stored` is what the tiers have. */
export async function loadCachePerformance(
  database: Database,
  now: Date,
  stored: { readonly entries: number; readonly bytes: number },
): Promise<CachePerformance> {
  const hour = new Date(Math.floor(now.getTime() / (60 * minute)) * 60 * minute)
  const { sum, names } = await readSums(database, hour)
  const spaces = spacesIn(names).map((space) => {
    const [hits, misses] = [sum(readNames(space).hits), sum(readNames(space).misses)]
    const times = { hit: sum(readNames(space).hitTime), miss: sum(readNames(space).missTime) }
    return { space, hits, misses, ...times }
  })
  const total = (kind: 'hits' | 'misses' | 'hit' | 'miss'): number =>
    spaces.reduce((result, space) => result + space[kind], 0)
  const [hits, misses] = [total('hits'), total('misses')]
  return {
    hour: hour.toISOString(),
    cache_statistics: {
      total_requests: hits + misses,
      cache_hits: hits,
      cache_misses: misses,
      hit_rate: round(share(hits, hits + misses)),
      avg_hit_response_time_ms: mean(total('hit'), hits),
      avg_miss_response_time_ms: mean(total('miss'), misses),
    },
    key_type_performance: Object.fromEntries(
      spaces.map((space) => {
        const requests = space.hits + space.misses
        return [space.space, { requests, hits: space.hits, hit_rate: round(share(space.hits, requests)) }]
      }),
    ),
    memory_usage: {
      total_keys: stored.entries,
      memory_usage_mb: round(stored.bytes / 1024 / 1024),
      expired_keys: sum('cache_expired'),
      evicted_keys: sum('cache_evicted'),
    },
  }
}

/** The sessions of one user (template `stats_session`, row A23). */
export async function loadSessionStats(database: Database, userId: string, now: Date): Promise<SessionStats> {
  const { sessions, active, last_active } = await one<{
    sessions: number
    active: number
    last_active: Date | null
  }>(database, statements.statsOfUser, [userId, now])
  const { rows } = await database.query<Named>(statements.turnsOfUser, [userId])
  const turns = rows.reduce((total, { count }) => total + count, 0)
  return {
    user_id: userId,
    total_sessions: sessions,
    active_sessions: active,
    total_turns: turns,
    average_turns_per_session: mean(turns, sessions),
    intent_distribution: byName(rows),
    last_active_at: last_active?.toISOString() ?? null,
    calculated_at: now.toISOString(),
  }
}
