import { type Clock, type Duration, milliseconds } from '@reprise/cache'
import { TokenError } from './errors.ts'

/** How a platform is reached. */
export interface PlatformOptions {
  /** Where its API is, without a path; http only on loopback, since secrets travel. @default the platform's own */
  readonly baseUrl?: string
  /** How long an answer may take. @default '10s' */
  readonly timeout?: Duration
  /** @default the fetch of Node */
  readonly fetch?: typeof fetch
}

/** A platform as its provider asks it. */
export interface Platform {
  /** Its answer to one request. @throws E_TOKEN_UNREACHABLE, E_TOKEN_PLATFORM */
  ask(
    request: PlatformRequest,
    context: { readonly signal: AbortSignal; readonly clock: Clock },
  ): Promise<Reply>
}

/** One request. */
export interface PlatformRequest {
  /** From the root of the platform's address. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON, by POST. */
  readonly json?: unknown
  /** Sent as a form, by POST. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/** What came back: always an object of JSON. */
export interface Reply {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: Readonly<Record<string, unknown>>
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** The base of a platform's addresses. @throws E_TOKEN_OPTION */
function readBase(channel: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))
  if (url !== undefined && safe && url.username === '' && url.search === '') return url
  throw new TokenError(
    'E_TOKEN_OPTION',
    `the address of the channel "${channel}" cannot be used: give https://host, or http:// on loopback, without a user or a query`,
  )
}

/** A platform at its own address or the one that is given. @throws E_TOKEN_OPTION */
export function platformAt(channel: string, home: string, options: PlatformOptions): Platform {
  const base = readBase(channel, options.baseUrl ?? home)
  const timeout = milliseconds(options.timeout ?? '10s', 'timeout')
  const send = options.fetch ?? fetch
  return {
    async ask({ path, query = {}, json, form, headers = {} }, { signal, clock }) {
      const url = new URL(base.pathname.replace(/\/$/, '') + path, base)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json)
      const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
      const late = new AbortController()
      const timer = clock.setTimeout(() => late.abort(), timeout)
      try {
        const response = await send(url, {
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            accept: 'application/json',
            ...(body !== undefined && { 'content-type': type }),
            ...headers,
          },
          ...(body !== undefined && { body }),
          // A redirection would carry the secret to who knows where.
          redirect: 'error',
          signal: AbortSignal.any([signal, late.signal]),
        })
        const text = await response.text()
        return readReply(channel, response, text)
      } catch (cause) {
        if (TokenError.is(cause) || signal.aborted) throw cause
        const why = late.signal.aborted
          ? `did not answer within ${timeout} ms`
          : `cannot be reached: ${reasonOf(cause)}`
        throw new TokenError(
          'E_TOKEN_UNREACHABLE',
          `the platform of the channel "${channel}" at ${base.origin} ${why}`,
        )
      } finally {
        timer.cancel()
      }
    },
  }
}

function readReply(channel: string, { status, headers }: Response, text: string): Reply {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // The text, and the parser's message that quotes it, may hold a token that was cut off.
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return { status, retryAfter: headers.get('retry-after'), body: body as Reply['body'] }
  throw new TokenError(
    'E_TOKEN_PLATFORM',
    `the platform of the channel "${channel}" answered status ${status} with ${text.length} characters that are no JSON object`,
    { platformCode: status },
  )
}

/** Why a connection failed: a code of the system where there is one. Messages of HTTP clients may quote what was sent. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
  if (typeof code === 'string') return code
  return error instanceof Error ? error.name : 'an unknown reason'
}
