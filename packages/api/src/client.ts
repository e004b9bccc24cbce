import {
  type Envelope,
  type ErrorDetail,
  type ProblemDetails,
  errorEnvelope,
  problemDetails,
  problemContentType,
} from './envelope.ts'
import type { LiveEvent } from './event-routes.ts'
import { type EventOptions, followEvents } from './follow-events.ts'
import type { DataOf, InputPart, Route } from './route.ts'
import { type RouteId, type Routes, routes } from './routes.ts'

/** A call that the server refused or that did not reach it (`status` 0, code NETWORK_ERROR). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly status: number
  readonly request_id: string | undefined
  readonly details: readonly ErrorDetail[]
  /** What the answer says in the words of RFC 9457; undefined where no answer of the service came. */
  readonly problem: ProblemDetails | undefined

  constructor(
    message: string,
    facts: {
      readonly code: string
      readonly status: number
      readonly request_id?: string | undefined
      readonly details?: readonly ErrorDetail[] | undefined
      readonly problem?: ProblemDetails | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined)
    this.code = facts.code
    this.status = facts.status
    this.request_id = facts.request_id
    this.details = facts.details ?? []
    this.problem = facts.problem
  }
}

/** What `createClient` takes. */
export interface ClientOptions {
  /** Where the service is, such as `http://127.0.0.1:8321`; a path in it is kept. */
  readonly baseUrl: string
  /** A bearer token, or a function that gives the current one. @default none */
  readonly token?: string | (() => string | undefined)
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch
}

// A part of the request is required exactly when it has a required field.
type Part<Name extends string, Input> = undefined extends Input
  ? { readonly [N in Name]?: undefined }
  : Partial<Input> extends Input
    ? { readonly [N in Name]?: Input }
    : { readonly [N in Name]: Input }

/** What a call of a route carries. */
export type CallOptions<R extends Route> = Part<'query', InputPart<R, 'query'>> &
  Part<'body', InputPart<R, 'body'>> &
  Part<'params', InputPart<R, 'params'>> & { readonly signal?: AbortSignal }

type CallArguments<R extends Route> =
  Partial<CallOptions<R>> extends CallOptions<R> ? [options?: CallOptions<R>] : [options: CallOptions<R>]

/** A typed client of the route table. */
export interface Client {
  /** Calls a route and resolves with its data; a string for a route that answers text. @throws ApiError; the signal's reason when it fires */
  call<Id extends RouteId>(id: Id, ...options: CallArguments<Routes[Id]>): Promise<DataOf<Routes[Id]>>
  /**
   * Live events as they come, until the signal fires: `for await (const event of client.events({ signal }))`. A
   * connection that breaks is made again and goes on where it was; `reset` says that events are missing before it.
   * @throws ApiError where the service refuses, or cannot be reached at first
   */
  events(options?: EventOptions): AsyncGenerator<LiveEvent, void, undefined>
}

interface Parts {
  readonly query?: object | undefined
  readonly body?: object | undefined
  readonly params?: object | undefined
  readonly signal?: AbortSignal | undefined
}

/** Makes a client over fetch. @throws TypeError when `baseUrl` is not a URL */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, token, fetch = globalThis.fetch } = options
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)

  async function openEvents(url: URL, init: RequestInit): Promise<ReadableStream<Uint8Array>> {
    const row: Route = routes.events
    let response: Response
    try {
      response = await fetch(url, init)
    } catch (cause) {
      throw new ApiError(`${row.method} ${url.href} did not reach the service: ${String(cause)}`, {
        code: 'NETWORK_ERROR',
        status: 0,
        cause,
      })
    }
    if (!response.ok || response.body === null) throw refusal(row, response, await response.text())
    return response.body
  }

  return {
    events(wanted = {}) {
      const { types } = wanted
      const query = types === undefined ? {} : { types: types.join(',') }
      const url = addressOf(base, routes.events, { query })
      return followEvents(
        {
          open: (more, signal) => {
            const bearer = typeof token === 'function' ? token() : token
            const headers: Record<string, string> = { accept: 'text/event-stream', ...more }
            if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`
            return openEvents(url, { headers, signal })
          },
          statusOf: (error) => (error instanceof ApiError ? error.status : undefined),
        },
        wanted,
      )
    },
    async call(id, ...rest) {
      const row: Route = routes[id]
      const parts: Parts = rest[0] ?? {}
      const url = addressOf(base, row, parts)
      const bearer = typeof token === 'function' ? token() : token
      const headers: Record<string, string> = {
        accept: `${row.text ?? 'application/json'}, ${problemContentType}`,
      }
      if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`
      if (parts.body !== undefined) headers['content-type'] = 'application/json'
      let response: Response
      let text: string
      try {
        response = await fetch(url, {
          method: row.method,
          headers,
          ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
          ...(parts.signal === undefined ? {} : { signal: parts.signal }),
        })
        text = await response.text()
      } catch (cause) {
        if (parts.signal?.aborted === true) throw parts.signal.reason
        throw new ApiError(`${row.method} ${url.href} did not reach the service: ${String(cause)}`, {
          code: 'NETWORK_ERROR',
          status: 0,
          cause,
        })
      }
      if (!response.ok) throw refusal(row, response, text)
      if (row.text !== undefined) return text as never
      return dataOf(row, response, text) as never
    },
  }
}

function addressOf(base: URL, row: Route, parts: Parts): URL {
  const params = new Map<string, unknown>(Object.entries(parts.params ?? {}))
  const path = row.path.replace(/:([A-Za-z_]\w*)/g, (_, name: string) =>
    encodeURIComponent(String(params.get(name))),
  )
  const url = new URL(path.slice(1), base)
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

function refusal(row: Route, response: Response, text: string): ApiError {
  const parsed = errorEnvelope.safeParse(parseJson(text))
  const { status } = response
  if (parsed.success) {
    const problem = problemDetails.parse(parsed.data)
    return new ApiError(parsed.data.message, { ...parsed.data.error, status, problem })
  }
  return new ApiError(`${row.method} ${row.path} was answered with status ${status}`, {
    code: `HTTP_${status}`,
    status,
    request_id: response.headers.get('x-request-id') ?? undefined,
  })
}

function dataOf(row: Route, response: Response, text: string): unknown {
  const parsed = parseJson(text)
  if (typeof parsed === 'object' && parsed !== null && 'data' in parsed)
    return (parsed as Envelope<unknown>).data
  throw new ApiError(`${row.method} ${row.path} was not answered with the envelope`, {
    code: 'UNEXPECTED_ANSWER',
    status: response.status,
    request_id: response.headers.get('x-request-id') ?? undefined,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
