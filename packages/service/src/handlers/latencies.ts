import type { latency, tierTimes } from '@reprise/api'
import { type CacheStats, type Latency, latencyQuantile } from '@reprise/cache'
import type { z } from 'zod'

/** Durations as the API tells them. */
export function latencyOf(counted: Latency): z.infer<typeof latency> {
  const seconds = (share: number): number | null => {
    const quantile = latencyQuantile(counted, share)
    return quantile === undefined ? null : quantile / 1_000
  }
  return { calls: counted.count, p50_seconds: seconds(0.5), p99_seconds: seconds(0.99) }
}

/** How long the calls of each tier took, as the API tells it. */
export function tierTimesOf(latencies: CacheStats['tierLatencies']): z.infer<typeof tierTimes>[] {
  return latencies.map(({ tier, reads, writes }) => ({
    tier,
    reads: latencyOf(reads),
    writes: latencyOf(writes),
  }))
}
