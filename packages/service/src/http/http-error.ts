import type { ErrorDetail } from '@reprise/api'

/** The code of each status that the service answers with (row B8). */
export const statusCodes = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'VALIDATION_ERROR',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
  500: 'INTERNAL_SERVER_ERROR',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
} as const

/** A status with a code of its own. */
export type HttpStatus = keyof typeof statusCodes

/** What a handler throws to refuse a request: a status, a message for the caller, and fields or headers where there are any. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: HttpStatus
  readonly code: string
  readonly details: readonly ErrorDetail[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: HttpStatus,
    message: string,
    options: {
      readonly code?: string
      readonly details?: readonly ErrorDetail[]
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
    } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.status = status
    this.code = options.code ?? statusCodes[status]
    this.details = options.details
    this.headers = options.headers ?? {}
  }
}
