import type { Route } from '@reprise/api'
import type { Queryable } from '@reprise/database'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpError } from '../http/http-error.ts'
import type { Actor, Operation, OperationResult } from './operation.ts'
import type { Operations } from './operations.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The operation log; set by `createService`. */
    operations: Operations
  }
  interface FastifyRequest {
    /** What the log will say of the request; null where its route is not recorded. */
    audit: OpenAudit | null
    /** Why the request was refused or went wrong; null until then. */
    refusal: HttpError | null
  }
}

/** What a handler may add to the row that the operation log gets of its request. */
export interface RequestAudit {
  /** Names who did it, where the request carried no token: a login. */
  by(user: Actor): void
  /** Names what it was done to. @default the parameters of the path */
  on(target: string): void
  /** Adds to the details, which begin with what the request carried. */
  tell(details: object): void
  /**
   * Writes the row in a transaction, as its last statement; then no other is written, unless the request fails after all.
   * Nothing on a route that is not recorded.
   */
  record(transaction: Queryable): Promise<void>
}

/** A row that is being put together. */
export interface OpenAudit extends RequestAudit {
  /** Writes the row, unless it is written; never throws, since what is told has happened. */
  finish(): Promise<void>
}

/** What a route that is not recorded gives its handler. */
export const noAudit: RequestAudit = {
  by: () => undefined,
  on: () => undefined,
  tell: () => undefined,
  record: async () => undefined,
}

/** The action that the log calls a row of the route table by; undefined for a row that is not recorded. */
export function auditAction(row: Route): string | undefined {
  if (row.audit !== undefined) return row.audit === false ? undefined : row.audit
  return row.method === 'GET' ? undefined : `${row.tag}.${row.id}`
}

/** Begins the row of a request. */
export function openAudit(
  action: string,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): OpenAudit {
  let user: Actor | undefined
  let target: string | undefined
  let told: object = {}
  let recorded = false

  function describe(result: OperationResult, status: number): Operation {
    const { params, query, body, refusal, caller } = request
    const carried = Object.entries({ params, query, body }).filter(
      ([, part]) => typeof part === 'object' && part !== null && Object.keys(part).length > 0,
    )
    return {
      action,
      user: user ?? caller ?? undefined,
      target: target ?? Object.values(params ?? {}).join('/'),
      details: { ...Object.fromEntries(carried), ...told },
      result,
      status,
      ...(refusal === null ? {} : { error: `${refusal.code}: ${refusal.message}` }),
      duration: reply.elapsedTime,
      address: request.ip,
      requestId: request.id,
    }
  }

  return {
    by: (actor) => {
      user = actor
    },
    on: (name) => {
      target = name
    },
    tell: (details) => {
      told = { ...told, ...details }
    },
    async record(transaction) {
      await request.server.operations.record(describe('done', 200), transaction)
      recorded = true
    },
    async finish() {
      const { statusCode } = reply
      // Too many requests are not worth a row each: the log is not to be filled by those who are kept out.
      if (statusCode === 429 || (recorded && statusCode < 400)) return
      const result = statusCode < 400 ? 'done' : statusCode < 500 ? 'refused' : 'failed'
      const operation = describe(result, statusCode)
      try {
        await request.server.operations.record(operation)
      } catch (error) {
        request.log.error({ err: error, action, result }, 'an operation could not be recorded')
      }
    },
  }
}
