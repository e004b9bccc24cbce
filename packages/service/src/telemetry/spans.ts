import { type Attributes, ProxyTracerProvider, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { type Step, aroundSteps, onEvent } from '@reprise/cache'
import { version } from '../version.ts'

/** The name of the instrumentation, by which an SDK can leave it out. */
export const scope = '@reprise/service'

let users = 0
let stops: readonly (() => void)[] = []

/**
 * Makes loads and invalidations spans of OpenTelemetry under the active one, such as that of the request, and failures of
 * tiers too. Where no SDK is registered nothing listens and nothing is wrapped. Several services of a process share
 * them. Returns what ends it.
 */
export function startSpans(): () => void {
  if (!isTracing()) return () => {}
  users += 1
  if (users === 1) stops = [aroundSteps(inStepSpan), onEvent('tier-failed', tellTierFailure)]
  return () => {
    users -= 1
    if (users === 0) stops.forEach((stop) => stop())
  }
}

/** Runs something in a span of its own, the active one for what it calls; without an SDK just runs it. */
export async function inSpan<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      const result = await run()
      span.setAttribute('reprise.outcome', 'finished')
      return result
    } catch (error) {
      // The message may have a key or a value in it.
      span.setAttributes({ 'reprise.outcome': 'failed', 'error.type': codeOf(error) })
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

function tracer(): Tracer {
  return trace.getTracer(scope, version)
}

function isTracing(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(scope) !== undefined
}

function inStepSpan<T>(step: Step, run: () => Promise<T>): Promise<T> {
  return inSpan(`reprise.${step.name}`, attributesOf(step), run)
}

function attributesOf(step: Step): Attributes {
  return step.name === 'load'
    ? { 'reprise.space': step.space, 'reprise.reason': step.reason }
    : { 'reprise.keys': step.keys, 'reprise.marks': step.marks }
}

function tellTierFailure({
  tier,
  operation,
  error,
}: {
  tier: string
  operation: string
  error: unknown
}): void {
  const attributes = { 'reprise.tier': tier, 'reprise.operation': operation, 'error.type': codeOf(error) }
  const span = tracer().startSpan('reprise.tier', { attributes })
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** The code of an error of ours, else what the semantic conventions of OpenTelemetry say instead. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^E_[A-Z_]+$/.test(code) ? code : '_OTHER'
}
