/** Every code of a `ChatError`, with the HTTP status that it is answered with. */
export const chatErrors = Object.freeze({
  SESSION_NOT_FOUND: 404,
  SESSION_BUSY: 409,
  SESSION_FULL: 409,
  INPUT_EMPTY: 422,
  INPUT_TOO_LONG: 422,
  ID_INVALID: 422,
  CONTEXT_INVALID: 422,
})

/** A message that cannot be answered: `code` and HTTP `status` of `chatErrors`, and what to do instead. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: keyof typeof chatErrors
  readonly status: number

  constructor(code: keyof typeof chatErrors, message: string) {
    super(message)
    this.code = code
    this.status = chatErrors[code]
  }
}
