import { type Asked, type Protocol, type Read, errcode, textOf } from './protocol.ts'

const denials = {
  id: errcode(40013, 'invalid appid'),
  secret: errcode(40125, 'invalid appsecret'),
  limit: errcode(45009, 'reach max api daily quota limit'),
  busy: errcode(-1, 'system error'),
}

const uses = {
  good: { body: { ip_list: ['127.0.0.1'] } },
  expired: errcode(42001, 'access_token expired'),
  revoked: errcode(40001, 'invalid credential, access_token is invalid or not latest'),
  unknown: errcode(40014, 'invalid access_token'),
}

/** WeChat Official Accounts: `/cgi-bin/token`, `/cgi-bin/stable_token`, and `/cgi-bin/getcallbackip` to use a token. */
export const wechatProtocol: Protocol = {
  read({ method, path, query, body }: Asked): Read | undefined {
    if (method === 'GET' && path === '/cgi-bin/token' && query.get('grant_type') === 'client_credential')
      return { kind: 'fetch', id: query.get('appid') ?? '', secret: query.get('secret') ?? '' }
    if (method === 'POST' && path === '/cgi-bin/stable_token' && body['grant_type'] === 'client_credential') {
      const { appid, secret, force_refresh: force } = body
      return {
        kind: 'fetch',
        id: textOf(appid),
        secret: textOf(secret),
        stable: true,
        force: force === true,
      }
    }
    if (path === '/cgi-bin/getcallbackip') return { kind: 'use', token: query.get('access_token') ?? '' }
    return undefined
  },
  issued: ({ value, expiresIn }) => ({ body: { access_token: value, expires_in: expiresIn } }),
  denied: (why) => denials[why],
  used: (state) => uses[state],
}
