import { AiError } from '@reprise/ai'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { describeError } from '../http/describe-error.ts'
import type { Json } from './json.ts'
import type { Protocol } from './protocol.ts'
import { UpstreamError } from './upstream.ts'

/** What went wrong, in the form of the protocol. An upstream's own words are given on as they are. */
export interface Refusal {
  readonly status: number
  readonly body: Json
  readonly headers: Readonly<Record<string, string>>
}

/** Makes an error the refusal that a client of the protocol understands. */
export function refusalFrom(protocol: Pick<Protocol, 'errorOf'>, error: unknown): Refusal {
  if (error instanceof UpstreamError) {
    const { status, body, retryAfter, message } = error
    return {
      status,
      body: body ?? protocol.errorOf({ status, message, code: 'upstream_error' }),
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    }
  }
  if (AiError.is(error, 'E_CALL_FIELD'))
    return {
      status: 400,
      body: protocol.errorOf({ status: 400, message: error.message, code: error.code }),
      headers: {},
    }
  const { status, message, code, headers } = describeError(error, undefined)
  return { status, body: protocol.errorOf({ status, message, code: code.toLowerCase() }), headers }
}

/** Answers a request with what went wrong. */
export function errorReply(
  protocol: Pick<Protocol, 'errorOf'>,
  error: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  const { status, body, headers } = refusalFrom(protocol, error)
  if (status >= 500) request.log.error({ err: error }, 'a model call failed')
  return reply
    .code(status)
    .headers(headers)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}
