import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { problemContentType } from '@reprise/api'
import { refusalEnvelope } from './envelope.ts'
import { HttpError, type HttpStatus } from './http-error.ts'

const statuses: Readonly<Record<string, HttpStatus>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers what is not HTTP at all, or too large a header, with the envelope, since no request exists yet. */
export function replyToBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const status = statuses[error.code ?? ''] ?? 400
  const reason = STATUS_CODES[status] ?? 'Bad Request'
  const requestId = randomUUID()
  const body = JSON.stringify(refusalEnvelope(new HttpError(status, reason), { id: requestId }))
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${problemContentType}; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  )
}
