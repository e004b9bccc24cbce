/**
 * Why a call gave nothing:
 * `NOT_CONFIGURED` a variable or a parameter is missing · `UNREACHABLE` no connection · `TIMED_OUT` · `FAILED` a status of
 * 500 and more, or 408 or 429 · `REFUSED` another status of 400 and more · `UNREADABLE` no JSON, or too much of it ·
 * `LEFT_ALONE` it failed too often and is not asked for a while.
 */
export type CallErrorCode =
  | 'NOT_CONFIGURED'
  | 'UNREACHABLE'
  | 'TIMED_OUT'
  | 'FAILED'
  | 'REFUSED'
  | 'UNREADABLE'
  | 'LEFT_ALONE'

const passing: ReadonlySet<CallErrorCode> = new Set(['UNREACHABLE', 'TIMED_OUT', 'FAILED'])

/** A call that gave nothing; its message has no secrets. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: CallErrorCode
  /** Whether the same call may succeed later. */
  readonly passing: boolean

  constructor(code: CallErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.passing = passing.has(code)
  }
}
