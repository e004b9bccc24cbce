import type { Cache, CacheStats, SpaceStats, TierReport } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { addTierHistogram } from './tier-histogram.ts'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { type Reading, mirrorFigure, mirrorHistogram } from './telemetry/figures.ts'

/**
 * The figures of a process in the text format of Prometheus; units are seconds and bytes, labels are bounded. Where an
 * SDK of OpenTelemetry is registered it has those of the service, too.
 */
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

const tierFigures = [
  ['entries', 'Entries in a tier', (report) => report.entries],
  ['bytes', 'Bytes in a tier', (report) => report.bytes],
  ['reachable', '1 when a tier can be reached, else 0', (report) => (report.reachable ? 1 : 0)],
] as const satisfies readonly (readonly [string, string, (report: TierReport) => number])[]

/** Makes the registry of one service, until its app is closed: process figures, HTTP times, and the cache as it is when asked. */
export function createMetrics(app: FastifyInstance, cache: Cache): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const mirrors: (() => void)[] = []
  app.addHook('onClose', async () => mirrors.forEach((stop) => stop()))
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
  const readTiers = tierReports(cache)
  for (const [name, help, read] of tierFigures) {
    figure(`tier_${name}`, help, ['tier'], async () =>
      (await readTiers()).map((report) => ({ labels: { tier: report.name }, value: read(report) })),
    )
  }
  mirrors.push(addTierHistogram(cache, registers))
  observeRequests(app, registers)

  function figure(
    name: string,
    help: string,
    labelNames: string[],
    read: () => readonly Reading[] | Promise<readonly Reading[]>,
  ): void {
    add({ name: `reprise_cache_${name}`, help, labelNames }, read)
  }

  function add(
    what: { readonly name: string; readonly help: string; readonly labelNames: string[] },
    read: () => readonly Reading[] | Promise<readonly Reading[]>,
  ): void {
    mirrors.push(mirrorFigure(what, read))
    const isCounter = what.name.endsWith('_total')
    const metric: Counter | Gauge = new (isCounter ? Counter : Gauge)({
      ...what,
      registers,
      async collect() {
        const readings = await read()
        metric.reset()
        for (const { labels, value } of readings) metric.inc(labels, value)
      },
    })
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    gauge({ name, help, label }, read) {
      add({ name, help, labelNames: label === undefined ? [] : [label] }, () =>
        [...read()].map(([text, value]) => ({ labels: label === undefined ? {} : { [label]: text }, value })),
      )
    },
  }
}

/** Looks at the tiers, but not more often than they may be counted. */
function tierReports(cache: Cache): () => Promise<readonly TierReport[]> {
  let countedAt = -Infinity
  let reports: Promise<readonly TierReport[]> = Promise.resolve([])
  return () => {
    if (performance.now() - countedAt >= countEvery) {
      countedAt = performance.now()
      reports = cache.tiers()
      reports.catch(() => (countedAt = -Infinity))
    }
    return reports
  }
}

/** Times every request by method, route pattern and status; unknown addresses share one label. */
function observeRequests(app: FastifyInstance, registers: Registry[]): void {
  const what = {
    name: 'reprise_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
  }
  const histogram = new Histogram({ ...what, labelNames: ['method', 'route', 'status'], registers })
  const mirror = mirrorHistogram(what)
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.stream === true) return
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown')
    const labels = { method: request.method, route, status: reply.statusCode }
    histogram.observe(labels, reply.elapsedTime / 1000)
    mirror.record(reply.elapsedTime / 1000, labels)
  })
}
