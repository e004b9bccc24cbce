import type { ErrorDetail } from '@reprise/api'
import { RepriseError } from '@reprise/cache'
import { DatabaseError } from '@reprise/database'
import { ResultsError, type ResultsErrorCode } from '@reprise/results'
import { TokenError } from '@reprise/tokens'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { TaskError } from '../tasks/errors.ts'
import { HttpError, type HttpStatus, statusCodes } from './http-error.ts'

/**
 * Whatever was thrown, as the caller may see it: bad input and the engine's own errors with their reasons, an
 * unreachable database as 503, everything else as 500. `failure` begins the message of a failed operation (row B8).
 */
export function describeError(error: unknown, failure?: string): HttpError {
  if (error instanceof HttpError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const details = error.validation.flatMap((issue) => fieldsOf(issue, error.validationContext))
    const fields = details.map(({ field }) => field).join(', ')
    return new HttpError(422, `Bad parameters: ${fields}`, { details, cause: error })
  }
  const begin = failure === undefined ? '' : `${failure}: `
  if (RepriseError.is(error) || TaskError.is(error)) {
    const headers = error.retryAfter === undefined ? {} : retryHeader(error.retryAfter)
    const details = TaskError.is(error) ? error.details : undefined
    return new HttpError(closest(error.status), `${begin}${error.message}`, {
      code: error.code,
      headers,
      ...(details === undefined ? {} : { details }),
      cause: error,
    })
  }
  if (ResultsError.is(error)) {
    return new HttpError(resultStatuses[error.code] ?? 500, `${begin}${error.message}`, {
      code: error.code,
      cause: error,
    })
  }
  if (TokenError.is(error)) {
    const headers = error.retryAfterMs === undefined ? {} : retryHeader(error.retryAfterMs)
    return new HttpError(closest(error.status), `${begin}${error.message}`, {
      code: error.code,
      headers,
      cause: error,
    })
  }
  if (DatabaseError.is(error, 'E_DATABASE_UNREACHABLE') || DatabaseError.is(error, 'E_DATABASE_CLOSED')) {
    return new HttpError(503, `${begin}the database cannot be reached`, { code: error.code, cause: error })
  }
  if (DatabaseError.is(error)) {
    return new HttpError(500, `${begin}the database refused the operation`, {
      code: error.code,
      cause: error,
    })
  }
  const status = statusOf(error)
  if (status !== undefined && status < 500) {
    return new HttpError(closest(status), clientMessage(error, status), { cause: error })
  }
  if (status === 503) return new HttpError(503, 'The service is closing', { cause: error })
  const reason = error instanceof Error ? error.message : String(error)
  const message = failure === undefined ? 'Internal server error' : `${begin}${firstLine(reason)}`
  return new HttpError(500, message, { cause: error })
}

/** Statuses of errors of results and timelines; the others are 500. */
const resultStatuses: { readonly [Code in ResultsErrorCode]?: HttpStatus } = {
  E_RESULT_OPTION: 422,
  E_RESULT_VALUE: 422,
  E_RESULT_UNKNOWN: 404,
  E_RESULT_BUSY: 409,
  E_RESULT_FENCED: 409,
  E_RESULT_INVALIDATED: 409,
  E_RESULT_CACHE: 503,
  E_RESULT_CLOSED: 503,
  E_TIMELINE_OPTION: 422,
  E_TIMELINE_PAYLOAD: 422,
  E_TIMELINE_CLOSED: 503,
}

/** The fields of a refused part: each unknown field by its own name. */
function fieldsOf(
  issue: {
    readonly instancePath: string
    readonly message?: string
    readonly params: Record<string, unknown>
  },
  part: string | undefined,
): ErrorDetail[] {
  const path = issue.instancePath.split('/').filter((name) => name !== '')
  const unknown = issue.params['keys']
  if (Array.isArray(unknown)) {
    return unknown.slice(0, 20).map((name) => ({
      field: firstLine([...path, String(name)].join('.')),
      message: 'Unknown field',
    }))
  }
  const field = path.length > 0 ? path.join('.') : (part ?? 'body')
  return [{ field: firstLine(field), message: firstLine(issue.message ?? 'Not valid') }]
}

function retryHeader(milliseconds: number): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(milliseconds / 1000))) }
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : undefined
}

function isKnown(status: number): status is HttpStatus {
  return Object.hasOwn(statusCodes, status)
}

function closest(status: number): HttpStatus {
  if (isKnown(status)) return status
  return status < 500 ? 400 : 500
}

function clientMessage(error: unknown, status: number): string {
  if (status === 413) return 'The body is too large'
  if (status === 415) return 'Unsupported content type: send application/json'
  return firstLine(error instanceof Error ? error.message : 'Bad request')
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
