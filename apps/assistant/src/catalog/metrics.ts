import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { counts, instant, share } from './json.ts'
import { lifeOf } from './ttl.ts'

/** Live figures of the whole system (section 10.1, row A11). Rates are shares from 0 to 1. */
export const SystemMetrics = z.looseObject({
  timestamp: instant,
  system_metrics: z.looseObject({
    cpu_usage_percent: z.number(),
    memory_usage_percent: z.number(),
    active_sessions: z.int(),
    requests_per_second: z.number(),
    average_response_time_ms: z.number(),
    cache_hit_rate: share,
    database_connections: z.int(),
    error_rate_5min: share,
  }),
  intent_metrics: z.looseObject({
    total_intent_recognitions: z.int(),
    successful_recognitions: z.int(),
    ambiguous_cases: z.int(),
    fallback_cases: z.int(),
    average_confidence: share,
  }),
  api_metrics: z.looseObject({
    total_api_calls: z.int(),
    successful_calls: z.int(),
    failed_calls: z.int(),
    average_api_response_time_ms: z.number(),
    timeout_rate: share,
  }),
  enterprise_metrics: z.looseObject({
    enterprise_users_active: z.int(),
    approval_pending_count: z.int(),
    cost_center_distribution: counts,
  }),
})
export type SystemMetrics = z.infer<typeof SystemMetrics>

/** Figures of one user's sessions (template `stats_session`, row A23; shape ours). */
export const SessionStats = z.looseObject({
  user_id: z.string(),
  total_sessions: z.int(),
  active_sessions: z.int(),
  total_turns: z.int(),
  average_turns_per_session: z.number(),
  intent_distribution: counts,
  last_active_at: instant.nullable(),
  calculated_at: instant,
})
export type SessionStats = z.infer<typeof SessionStats>

/** An hour of the cache by kind of key (section 13.1, row A15). */
export const CachePerformance = z.looseObject({
  hour: instant,
  cache_statistics: z.looseObject({
    total_requests: z.int(),
    cache_hits: z.int(),
    cache_misses: z.int(),
    hit_rate: share,
    avg_hit_response_time_ms: z.number(),
    avg_miss_response_time_ms: z.number(),
  }),
  key_type_performance: z.record(
    z.string(),
    z.looseObject({ requests: z.int(), hits: z.int(), hit_rate: share }),
  ),
  memory_usage: z.looseObject({
    total_keys: z.int(),
    memory_usage_mb: z.number(),
    expired_keys: z.int(),
    evicted_keys: z.int(),
  }),
})
export type CachePerformance = z.infer<typeof CachePerformance>

/** `stats:system:realtime` (section 10.1, row A11). */
export const statsSystemRealtimeSpace = defineSpace({
  name: 'stats_system_realtime',
  key: 'stats:system:realtime',
  schema: SystemMetrics,
  ttl: lifeOf('stats_system_realtime'),
  format: 'document',
})

/** `stats:session:{user_id}` (section 1.1, row A23). */
export const statsSessionSpace = defineSpace({
  name: 'stats_session',
  key: 'stats:session:{user_id}',
  schema: SessionStats,
  ttl: lifeOf('stats_session'),
  format: 'document',
  tags: ({ user_id }) => [`user:${user_id}`],
})

/** `cache:performance:hourly` (section 13.1, row A15). */
export const cachePerformanceHourlySpace = defineSpace({
  name: 'cache_performance_hourly',
  key: 'cache:performance:hourly',
  schema: CachePerformance,
  ttl: lifeOf('cache_performance_hourly'),
  format: 'document',
})
