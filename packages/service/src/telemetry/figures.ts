import { type Histogram, type ObservableCallback, metrics } from '@opentelemetry/api'
import { version } from '../version.ts'
import { scope } from './spans.ts'

/** One value of a figure, by its labels. */
export interface Reading {
  readonly labels: Record<string, string>
  readonly value: number
}

const units = { seconds: 's', bytes: 'By' } as const

/**
 * Gives a figure of `/metrics` to OpenTelemetry as well: read when its reader collects, and never where no SDK is
 * registered. Named so that an exporter for Prometheus gives it its name there: `reprise_cache_load_seconds_total` is
 * the counter `reprise.cache.load` with the unit `s`. Returns what ends it.
 */
export function mirrorFigure(
  figure: { readonly name: string; readonly help: string },
  read: () => Iterable<Reading> | Promise<Iterable<Reading>>,
): () => void {
  const { isCounter, name, unit } = otelName(figure.name)
  const meter = metrics.getMeter(scope, version)
  const options = { description: figure.help, ...(unit === undefined ? {} : { unit }) }
  const instrument = isCounter
    ? meter.createObservableCounter(name, options)
    : meter.createObservableGauge(name, options)
  const observe: ObservableCallback = async (result) => {
    for (const { labels, value } of await read()) result.observe(value, labels)
  }
  instrument.addCallback(observe)
  return () => instrument.removeCallback(observe)
}

/** A histogram of `/metrics` in OpenTelemetry, with the same bounds; each duration is recorded in both. */
export function mirrorHistogram(figure: {
  readonly name: string
  readonly help: string
  readonly buckets: number[]
}): Histogram {
  const { name, unit = '' } = otelName(figure.name)
  const advice = { explicitBucketBoundaries: figure.buckets }
  return metrics.getMeter(scope, version).createHistogram(name, { description: figure.help, unit, advice })
}

/** A name of Prometheus as OpenTelemetry has it: dots between the first words, no unit and no `_total`. */
function otelName(prometheus: string): {
  readonly isCounter: boolean
  readonly name: string
  readonly unit: string | undefined
} {
  const isCounter = prometheus.endsWith('_total')
  const bare = isCounter ? prometheus.slice(0, -'_total'.length) : prometheus
  const [suffix, unit] = Object.entries(units).find(([word]) => bare.endsWith(`_${word}`)) ?? []
  const stem = suffix === undefined ? bare : bare.slice(0, -suffix.length - 1)
  return {
    isCounter,
    name: stem.replace(/^reprise_(cache_|http_)?/, (words) => words.replaceAll('_', '.')),
    unit,
  }
}
