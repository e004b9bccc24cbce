const marker = Symbol.for('reprise.ai.error')

/** Every code an `AiError` can carry, each with one sentence saying when it is thrown. */
export const aiErrorCodes = Object.freeze({
  E_CALL_FIELD: 'A field that the key of a model call cannot do without is missing or of the wrong type',
  E_CALL_VALUE: 'A value of a model call has no one text: it contains itself, is not finite, or is no data',
  E_CALL_OPTION: 'An option is not acceptable',
  E_CALL_INTERRUPTED:
    'An answer of which parts were given ended with its process, and the one in its place is another',
  E_CALL_ELSEWHERE: 'The process that made the answer for this one failed after parts of it were given',
  E_CALL_UPSTREAM: 'A model answered something that is not of its interface',
  E_CALL_STORE: 'The database of a store of questions has no pgvector',
})

/** One of the codes of `aiErrorCodes`. */
export type AiErrorCode = keyof typeof aiErrorCodes

/** The one error this package throws, told apart by `code` (see `aiErrorCodes`). */
export class AiError extends Error {
  override readonly name = 'AiError'
  readonly code: AiErrorCode
  readonly [marker] = true

  constructor(code: AiErrorCode, message: string, details: { readonly cause?: unknown } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
  }

  /** Whether `error` is an `AiError`, of `code` if given, even from another copy of this package. */
  static is(error: unknown, code?: AiErrorCode): error is AiError {
    if (typeof error !== 'object' || error === null || !(marker in error)) return false
    return code === undefined || (error as AiError).code === code
  }
}

/** Text of a bad value for a message, cut to 80 characters. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
