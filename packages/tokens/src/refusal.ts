/** The fields of an answer or error that may tell of a refused token. */
export interface Told {
  readonly status?: unknown
  readonly code?: unknown
  readonly error?: unknown
  readonly errcode?: unknown
  readonly sub_code?: unknown
}

/** Layers in which clients hide an answer: `error.response.data`, `error.cause`, `error.body`. */
const layers = ['data', 'body', 'response', 'cause', 'error'] as const

/**
 * Whether an answer, or an error that was thrown, says of itself or of what it carries that a token is refused.
 * Looks at plain fields only, four layers deep.
 */
export function tells(answer: unknown, refused: (told: Told) => boolean, depth = 4): boolean {
  if (typeof answer !== 'object' || answer === null || depth === 0) return false
  if (refused(answer)) return true
  return layers.some((layer) => tells(Reflect.get(answer, layer), refused, depth - 1))
}

/** Whether one of the codes stands in one of the fields; `40001` and `"40001"` are one code. */
export function hasCode(told: Told, codes: ReadonlySet<string>): boolean {
  return [told.errcode, told.code, told.sub_code].some(
    (code) => (typeof code === 'number' || typeof code === 'string') && codes.has(String(code)),
  )
}
