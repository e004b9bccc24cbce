import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Cache, EntryItem, SpaceStats, TierReport } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { sharedInTurn } from '../http/in-turn.ts'
import { registerRoute } from '../http/register-route.ts'
import { tierTimesOf } from './latencies.ts'

/** The three groups that the statistics count (row B2). */
export type Category = 'stock' | 'news' | 'analysis'

/** Which spaces belong to which group, by space name. */
export type Categories = Readonly<Record<string, Category>>

const day = 86_400_000

/** Registers the five routes of row B2 over a cache. */
export function registerCacheRoutes(
  app: FastifyInstance,
  cache: Cache,
  options: { readonly categories: Categories; readonly now: () => number },
): void {
  const { categories, now } = options
  const stats = sharedInTurn(async () => readStats(cache, categories))
  registerRoute(app, routes.cacheStats, async () => ({
    data: await stats(),
    shared: true,
    message: '获取缓存统计成功',
  }))
  registerRoute(app, routes.cacheCleanup, async ({ query: { days }, audit }) => {
    const report = await cache.cleanup({ createdBefore: now() - days * day })
    audit.tell({ removed: report.removed, bytes: report.bytes })
    const tiers = report.tiers.map(({ tier, removed, bytes }) => ({ tier, removed, bytes }))
    return {
      data: { days, removed: report.removed, bytes: report.bytes, tiers },
      message: `已清理 ${days} 天前的缓存`,
    }
  })
  registerRoute(app, routes.cacheClear, async ({ audit }) => {
    const { removed, bytes } = await cache.clear()
    audit.tell({ removed, bytes })
    return { data: { removed, bytes }, message: '所有缓存已清空' }
  })
  registerRoute(app, routes.cacheDetails, async ({ query }) => {
    const { items, total } = await cache.entries({ page: query.page, pageSize: query.page_size })
    return {
      data: { items: items.map(describeEntry), total, page: query.page, page_size: query.page_size },
      message: '获取缓存详情成功',
    }
  })
  registerRoute(app, routes.cacheBackendInfo, async () => ({
    data: describeBackends(await cache.tiers()),
    message: '获取缓存后端信息成功',
  }))
}

async function readStats(cache: Cache, categories: Categories): Promise<DataOf<Routes['cacheStats']>> {
  const { entries, spaces, tiers } = await cache.counts()
  const stats = cache.stats()
  const countOf = (category: Category): number =>
    sum([...spaces].map(([space, count]) => (categories[space] === category ? count.entries : 0)))
  return {
    totalFiles: entries,
    totalSize: sum(tiers.map(({ bytes }) => bytes)),
    maxSize: sum(tiers.map(({ maxBytes = 0 }) => maxBytes)),
    stockDataCount: countOf('stock'),
    newsDataCount: countOf('news'),
    analysisDataCount: countOf('analysis'),
    hit_rate: stats.hitRate,
    hits: sum(Object.values(stats.total.hits)),
    misses: stats.total.misses,
    loads: stats.total.loads,
    spaces: stats.spaces.map(describeSpace),
    tiers: tiers.map(describeTier),
    tier_times: tierTimesOf(stats.tierLatencies),
  }
}

function describeSpace(stats: SpaceStats) {
  return {
    space: stats.space,
    hits: { ...stats.hits },
    misses: stats.misses,
    stale_serves: stats.staleServes,
    loads: stats.loads,
    load_failures: stats.loadFailures,
    load_seconds: stats.loadTime / 1000,
    coalesced: stats.coalesced,
    sets: stats.sets,
    deletes: stats.deletes,
    errors: stats.errors,
    memory_entries: stats.memoryEntries,
    memory_bytes: stats.memoryBytes,
    avoided_cost: stats.avoidedCost,
  }
}

function describeTier({ name, reachable, durable, entries, bytes, maxBytes, error }: TierReport) {
  return {
    name,
    reachable,
    durable,
    entries,
    bytes,
    ...(maxBytes === undefined ? {} : { max_bytes: maxBytes }),
    ...(error === undefined ? {} : { error }),
  }
}

function describeEntry(entry: EntryItem) {
  const parameters = Object.entries(entry.params).map(([name, value]) => `${name}=${value}`)
  return {
    type: entry.space,
    symbol: parameters.join(', '),
    key: entry.key,
    size: entry.bytes,
    created_at: new Date(entry.createdAt).toISOString(),
    last_accessed: entry.lastReadAt === undefined ? null : new Date(entry.lastReadAt).toISOString(),
    hit_count: entry.hits,
    expires_at: Number.isFinite(entry.freshUntil) ? new Date(entry.freshUntil).toISOString() : null,
    tiers: [...entry.tiers],
    model: entry.meta.model ?? 'unknown',
    strategy: entry.meta.strategy ?? 'unknown',
  }
}

/** The primary backend is the nearest durable tier that can be reached, else the first. */
function describeBackends(tiers: readonly TierReport[]): DataOf<Routes['cacheBackendInfo']> {
  const primary = tiers.find(({ durable, reachable }) => durable && reachable) ?? tiers[0]
  const redis = tiers.find(({ name }) => name === 'redis')
  return {
    system: 'reprise',
    primary_backend: primary?.name ?? 'memory',
    fallback_enabled: tiers.length > 1,
    mongodb_available: false,
    redis_available: redis?.reachable ?? false,
    tiers: tiers.map(describeTier),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
