import { type Protocol, errcode } from './protocol.ts'

const denials = {
  id: errcode(40013, 'invalid corpid'),
  secret: errcode(40001, 'invalid credential'),
  limit: errcode(45009, 'api freq out of limit'),
  busy: errcode(-1, 'system busy'),
}

const uses = {
  good: { body: { errcode: 0, errmsg: 'ok', ip_list: ['127.0.0.1'] } },
  expired: errcode(42001, 'access_token expired'),
  revoked: errcode(40014, 'invalid access_token'),
  unknown: errcode(40014, 'invalid access_token'),
}

/** WeCom: `/cgi-bin/gettoken`, and `/cgi-bin/getcallbackip` to use a token. */
export const wecomProtocol: Protocol = {
  read({ method, path, query }) {
    if (method === 'GET' && path === '/cgi-bin/gettoken')
      return { kind: 'fetch', id: query.get('corpid') ?? '', secret: query.get('corpsecret') ?? '' }
    if (path === '/cgi-bin/getcallbackip') return { kind: 'use', token: query.get('access_token') ?? '' }
    return undefined
  },
  issued: ({ value, expiresIn }) => ({
    body: { errcode: 0, errmsg: 'ok', access_token: value, expires_in: expiresIn },
  }),
  denied: (why) => denials[why],
  used: (state) => uses[state],
}
