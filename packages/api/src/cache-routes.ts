import { z } from 'zod'
import { tierTimes } from './history-routes.ts'
import type { Route } from './route.ts'
import { count, instant, queryNumber } from './text-fields.ts'

const amount = z.number().nonnegative()

/** Figures of one space since the service started; times are seconds, sizes bytes. */
export const spaceFigures = z.strictObject({
  space: z.string(),
  hits: z.record(z.string(), count).describe('Fresh answers, by tier'),
  misses: count,
  stale_serves: count,
  loads: count,
  load_failures: count,
  load_seconds: amount,
  coalesced: count,
  sets: count,
  deletes: count,
  errors: count,
  memory_entries: count,
  memory_bytes: amount,
  avoided_cost: z.number(),
})

/** One tier of the cache, and whether it can be reached. */
export const tierFigures = z.strictObject({
  name: z.string(),
  reachable: z.boolean(),
  durable: z.boolean(),
  entries: count,
  bytes: amount,
  max_bytes: amount.optional(),
  error: z.string().optional(),
})

/** The data of `GET /api/cache/stats`. */
export const cacheStats = z.strictObject({
  totalFiles: count.describe('Living entries, each counted once however many tiers hold it'),
  totalSize: amount.describe('Bytes in all tiers'),
  maxSize: amount.describe('Sum of the bounds of the bounded tiers, in bytes; 0 when there is none'),
  stockDataCount: count,
  newsDataCount: count,
  analysisDataCount: count,
  hit_rate: z.number().min(0).max(1),
  hits: count,
  misses: count,
  loads: count,
  spaces: z.array(spaceFigures),
  tiers: z.array(tierFigures),
  tier_times: z.array(tierTimes).describe('Calls of each tier below memory since the process started'),
})

/** One entry of `GET /api/cache/details`. */
export const cacheEntry = z.strictObject({
  type: z.string().describe('Name of the space'),
  symbol: z.string().describe('Parameters of the key, as name=value, name=value'),
  key: z.string(),
  size: amount,
  created_at: instant,
  last_accessed: instant.nullable(),
  hit_count: count,
  expires_at: instant.nullable().describe('End of the fresh life; null for ever'),
  tiers: z.array(z.string()),
  model: z.string().describe('The model that made it, or unknown'),
  strategy: z.string().describe('The strategy that made it, or unknown'),
})

/** The five cache routes of row B2. */
export const cacheRoutes = {
  cacheStats: {
    id: 'cacheStats',
    method: 'GET',
    path: '/api/cache/stats',
    summary: 'Figures of the cache, by space and tier',
    role: 'viewer',
    tag: 'cache',
    data: cacheStats,
    failure: '获取缓存统计失败',
  },
  cacheCleanup: {
    id: 'cacheCleanup',
    method: 'DELETE',
    path: '/api/cache/cleanup',
    summary: 'Remove entries made more than some days ago',
    role: 'operator',
    tag: 'cache',
    query: z.strictObject({ days: queryNumber(1, 30, 7) }),
    data: z.strictObject({
      days: count,
      removed: count,
      bytes: amount,
      tiers: z.array(z.strictObject({ tier: z.string(), removed: count, bytes: amount })),
    }),
    failure: '清理缓存失败',
    audit: 'cache.cleanup',
  },
  cacheClear: {
    id: 'cacheClear',
    method: 'DELETE',
    path: '/api/cache/clear',
    summary: 'Remove every entry of this application and nothing else',
    role: 'admin',
    tag: 'cache',
    data: z.strictObject({ removed: count, bytes: amount }),
    failure: '清空缓存失败',
    audit: 'cache.clear',
  },
  cacheDetails: {
    id: 'cacheDetails',
    method: 'GET',
    path: '/api/cache/details',
    summary: 'Living entries, by page',
    role: 'viewer',
    tag: 'cache',
    query: z.strictObject({
      page: queryNumber(1, 1_000_000, 1),
      page_size: queryNumber(1, 100, 20),
    }),
    data: z.strictObject({ items: z.array(cacheEntry), total: count, page: count, page_size: count }),
    failure: '获取缓存详情失败',
  },
  cacheBackendInfo: {
    id: 'cacheBackendInfo',
    method: 'GET',
    path: '/api/cache/backend-info',
    summary: 'Which tiers are in use and whether each can be reached',
    role: 'viewer',
    tag: 'cache',
    data: z.strictObject({
      system: z.literal('reprise'),
      primary_backend: z.string(),
      fallback_enabled: z.boolean(),
      mongodb_available: z.boolean().optional(),
      redis_available: z.boolean(),
      tiers: z.array(tierFigures),
    }),
    failure: '获取缓存后端信息失败',
  },
} as const satisfies Record<string, Route>
