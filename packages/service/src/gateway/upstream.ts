import { EventSourceParserStream } from 'eventsource-parser/stream'
import { Agent, fetch } from 'undici'
import { HttpError } from '../http/http-error.ts'
import { type Json, parseJson } from './json.ts'
import type { Protocol, SseEvent } from './protocol.ts'

/** A provider of models, or anything that speaks as one. */
export interface Upstream {
  /** Part of every key: answers of two upstreams are never one. */
  readonly name: string
  readonly kind: Protocol['kind']
  /** Up to and with its version: `https://api.openai.com/v1`. */
  readonly baseUrl: string
  /** Sent as a bearer token, or as `x-api-key` where the kind has it so. @default none */
  readonly apiKey?: string | undefined
  /** The models that it serves, `*` standing for any text. @default every one */
  readonly models?: readonly string[]
  /** Milliseconds for a whole answer. @default 600 000 */
  readonly timeout?: number
}

/** An upstream said no: its status, body and what it said of trying again, as they are given to every caller. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly status: number
  readonly body: Json | undefined
  readonly retryAfter: string | undefined

  constructor(
    message: string,
    facts: {
      readonly status: number
      readonly body?: Json | undefined
      readonly retryAfter?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined)
    this.status = facts.status
    this.body = facts.body
    this.retryAfter = facts.retryAfter
  }
}

/** What is sent to an upstream. */
export interface UpstreamCall {
  readonly protocol: Protocol
  readonly path: string
  readonly body: Json
  /** Headers of the request that belong to it. */
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

// A model may think for minutes before its first byte, and between two.
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 })

/** Asks for a whole answer. @throws UpstreamError; the signal's reason */
export async function askWhole(upstream: Upstream, call: UpstreamCall): Promise<Json> {
  const response = await send(upstream, call)
  const text = await response.text()
  const answer = parseJson(text)
  if (answer !== undefined) return answer
  throw new UpstreamError(`Upstream ${upstream.name} answered something that is no JSON`, { status: 502 })
}

/** Asks for a stream and gives its events as they come. @throws UpstreamError; the signal's reason */
export async function* askStream(upstream: Upstream, call: UpstreamCall): AsyncGenerator<SseEvent> {
  const response = await send(upstream, call)
  const type = response.headers.get('content-type') ?? ''
  if (response.body === null || !type.includes('text/event-stream')) {
    throw new UpstreamError(
      `Upstream ${upstream.name} was asked for a stream and answered ${type || 'nothing'}`,
      {
        status: 502,
      },
    )
  }
  const events = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
  try {
    for await (const { event, data } of events) yield event === undefined ? { data } : { event, data }
  } catch (cause) {
    call.signal.throwIfAborted()
    throw new UpstreamError(`Upstream ${upstream.name} broke off amid its answer`, { status: 502, cause })
  }
}

async function send(upstream: Upstream, { protocol, path, body, headers, signal }: UpstreamCall) {
  const base = upstream.baseUrl.endsWith('/') ? upstream.baseUrl : `${upstream.baseUrl}/`
  const limit = AbortSignal.timeout(upstream.timeout ?? 600_000)
  let response
  try {
    response = await fetch(new URL(path, base), {
      method: 'POST',
      headers: { ...headers, ...authorization(upstream, protocol), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, limit]),
      dispatcher: patient,
    })
  } catch (cause) {
    signal.throwIfAborted()
    const reason = limit.aborted ? 'did not answer in time' : 'cannot be reached'
    throw new UpstreamError(`Upstream ${upstream.name} ${reason}`, {
      status: limit.aborted ? 504 : 502,
      cause,
    })
  }
  if (response.ok) return response
  const text = await response.text().catch(() => '')
  throw new UpstreamError(`Upstream ${upstream.name} answered ${response.status}`, {
    status: response.status,
    body: parseJson(text),
    retryAfter: response.headers.get('retry-after') ?? undefined,
  })
}

function authorization({ apiKey }: Upstream, { kind }: Protocol): Record<string, string> {
  if (apiKey === undefined) return {}
  return kind === 'anthropic' ? { 'x-api-key': apiKey } : { authorization: `Bearer ${apiKey}` }
}

/** Whether another upstream may do better: this one is busy, broken or away. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof UpstreamError && ([408, 409, 425, 429].includes(error.status) || error.status >= 500)
  )
}

/** Whether an upstream serves a model. */
export function serves(upstream: Upstream, model: string): boolean {
  let patterns = served.get(upstream)
  if (patterns === undefined) served.set(upstream, (patterns = (upstream.models ?? ['*']).map(patternOf)))
  return patterns.some((pattern) => pattern.test(model))
}

const served = new WeakMap<Upstream, readonly RegExp[]>()

function patternOf(models: string): RegExp {
  const parts = models.split('*').map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** The upstreams that a request is given to, the first first. @throws HttpError 404 when none serves the model */
export function candidates(
  upstreams: readonly Upstream[],
  { kind, model }: { readonly kind: Protocol['kind']; readonly model: string },
): readonly [Upstream, ...Upstream[]] {
  const [first, ...rest] = upstreams.filter((upstream) => upstream.kind === kind && serves(upstream, model))
  if (first !== undefined) return [first, ...rest]
  throw new HttpError(
    404,
    `No upstream of kind ${kind} serves the model ${JSON.stringify(model)}; it is set under gateway.upstreams`,
  )
}
