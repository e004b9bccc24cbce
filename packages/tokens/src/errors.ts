/** Everything that can go wrong with a token; `docs/tokens.md` is held to this table by a test. */
export const tokenErrorTable = {
  E_TOKEN_OPTION: {
    status: 500,
    retryable: false,
    about: 'An option, a channel or an application id is not acceptable',
  },
  E_TOKEN_UNKNOWN: {
    status: 404,
    retryable: false,
    about: 'There is no provider for the channel, or no credentials for the application',
  },
  E_TOKEN_CREDENTIALS: {
    status: 502,
    retryable: false,
    about: 'The platform refused the credentials of the application, or the address it was asked from',
  },
  E_TOKEN_LIMITED: {
    status: 503,
    retryable: true,
    about: 'The platform refused because it was asked too often',
  },
  E_TOKEN_PLATFORM: {
    status: 502,
    retryable: true,
    about: 'The platform answered with an error, or with something that is no token',
  },
  E_TOKEN_UNREACHABLE: {
    status: 504,
    retryable: true,
    about: 'The platform did not answer in time, or could not be reached',
  },
  E_TOKEN_BACKOFF: {
    status: 503,
    retryable: true,
    about: 'The platform failed lately and is not asked again yet',
  },
} as const

/** A code of the table. */
export type TokenErrorCode = keyof typeof tokenErrorTable

/** What a `TokenError` knows beside its code and message. */
export interface TokenErrorDetails {
  readonly cause?: unknown
  /** The platform's own code, such as `40013` or `invalid_client`. */
  readonly platformCode?: number | string | undefined
  /** Milliseconds after which asking again makes sense. */
  readonly retryAfterMs?: number | undefined
}

const marker = Symbol.for('reprise.tokens.error')

/** The one error of this package. No message, cause or field of it carries a secret or a token. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode
  /** The HTTP status that a server answers with. */
  readonly status: number
  /** Whether the same call can succeed later. */
  readonly retryable: boolean
  readonly platformCode: number | string | undefined
  readonly retryAfterMs: number | undefined
  readonly [marker] = true

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.status = tokenErrorTable[code].status
    this.retryable = tokenErrorTable[code].retryable
    this.platformCode = details.platformCode
    this.retryAfterMs = details.retryAfterMs
  }

  /** Whether something is a `TokenError`, of this code where one is given; works across copies of the package. */
  static is(error: unknown, code?: TokenErrorCode): error is TokenError {
    if (typeof error !== 'object' || error === null || !(marker in error)) return false
    return code === undefined || (error as TokenError).code === code
  }
}
