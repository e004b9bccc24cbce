import type { Envelope, ErrorEnvelope } from '@reprise/api'
import type { HttpError } from './http-error.ts'

/** An instant as ISO-8601 text with the zone offset of this machine, such as `2026-11-21T08:26:18.123+08:00`. */
export function zonedTime(now: number): string {
  const offset = -new Date(now).getTimezoneOffset()
  const local = new Date(now + offset * 60_000).toISOString().slice(0, -1)
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`
}

function pad(value: number): string {
  return String(Math.abs(value)).padStart(2, '0')
}

/** The envelope of an answer with data. */
export function dataEnvelope<Data>(
  data: Data,
  facts: { readonly message: string; readonly requestId: string; readonly success: boolean },
): Envelope<Data> {
  return {
    success: facts.success,
    data,
    message: facts.message,
    timestamp: zonedTime(Date.now()),
    request_id: facts.requestId,
  }
}

/** The envelope of a refusal. */
export function refusalEnvelope(error: HttpError, requestId: string): ErrorEnvelope {
  return {
    success: false,
    data: null,
    message: error.message,
    error: {
      code: error.code,
      message: error.message,
      request_id: requestId,
      ...(error.details === undefined ? {} : { details: [...error.details] }),
    },
    timestamp: zonedTime(Date.now()),
    request_id: requestId,
  }
}
