import type { Json } from './json.ts'
import type { SseEvent } from './protocol.ts'

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
}

/** An error as OpenAI writes it. */
export function openaiError(error: {
  readonly status: number
  readonly message: string
  readonly code: string
}): Json {
  const { status, message, code } = error
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error')
  return { error: { message, type, param: null, code } }
}

/** An error inside a stream of OpenAI. */
export function openaiErrorEvent(error: Json): SseEvent {
  return { data: JSON.stringify(error) }
}
