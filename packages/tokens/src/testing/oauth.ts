import { type Answered, type Protocol, textOf } from './protocol.ts'

const refused = (status: number, error: string, headers: Record<string, string> = {}): Answered => ({
  status,
  headers,
  body: { error, error_description: `the server says ${error}` },
})

/** Who asks, in the Authorization header or in the form (RFC 6749 2.3.1). */
function clientOf(
  authorization: string | undefined,
  body: Readonly<Record<string, unknown>>,
): { id: string; secret: string } {
  if (authorization?.startsWith('Basic ') !== true)
    return { id: textOf(body['client_id']), secret: textOf(body['client_secret']) }
  const text = Buffer.from(authorization.slice(6), 'base64').toString()
  const [id = '', secret = ''] = text
    .split(':')
    .map((part) => new URLSearchParams(`v=${part}`).get('v') ?? '')
  return { id, secret }
}

/** An authorization server (RFC 6749 4.4) at `/token`, and a resource at `/resource` that takes bearer tokens (RFC 6750). */
export const oauthProtocol: Protocol = {
  read({ method, path, headers, body }) {
    if (method === 'POST' && path === '/token' && body['grant_type'] === 'client_credentials')
      return { kind: 'fetch', ...clientOf(headers['authorization'], body) }
    if (path === '/resource')
      return { kind: 'use', token: (headers['authorization'] ?? '').replace(/^Bearer /, '') }
    return undefined
  },
  issued: ({ value, expiresIn }, { body }) => ({
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: value,
      token_type: 'Bearer',
      expires_in: expiresIn,
      ...(typeof body['scope'] === 'string' && { scope: body['scope'] }),
    },
  }),
  denied(why) {
    if (why === 'limit') return refused(429, 'slow_down', { 'retry-after': '30' })
    if (why === 'busy') return refused(503, 'temporarily_unavailable')
    return refused(401, 'invalid_client', { 'www-authenticate': 'Basic realm="token"' })
  },
  used: (state) =>
    state === 'good'
      ? { body: { ok: true } }
      : refused(401, 'invalid_token', { 'www-authenticate': 'Bearer error="invalid_token"' }),
}
