import type { IncomingMessage } from 'node:http'
import { textOf } from './protocol.ts'
import type { Asked } from './protocol.ts'

/** Most bytes of a body. */
const most = 65_536

/** A request, and the platform that the first part of its path names. */
export async function readRequest(
  request: IncomingMessage,
): Promise<{ readonly platform: string; readonly asked: Asked }> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const [, platform = '', ...rest] = url.pathname.split('/')
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > most) throw new Error('the body is too long')
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, textOf(value)]),
  )
  return {
    platform,
    asked: {
      method: request.method ?? 'GET',
      path: `/${rest.join('/')}`,
      query: url.searchParams,
      headers,
      body: readBody(headers['content-type'] ?? '', text),
    },
  }
}

function readBody(type: string, text: string): Asked['body'] {
  if (type.includes('form')) return Object.fromEntries(new URLSearchParams(text))
  if (!type.includes('json')) return {}
  const body: unknown = JSON.parse(text)
  return typeof body === 'object' && body !== null ? (body as Asked['body']) : {}
}
