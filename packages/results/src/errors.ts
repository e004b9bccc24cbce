const marker = Symbol.for('reprise.results.error')

/** Every code a `ResultsError` can carry, each with one sentence saying when it is thrown. */
export const resultsErrorCodes = Object.freeze({
  E_RESULT_OPTION: 'An option, a site, a type or a target is not acceptable',
  E_RESULT_VALUE: 'A value is no JSON, is too large, or does not satisfy the schema of its type',
  E_RESULT_BUSY: 'Another generator holds the target',
  E_RESULT_FENCED: 'A generation takes no value any more: it was taken over, or it is finished',
  E_RESULT_INVALIDATED: 'A generation was invalidated before it was finished',
  E_RESULT_FAILED: 'The generation that was waited for failed',
  E_RESULT_UNKNOWN: 'The site has no result of that id',
  E_RESULT_CACHE: 'A change is in the database, and the cache could not confirm that it forgot the old value',
  E_RESULT_ROLE: 'The role of the database connection is not bound by row-level security',
  E_RESULT_CLOSED: 'The results were closed',
  E_TIMELINE_OPTION:
    'An option, a site or a name of a session, category or resource of a timeline is not acceptable',
  E_TIMELINE_PAYLOAD: 'The payload of an event would not come back from JSON as it was, or is too large',
  E_TIMELINE_CLOSED: 'The timelines were used after they were closed',
})

/** Text of a bad value for a message, cut to 80 characters. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** One of the codes of `resultsErrorCodes`. */
export type ResultsErrorCode = keyof typeof resultsErrorCodes

/** The one error this package throws, told apart by `code` (see `resultsErrorCodes`). */
export class ResultsError extends Error {
  override readonly name = 'ResultsError'
  readonly code: ResultsErrorCode
  readonly [marker] = true

  constructor(code: ResultsErrorCode, message: string, details: { readonly cause?: unknown } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
  }

  /** Whether `error` is a `ResultsError`, of `code` if given, even from another copy of this package. */
  static is(error: unknown, code?: ResultsErrorCode): error is ResultsError {
    if (typeof error !== 'object' || error === null || !(marker in error)) return false
    return code === undefined || (error as ResultsError).code === code
  }
}
