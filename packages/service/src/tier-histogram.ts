import { type Cache, type Latency, latencyBounds } from '@reprise/cache'
import { Histogram, type MetricValueWithName, type Registry } from 'prom-client'
import { mirrorTierCalls } from './telemetry/tier-calls.ts'

const name = 'reprise_cache_tier_call_duration_seconds'
const help = 'Time of reads and writes of each tier below memory'

/** Of the cache's buckets those that Prometheus gets: each twice the one before. */
const places = latencyBounds.map((_, place) => place).filter((place) => place % 2 === 0)
const boundAt = (place: number): number => (latencyBounds[place] as number) / 1_000

function linesOf(labels: Readonly<Record<string, string>>, { count, time, buckets }: Latency) {
  const line = (
    end: string,
    value: number,
    le?: number | string,
  ): MetricValueWithName<'tier' | 'operation' | 'le'> => ({
    metricName: `${name}_${end}`,
    labels: le === undefined ? labels : { le, ...labels },
    value,
  })
  const within = (place: number): number => buckets.slice(0, place + 1).reduce((sum, some) => sum + some, 0)
  return [
    ...places.map((place) => line('bucket', within(place), boundAt(place))),
    line('bucket', count, '+Inf'),
    line('sum', time / 1_000),
    line('count', count),
  ]
}

/**
 * Registers the times of the calls of each tier. The cache has counted them: prom-client, which would itself, only writes
 * them. OpenTelemetry is told of each call. Returns what ends that.
 */
export function addTierHistogram(cache: Cache, registers: Registry[]): () => void {
  const histogram = new Histogram({ name, help, labelNames: ['tier', 'operation'], buckets: [], registers })
  // What the registry asks a histogram; the types of prom-client leave it out.
  Object.assign(histogram, {
    async getForPromString() {
      const values = cache
        .stats()
        .tierLatencies.flatMap(({ tier, reads, writes }) => [
          ...linesOf({ tier, operation: 'read' }, reads),
          ...linesOf({ tier, operation: 'write' }, writes),
        ])
      return { name, help, type: 'histogram', aggregator: 'sum', values }
    },
  })
  return mirrorTierCalls({ name, help, buckets: places.map(boundAt) })
}
