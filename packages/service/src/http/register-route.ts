import type { Readable } from 'node:stream'
import { type DataOf, type OutputPart, type Route, envelopeOf } from '@reprise/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Authenticate, type Caller, requireRole, requireUnbound } from '../auth/authenticate.ts'
import type { RateLimit } from '../auth/rate-limit.ts'
import { callerOf } from './caller-of.ts'
import { HttpError } from './http-error.ts'
import { createPrinter } from './print-answer.ts'
import { type RequestAudit, auditAction, noAudit, openAudit } from '../operations/request-audit.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Finds the caller of a request; set by `createService`. */
    authenticate: Authenticate
    /** Counts requests; set by `createService`. */
    rateLimit: RateLimit
  }
  interface FastifyRequest {
    /** Who makes the request; null before authentication and on public routes. */
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** What the message of a failure begins with. */
    failure?: string
    /** Its answer goes on for as long as the client stays, and is no measure of how long answers take. */
    stream?: boolean
  }
}

/** A request as a handler sees it: every part checked by its schema. */
export interface RouteRequest<R extends Route> {
  readonly query: OutputPart<R, 'query'>
  readonly body: OutputPart<R, 'body'>
  readonly params: OutputPart<R, 'params'>
  readonly caller: R['role'] extends 'public' ? Caller | undefined : Caller
  /** What the caller showed to be let in; undefined where nothing was. */
  readonly authorization: string | undefined
  /** The id that the envelope, the logs and `x-request-id` carry. */
  readonly requestId: string
  /** The header `Idempotency-Key`: a name of this very operation, by which repeating it can be told. */
  readonly idempotencyKey: string | undefined
  /** The address of the client. */
  readonly address: string
  /** Fires when the client goes away before the answer. */
  readonly signal: AbortSignal
  readonly log: FastifyRequest['log']
  /** The row that the operation log gets of this request. */
  readonly audit: RequestAudit
}

/** What a handler answers. */
export interface RouteReply<R extends Route> {
  /** A route with `text` may answer a stream. */
  readonly data: DataOf<R> | (R extends { readonly text: string } ? Readable : never)
  /** @default 'OK' */
  readonly message?: string
  /** One of the row's `dataStatuses`. @default 200 */
  readonly status?: number
  /** Whether other requests are answered with the same object, so that it is printed once for all. @default false */
  readonly shared?: boolean
  /** @default the row's content type */
  readonly contentType?: string
}

/** The handler of a row; what it throws becomes the envelope of an error. */
export type RouteHandler<R extends Route> = (
  request: RouteRequest<R>,
) => RouteReply<R> | Promise<RouteReply<R>>

const nothing = z.strictObject({})

/** Binds a row of the route table to a handler: authentication, role, schemas, envelope and OpenAPI entry. */
export function registerRoute<const R extends Route>(
  app: FastifyInstance,
  row: R,
  handler: RouteHandler<R>,
): void {
  const action = auditAction(row)
  const print = createPrinter(row.id, row.data ?? z.string())
  app.route({
    method: row.method,
    url: row.path,
    config: row.failure === undefined ? {} : { failure: row.failure },
    schema: schemaOf(row),
    onRequest: async (request, reply) => {
      if (action !== undefined) request.audit = openAudit(action, { request, reply })
      if (row.role === 'public') return
      request.caller = await callerOf(app, {
        address: request.ip,
        authorization: request.headers.authorization,
      })
      requireRole(request.caller, row.role)
      if (row.tenantBound !== true) requireUnbound(request.caller)
    },
    ...(row.body === undefined && row.method !== 'GET' ? { preValidation: refuseBody } : {}),
    // Before the answer goes out: whoever has it can rely on its row.
    ...(action === undefined ? {} : { onSend: async (request) => request.audit?.finish() }),
    handler: async (request, reply) => {
      let signal: AbortSignal | undefined
      const result = await handler({
        query: request.query,
        body: request.body,
        params: request.params,
        caller: request.caller ?? undefined,
        authorization: request.headers.authorization,
        requestId: request.id,
        idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
        address: request.ip,
        get signal() {
          return (signal ??= signalOf(reply))
        },
        log: request.log,
        audit: request.audit ?? noAudit,
      } as RouteRequest<R>)
      if (row.text !== undefined) {
        return reply.type(result.contentType ?? row.text).send(result.data)
      }
      const status = result.status ?? 200
      const { message = 'OK', shared = false } = result
      const facts = { message, requestId: request.id, success: status < 400, shared }
      return reply.code(status).type('application/json; charset=utf-8').send(print(result.data, facts))
    },
  })
}

/** @throws HttpError 422 for a body that says anything */
async function refuseBody({ body }: FastifyRequest): Promise<void> {
  if (Object.keys(body ?? {}).length > 0) throw new HttpError(422, 'This route takes no body')
}

/** Fires when the client goes away before its answer. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController()
  const check = (): void => {
    if (!raw.writableFinished) left.abort()
  }
  if (raw.closed) check()
  else raw.once('close', check)
  return left.signal
}

/** @throws HttpError 422 for a key that is no key */
function idempotencyKeyOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header
  const details = [{ field: 'Idempotency-Key', message: 'Give one of 1 to 255 visible ASCII characters' }]
  throw new HttpError(422, 'The header Idempotency-Key cannot be used', { details })
}

/** What Fastify and the OpenAPI document are told of a row; how it is refused is the same for all (openapi.ts). */
export function schemaOf(row: Route): Record<string, unknown> {
  const data = row.data === undefined ? undefined : envelopeOf(row.data).describe('Done')
  const text = { description: 'Done', content: { [row.text ?? 'text/plain']: { schema: z.string() } } }
  return {
    operationId: row.id,
    summary: row.summary,
    tags: [row.tag],
    ...(row.role === 'public' ? {} : { security: [{ bearer: [] }] }),
    description: row.role === 'public' ? 'Needs no token' : `Needs the role ${row.role}`,
    querystring: row.query ?? nothing,
    params: row.params ?? nothing,
    ...(row.body === undefined ? {} : { body: row.body }),
    response: {
      ...(data === undefined
        ? {}
        : Object.fromEntries((row.dataStatuses ?? []).map((status) => [status, data]))),
      200: data ?? text,
    },
  }
}
