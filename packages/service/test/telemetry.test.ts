import { channel } from 'node:diagnostics_channel'
import { type Attributes, context, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createCache, defineCatalog, systemClock } from '@reprise/cache'
import { mapTier } from '@reprise/cache/testing'
import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { createMetrics } from '../src/metrics.ts'
import { inSpan, startSpans } from '../src/telemetry/spans.ts'
import { quotes } from './start-service.ts'

afterEach(() => {
  trace.disable()
  context.disable()
  metrics.disable()
})

const secret = { market: 'sh', symbol: 'secret' }

test('without an SDK nothing listens and nothing is wrapped', async () => {
  const stop = startSpans()
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'test', spaces: [quotes] }) })
  createMetrics(Fastify(), cache)
  expect(channel('reprise:tier-failed').hasSubscribers).toBe(false)
  expect(channel('reprise:tier-called').hasSubscribers).toBe(false)
  expect(await inSpan('x', {}, async () => trace.getActiveSpan())).toBeUndefined()
  stop()
  await cache.close()
})

test('loads, invalidations, tasks and failures of tiers are spans under that of their request, hits are none', async () => {
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const stops = [startSpans(), startSpans()]
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'test', spaces: [quotes] }) })
  const handle = cache.open(quotes)
  const tracer = trace.getTracer('test')
  const load = async (): Promise<{ price: number }> => {
    tracer.startSpan('query').end()
    return { price: 1 }
  }
  await tracer.startActiveSpan('request', async (span) => {
    await inSpan('reprise.task', { 'reprise.task': 'renew' }, async () => {
      await handle.getOrLoad(secret, load)
      for (let turn = 0; turn < 10; turn += 1) await handle.getOrLoad(secret, load)
      handle.peek(secret)
      await cache.invalidate({ keys: [handle.key(secret)] })
    })
    await expect(handle.getOrLoad(secret, () => Promise.reject(new Error('secret')))).rejects.toThrow(
      'secret',
    )
    channel('reprise:tier-failed').publish({ tier: 'redis', operation: 'read', error: new Error('secret') })
    span.end()
  })
  stops.forEach((stop) => stop())
  expect(channel('reprise:tier-failed').hasSubscribers).toBe(false)
  await handle.getOrLoad({ market: 'sh', symbol: '2' }, load)
  await cache.close()

  const spans = exporter.getFinishedSpans()
  const nameOf = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  const seen = spans.map(({ name, parentSpanContext, attributes }) => [
    name,
    nameOf.get(parentSpanContext?.spanId ?? ''),
    attributes,
  ])
  const loading = { 'reprise.space': 'stock_quote', 'reprise.reason': 'miss' }
  const finished = { 'reprise.outcome': 'finished' }
  const failed = { 'error.type': '_OTHER' }
  expect(seen).toEqual([
    ['query', 'reprise.load', {}],
    ['reprise.load', 'reprise.task', { ...loading, ...finished }],
    ['reprise.invalidate', 'reprise.task', { 'reprise.keys': 1, 'reprise.marks': 0, ...finished }],
    ['reprise.task', 'request', { 'reprise.task': 'renew', ...finished }],
    ['reprise.load', 'request', { ...loading, 'reprise.outcome': 'failed', ...failed }],
    ['reprise.tier', 'request', { 'reprise.tier': 'redis', 'reprise.operation': 'read', ...failed }],
    ['request', undefined, {}],
    ['query', undefined, {}],
  ])
  expect(
    JSON.stringify(spans.map(({ attributes, events, status }) => [attributes, events, status])),
  ).not.toMatch(/secret/)
})

type Buckets = readonly (readonly [bound: number, atMost: number])[]

/** The buckets of one operation of the tier `map`, as a reader of OpenTelemetry has them, and as Prometheus has. */
function tierCalls(points: readonly (readonly [Attributes, unknown])[], operation: string): Buckets {
  const point = points.find(([{ tier, operation: of }]) => tier === 'map' && of === operation)
  const told = point?.[1] as HistogramMetricData['dataPoints'][0]['value'] | undefined
  const { boundaries, counts } = told?.buckets ?? { boundaries: [], counts: [] }
  let atMost = 0
  return counts.map((count, place) => [boundaries[place] ?? Infinity, (atMost += count)])
}
function tierCallsOfText(text: string, operation: string): Buckets {
  const lines = text.matchAll(
    /^reprise_cache_tier_call_duration_seconds_bucket\{le="(\S+)",tier="map",operation="(\w+)"\} (\d+)$/gm,
  )
  return [...lines]
    .filter(([, , of]) => of === operation)
    .map(([, le, , count]) => [Number(le?.replace('+Inf', 'Infinity')), Number(count)])
}

test('the figures of /metrics reach a reader of OpenTelemetry, until the app is closed', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const tiers = [mapTier({ clock: systemClock })]
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'test', spaces: [quotes] }), tiers })
  const [app, other] = [Fastify(), Fastify()]
  const figures = createMetrics(app, cache)
  // Another service of the process does not record the calls of the tiers a second time.
  createMetrics(other, cache)
  let asked = 0
  figures.gauge({ name: 'reprise_alarms_active', help: 'Active', label: 'rule' }, () => {
    asked += 1
    return [['lag', 2]]
  })
  for (let turn = 0; turn < 3; turn += 1) await cache.open(quotes).getOrLoad(secret, () => ({ price: 1 }))
  await app.inject('/nowhere')

  const { resourceMetrics } = await reader.collect()
  const found = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  const valuesOf = (name: string): readonly (readonly [Attributes, unknown])[] =>
    found
      .find(({ descriptor }) => descriptor.name === name)
      ?.dataPoints.map(({ attributes, value }) => [attributes, value] as const) ?? []
  expect(valuesOf('reprise.cache.hits')).toEqual([[{ space: 'stock_quote', tier: 'memory' }, 2]])
  expect(valuesOf('reprise.cache.loads')).toEqual([[{ space: 'stock_quote' }, 1]])
  expect(valuesOf('reprise.cache.tier_reachable')).toEqual([
    [{ tier: 'memory' }, 1],
    [{ tier: 'map' }, 1],
  ])
  expect(valuesOf('reprise.alarms_active')).toEqual([[{ rule: 'lag' }, 2]])
  expect(valuesOf('reprise.http.request_duration')).toMatchObject([
    [{ method: 'GET', route: 'unknown', status: 404 }, { count: 1 }],
  ])
  const units = found.map(({ descriptor }) => [descriptor.name, descriptor.unit])
  expect(units).toEqual(
    expect.arrayContaining([
      ['reprise.cache.load', 's'],
      ['reprise.cache.memory', 'By'],
      ['reprise.cache.tier', 'By'],
      ['reprise.cache.tier_call_duration', 's'],
      ['reprise.http.request_duration', 's'],
    ]),
  )
  const text = await figures.text()
  expect(text).toMatch(/^reprise_cache_hits_total\{space="stock_quote",tier="memory"\} 2$/m)
  for (const operation of ['read', 'write'])
    expect(tierCalls(valuesOf('reprise.cache.tier_call_duration'), operation)).toEqual(
      tierCallsOfText(text, operation),
    )
  expect(tierCallsOfText(text, 'read').at(-1)).toEqual([Infinity, 1])

  expect(asked).toBe(2)
  await app.close()
  expect(channel('reprise:tier-called').hasSubscribers).toBe(true)
  await other.close()
  expect(channel('reprise:tier-called').hasSubscribers).toBe(false)
  await reader.collect()
  expect(asked).toBe(2)
  await cache.close()
  await provider.shutdown()
})
