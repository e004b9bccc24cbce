import { type DataOf, type Routes, routes } from '@reprise/api'
import {
  type BoundSpace,
  type Cache,
  type CacheCounts,
  type SpaceStats,
  type TtlAdvice,
  milliseconds,
} from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { registerRoute } from '../http/register-route.ts'

/** Registers the routes of the catalog, of hot keys and of advice. */
export function registerSpaceRoutes(app: FastifyInstance, cache: Cache): void {
  registerRoute(app, routes.spaceList, async () => {
    const counts = await cache.counts()
    const stats = new Map(cache.stats().spaces.map((one) => [one.space, one]))
    const items = cache.catalog.spaces.map((space) =>
      spaceRowOf(space, { counts, stats: stats.get(space.name) }),
    )
    return { data: { items, counted_at: new Date(counts.countedAt).toISOString() } }
  })
  registerRoute(app, routes.spaceRead, async ({ params }) => {
    const bound = cache.catalog.find(params.space)
    const counts = await cache.counts()
    const stats = cache.stats().spaces.find(({ space }) => space === bound.name)
    const [advice] = cache.advise(bound.space)
    return {
      data: {
        space: spaceRowOf(bound, { counts, stats }),
        advice: adviceOf(advice as TtlAdvice),
        counted_at: new Date(counts.countedAt).toISOString(),
      },
    }
  })
  registerRoute(app, routes.hotKeys, ({ query }) => ({
    data: { items: cache.hotKeys(query.limit).map((key) => ({ ...key, share: Math.min(1, key.share) })) },
  }))
  registerRoute(app, routes.ttlAdvice, () => ({ data: { items: cache.advise().map(adviceOf) } }))
}

function spaceRowOf(
  { name, space, settings }: BoundSpace,
  { counts, stats }: { readonly counts: CacheCounts; readonly stats: SpaceStats | undefined },
): DataOf<Routes['spaceList']>['items'][number] {
  const count = counts.spaces.get(name)
  const hits = Object.values(stats?.hits ?? {}).reduce((sum, some) => sum + some, 0)
  const misses = stats?.misses ?? 0
  const staleServes = stats?.staleServes ?? 0
  const reads = hits + misses + staleServes
  const loads = stats?.loads ?? 0
  const { ttl, length } = shownTtl(settings.ttl)
  return {
    space: name,
    template: space.key,
    tenant_param: space.tenant ?? null,
    secret: space.secret,
    format: settings.text ? 'text' : settings.format,
    ttl,
    ttl_seconds: length === undefined ? null : Math.max(0, length) / 1_000,
    stale_while_revalidate_seconds: settings.staleWhileRevalidate / 1_000,
    stale_if_error_seconds: settings.staleIfError / 1_000,
    consistency:
      settings.trust === Infinity
        ? 'eventual'
        : settings.trust === 0
          ? 'strict'
          : `bounded ${settings.trust / 1_000} s`,
    tiers: counts.tiers.map((tier) => tier.name),
    entries: count?.entries ?? 0,
    bytes: count?.bytes ?? 0,
    memory_entries: stats?.memoryEntries ?? 0,
    memory_bytes: stats?.memoryBytes ?? 0,
    hits,
    misses,
    stale_serves: staleServes,
    hit_rate: reads === 0 ? 0 : hits / reads,
    loads,
    load_failures: stats?.loadFailures ?? 0,
    mean_load_seconds: loads === 0 ? null : (stats?.loadTime ?? 0) / loads / 1_000,
    coalesced: stats?.coalesced ?? 0,
    sets: stats?.sets ?? 0,
    deletes: stats?.deletes ?? 0,
    errors: stats?.errors ?? 0,
    avoided_cost: stats?.avoidedCost ?? 0,
  }
}

/** A TTL in words, and its length where it is of one. */
function shownTtl(ttl: BoundSpace['settings']['ttl']): { ttl: string; length?: number } {
  if (typeof ttl === 'function') return { ttl: 'computed from the value' }
  if (typeof ttl === 'object') return { ttl: ttl.describes }
  if (ttl === Infinity) return { ttl: 'for ever' }
  const length = milliseconds(ttl)
  return { ttl: typeof ttl === 'string' ? ttl : `${length / 1_000}s`, length }
}

function adviceOf(advice: TtlAdvice): DataOf<Routes['ttlAdvice']>['items'][number] {
  const seconds = (length: number | undefined): number | null =>
    length === undefined || !Number.isFinite(length) ? null : length / 1_000
  return {
    space: advice.space,
    advice: advice.advice,
    reason: advice.reason,
    suggested_ttl_seconds: seconds(advice.suggestedTtl),
    ttl_seconds: seconds(advice.ttl),
    entries: Math.round(advice.entries),
    never_read: advice.neverRead,
    in_use: advice.inUse,
    last_hit_age_median_seconds: seconds(advice.lastHitAge?.median),
    last_hit_age_p95_seconds: seconds(advice.lastHitAge?.p95),
  }
}
