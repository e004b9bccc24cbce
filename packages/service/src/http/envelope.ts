import type { ErrorEnvelope } from '@reprise/api'
import type { HttpError } from './http-error.ts'
import { titleOf, typeOf } from './problem-types.ts'

/** An instant as ISO-8601 text with the zone offset of this machine, such as `2026-11-21T08:26:18.123+08:00`. */
export function zonedTime(now: number): string {
  const offset = -new Date(now).getTimezoneOffset()
  const local = new Date(now + offset * 60_000).toISOString().slice(0, -1)
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`
}

function pad(value: number): string {
  return String(Math.abs(value)).padStart(2, '0')
}

/** The envelope of a refusal, which is a problem document of RFC 9457 as well; `path` is the request's, where one could be read. */
export function refusalEnvelope(
  error: HttpError,
  request: { readonly id: string; readonly path?: string },
): ErrorEnvelope {
  const { code, message, status, details } = error
  return {
    success: false,
    data: null,
    message,
    type: typeOf(code),
    title: titleOf(code, status),
    status,
    detail: message,
    instance: `${referenceOf(request.path ?? '')}#${request.id}`,
    ...(details === undefined
      ? {}
      : { errors: details.map(({ field, message: detail }) => ({ field, detail })) }),
    error: {
      code,
      message,
      request_id: request.id,
      ...(details === undefined ? {} : { details: [...details] }),
    },
    timestamp: zonedTime(Date.now()),
    request_id: request.id,
  }
}

/** A path as a reference; nothing for one that is none (RFC 3986), or would name another host. */
function referenceOf(path: string): string {
  const isPath = /^\/(?!\/)(?:[\w.~!$&'()*+,;=:@/-]|%[\da-f]{2})*$/i.test(path)
  return isPath && path.length <= 200 ? path : ''
}
