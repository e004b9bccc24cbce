import type { Cache, CacheStats, SpaceStats } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { addTierHistogram } from './tier-histogram.ts'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** The figures of a process in the text format of Prometheus; units are seconds and bytes, labels are bounded. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** Adds a gauge: its values by the values of one label, which have to be few; asked when the figures are. */
  gauge(
    what: { readonly name: string; readonly help: string; readonly label?: string },
    read: () => Iterable<readonly [string, number]>,
  ): void
}

/** Counters and gauges by space: name, help, and where the figure is. */
const bySpace = [
  ['misses_total', 'Reads that found nothing fresh', (space) => space.misses],
  [
    'stale_serves_total',
    'Reads answered with an expired value within its windows',
    (space) => space.staleServes,
  ],
  ['loads_total', 'Loads that were begun, those that failed, too', (space) => space.loads],
  ['load_failures_total', 'Loads that failed', (space) => space.loadFailures],
  ['load_seconds_total', 'Time spent in successful loads', (space) => space.loadTime / 1000],
  ['coalesced_total', 'Reads that shared a load under way', (space) => space.coalesced],
  ['sets_total', 'Writes', (space) => space.sets],
  ['deletes_total', 'Deletions', (space) => space.deletes],
  ['errors_total', 'Tier failures and unreadable values', (space) => space.errors],
  [
    'avoided_cost_total',
    'Cost of the loads that hits and shared loads avoided',
    (space) => space.avoidedCost,
  ],
  ['memory_entries', 'Entries in memory', (space) => space.memoryEntries],
  ['memory_bytes', 'Bytes in memory', (space) => space.memoryBytes],
] as const satisfies readonly (readonly [string, string, (space: SpaceStats) => number])[]

const ofCache = [
  ['flights', 'Loads under way', (stats) => stats.flights],
  ['evictions_total', 'Entries removed from memory for room', (stats) => stats.evictions],
  ['expirations_total', 'Entries removed after their end', (stats) => stats.expirations],
] as const satisfies readonly (readonly [string, string, (stats: CacheStats) => number])[]

/** How a process follows the log of a shared store; nothing where there is none. */
const ofLog = [
  ['log_lag_records', 'Records of the log that were not applied at the last look', ({ lag }) => lag],
  [
    'log_confirmed_seconds',
    'Time since all of the log was known to be applied',
    ({ confirmedFor }) => confirmedFor / 1000,
  ],
] as const satisfies readonly (readonly [string, string, (log: NonNullable<CacheStats['log']>) => number])[]

/** Counting what a tier holds may walk all of it: not more often than this, in milliseconds. */
const countEvery = 60_000

/** Makes the registry of one service: process figures, HTTP times, and the cache as it is when asked. */
export function createMetrics(app: FastifyInstance, cache: Cache): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  figure('hits_total', 'Fresh answers', ['space', 'tier'], () =>
    cache
      .stats()
      .spaces.flatMap(({ space, hits }) =>
        Object.entries(hits).map(([tier, value]) => ({ labels: { space, tier }, value })),
      ),
  )
  for (const [name, help, read] of bySpace) {
    figure(name, help, ['space'], () =>
      cache.stats().spaces.map((space) => ({ labels: { space: space.space }, value: read(space) })),
    )
  }
  for (const [name, help, read] of ofCache) {
    figure(name, help, [], () => [{ labels: {}, value: read(cache.stats()) }])
  }
  for (const [name, help, read] of ofLog) {
    figure(name, help, [], () => {
      const { log } = cache.stats()
      return log === undefined ? [] : [{ labels: {}, value: read(log) }]
    })
  }
  const readTiers = tierFigures(cache, registers)
  addTierHistogram(cache, registers)
  observeRequests(app, registers)

  function figure(
    name: string,
    help: string,
    labelNames: string[],
    read: () => readonly { readonly labels: Record<string, string>; readonly value: number }[],
  ): void {
    const options = { name: `reprise_cache_${name}`, help, labelNames, registers }
    if (name.endsWith('_total')) {
      const counter = new Counter({
        ...options,
        collect() {
          counter.reset()
          for (const { labels, value } of read()) counter.inc(labels, value)
        },
      })
      return
    }
    const gauge = new Gauge({
      ...options,
      collect() {
        gauge.reset()
        for (const { labels, value } of read()) gauge.set(labels, value)
      },
    })
  }

  return {
    contentType: registry.contentType,
    async text() {
      await readTiers()
      return registry.metrics()
    },
    gauge({ name, help, label }, read) {
      const labelNames = label === undefined ? [] : [label]
      const gauge = new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          gauge.reset()
          for (const [value, amount] of read())
            gauge.set(label === undefined ? {} : { [label]: value }, amount)
        },
      })
    },
  }
}

/** Registers the figures by tier; the function returned reads them. */
function tierFigures(cache: Cache, registers: Registry[]): () => Promise<void> {
  const make = (name: string, help: string): Gauge =>
    new Gauge({ name: `reprise_cache_tier_${name}`, help, labelNames: ['tier'], registers })
  const entries = make('entries', 'Entries in a tier')
  const bytes = make('bytes', 'Bytes in a tier')
  const reachable = make('reachable', '1 when a tier can be reached, else 0')
  let countedAt = -Infinity
  return async () => {
    if (performance.now() - countedAt < countEvery) return
    countedAt = performance.now()
    for (const report of await cache.tiers()) {
      entries.set({ tier: report.name }, report.entries)
      bytes.set({ tier: report.name }, report.bytes)
      reachable.set({ tier: report.name }, report.reachable ? 1 : 0)
    }
  }
}

/** Times every request by method, route pattern and status; unknown addresses share one label. */
function observeRequests(app: FastifyInstance, registers: Registry[]): void {
  const histogram = new Histogram({
    name: 'reprise_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  })
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.stream === true) return
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown')
    histogram.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
}
