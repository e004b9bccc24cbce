import { createNoopMeter, metrics } from '@opentelemetry/api'
import { onEvent } from '@reprise/cache'
import { mirrorHistogram } from './figures.ts'
import { scope } from './spans.ts'

let users = 0
let stop = (): void => {}

/**
 * Records how long the calls of the tiers of this process take in a histogram of OpenTelemetry. Where no SDK is
 * registered nothing listens. Several services of a process share it, or each would record all calls. Returns what ends it.
 */
export function mirrorTierCalls(figure: Parameters<typeof mirrorHistogram>[0]): () => void {
  if (metrics.getMeter(scope) === createNoopMeter()) return () => {}
  users += 1
  if (users === 1) {
    const mirror = mirrorHistogram(figure)
    stop = onEvent('tier-called', ({ tier, operation, milliseconds }) =>
      mirror.record(milliseconds / 1_000, { tier, operation }),
    )
  }
  return () => {
    users -= 1
    if (users === 0) stop()
  }
}
