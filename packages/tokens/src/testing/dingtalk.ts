import { type Answered, type Asked, type Protocol, errcode, textOf } from './protocol.ts'

const v1 = '/v1.0/'
const requestid = '00000000-0000-0000-0000-000000000000'
const word = (status: number, code: string, message: string): Answered => ({
  status,
  body: { code, requestid, message },
})

const oldDenials = {
  id: errcode(40096, '不合法的appKey或appSecret'),
  secret: errcode(40096, '不合法的appKey或appSecret'),
  limit: errcode(90018, '您的服务器调用钉钉开放平台所有接口的请求都被暂时禁用了'),
  busy: errcode(-1, '系统繁忙'),
}
const newDenials = {
  id: word(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret'),
  secret: word(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret'),
  limit: word(403, 'Forbidden.AccessDenied.QpsLimitForApi', '请求被限流'),
  busy: word(503, 'ServiceUnavailable', '系统繁忙'),
}
const isNew = ({ path }: Asked): boolean => path.startsWith(v1)

/** DingTalk, both APIs: `/v1.0/oauth2/accessToken` and `/gettoken`; `/v1.0/contact/users/me` and `/user/get` to use a token. */
export const dingtalkProtocol: Protocol = {
  read({ method, path, query, headers, body }) {
    if (method === 'POST' && path === '/v1.0/oauth2/accessToken')
      return { kind: 'fetch', id: textOf(body['appKey']), secret: textOf(body['appSecret']) }
    if (method === 'GET' && path === '/gettoken')
      return { kind: 'fetch', id: query.get('appkey') ?? '', secret: query.get('appsecret') ?? '' }
    if (path === '/v1.0/contact/users/me')
      return { kind: 'use', token: headers['x-acs-dingtalk-access-token'] ?? '' }
    if (path === '/user/get') return { kind: 'use', token: query.get('access_token') ?? '' }
    return undefined
  },
  issued: ({ value, expiresIn }, asked) =>
    isNew(asked)
      ? { body: { accessToken: value, expireIn: expiresIn } }
      : { body: { errcode: 0, errmsg: 'ok', access_token: value, expires_in: expiresIn } },
  denied: (why, asked) => (isNew(asked) ? newDenials : oldDenials)[why],
  used(state, asked) {
    if (isNew(asked))
      return state === 'good'
        ? { body: { nick: '小明' } }
        : word(400, 'InvalidAuthentication', '不合法的access_token')
    if (state === 'good') return { body: { errcode: 0, errmsg: 'ok', name: '小明' } }
    const code = state === 'expired' ? 42001 : 40014
    return {
      body: {
        errcode: 88,
        errmsg: 'ding talk error',
        sub_code: String(code),
        sub_msg: '不合法的access_token',
      },
    }
  },
}
