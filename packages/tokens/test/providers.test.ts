/** What goes over the wire, and what the platforms' answers mean. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@reprise/cache'
import { type TokenProvider, clientCredentials, dingtalk, wechat, wecom } from '@reprise/tokens'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { secretOf } from './rig.ts'

/** A platform that answers what a test says, and keeps what it was asked. */
const asked: { method: string; url: string; body: string; headers: Record<string, unknown> }[] = []
let replies: { status?: number; headers?: Record<string, string>; body: unknown }[] = []
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  asked.push({ method: request.method ?? '', url: request.url ?? '', body, headers: request.headers })
  const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? { body: {} }
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body)
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(text)
}
const server = createServer((request, response) => void answer(request, response))
let baseUrl = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.closeAllConnections())
afterAll(() => void server.close())
afterEach(() => void asked.splice(0))

const secret = secretOf('x')
const apps = { x: { secret } }
const ask = async (provider: TokenProvider, refused: (value: string) => boolean = () => false) =>
  provider.ask('x', { signal: new AbortController().signal, clock: systemClock, refused })
const failure = async (provider: TokenProvider): Promise<Record<string, unknown>> =>
  ask(provider).then(
    () => ({ code: 'none' }),
    (error: unknown) => error as Record<string, unknown>,
  )
const good = { body: { access_token: 'T', expires_in: 7_200 } }

describe('requests', () => {
  test('WeChat: GET /cgi-bin/token', async () => {
    replies = [good]
    expect(await ask(wechat({ apps, baseUrl }))).toEqual({ value: 'T', expiresIn: 7_200 })
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: `/cgi-bin/token?grant_type=client_credential&appid=x&secret=${secret}`,
      body: '',
    })
  })

  test('WeChat stable: POST JSON; forced only where the same refused token comes again', async () => {
    const provider = wechat({ apps, baseUrl, mode: 'stable' })
    replies = [good, { body: { access_token: 'T2', expires_in: 7_200 } }]
    expect(await ask(provider, (value) => value === 'T')).toMatchObject({ value: 'T2' })
    expect(asked.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual(
      [false, true].map((force) => [
        'POST',
        '/cgi-bin/stable_token',
        { grant_type: 'client_credential', appid: 'x', secret, force_refresh: force },
      ]),
    )
  })

  test('WeCom: GET /cgi-bin/gettoken with the secret of the application', async () => {
    replies = [{ body: { errcode: 0, errmsg: 'ok', access_token: 'T', expires_in: 7_200 } }]
    const provider = wecom({ apps: { x: { corpId: 'ww', secret } }, baseUrl })
    expect(await ask(provider)).toEqual({ value: 'T', expiresIn: 7_200 })
    expect(asked[0]).toMatchObject({ method: 'GET', url: `/cgi-bin/gettoken?corpid=ww&corpsecret=${secret}` })
  })

  test('DingTalk: POST /v1.0/oauth2/accessToken, or GET /gettoken', async () => {
    replies = [{ body: { accessToken: 'T', expireIn: 7_200 } }]
    expect(await ask(dingtalk({ apps, baseUrl }))).toEqual({ value: 'T', expiresIn: 7_200 })
    replies = [{ body: { errcode: 0, access_token: 'T', expires_in: '7200' } }]
    expect(await ask(dingtalk({ apps, baseUrl, api: 'old' }))).toEqual({ value: 'T', expiresIn: 7_200 })
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/v1.0/oauth2/accessToken' })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ appKey: 'x', appSecret: secret })
    expect(asked[1]).toMatchObject({ method: 'GET', url: `/gettoken?appkey=x&appsecret=${secret}` })
  })

  test('OAuth 2.0: basic and post authentication, scopes, more fields, the query of the address', async () => {
    replies = [{ body: { access_token: 'T', token_type: 'Bearer' } }]
    const odd = { x: { clientId: 'a:ü b', secret: 's:%&' } }
    const common = { channel: 'c', tokenUrl: `${baseUrl}/t/token?tenant=1`, apps: odd, scopes: ['a', 'b'] }
    expect(await ask(clientCredentials(common))).toEqual({ value: 'T', expiresIn: undefined })
    await ask(clientCredentials({ ...common, authentication: 'post', form: { audience: 'api' } }))
    const [basic, post] = asked
    expect(basic).toMatchObject({ method: 'POST', url: '/t/token?tenant=1' })
    expect(basic?.body).toBe('grant_type=client_credentials&scope=a+b')
    const [, text = ''] = String(basic?.headers['authorization']).split(' ')
    expect(Buffer.from(text, 'base64').toString()).toBe('a%3A%C3%BC+b:s%3A%25%26')
    expect(post?.headers['authorization']).toBeUndefined()
    expect(Object.fromEntries(new URLSearchParams(post?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'api',
      client_id: 'a:ü b',
      client_secret: 's:%&',
    })
  })

  test('a redirection is not followed: it would carry the secret away', async () => {
    replies = [{ status: 302, headers: { location: `${baseUrl}/elsewhere` }, body: {} }]
    expect(await failure(wechat({ apps, baseUrl }))).toMatchObject({ code: 'E_TOKEN_UNREACHABLE' })
    expect(asked).toHaveLength(1)
  })
})

describe('failures', () => {
  const table: [name: string, make: () => TokenProvider, reply: (typeof replies)[number], wanted: object][] =
    [
      [
        'WeChat 40013',
        () => wechat({ apps, baseUrl }),
        { body: { errcode: 40013, errmsg: 'invalid appid' } },
        { code: 'E_TOKEN_CREDENTIALS', platformCode: 40013 },
      ],
      [
        'WeChat 40164',
        () => wechat({ apps, baseUrl }),
        { body: { errcode: 40164, errmsg: 'invalid ip 127.0.0.1, not in whitelist' } },
        { code: 'E_TOKEN_CREDENTIALS' },
      ],
      [
        'WeChat 45009',
        () => wechat({ apps, baseUrl }),
        { body: { errcode: 45009, errmsg: 'reach max api daily quota limit' } },
        { code: 'E_TOKEN_LIMITED', retryAfterMs: 60_000 },
      ],
      [
        'WeCom 40001',
        () => wecom({ apps: { x: { corpId: 'ww', secret } }, baseUrl }),
        { body: { errcode: 40001, errmsg: 'invalid credential' } },
        { code: 'E_TOKEN_CREDENTIALS' },
      ],
      [
        'DingTalk v1',
        () => dingtalk({ apps, baseUrl }),
        { status: 400, body: { code: 'invalidClientIdOrSecret', requestid: 'r', message: 'm' } },
        { code: 'E_TOKEN_CREDENTIALS', platformCode: 'invalidClientIdOrSecret' },
      ],
      [
        'DingTalk v1, limited',
        () => dingtalk({ apps, baseUrl }),
        { status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'm' } },
        { code: 'E_TOKEN_LIMITED' },
      ],
      [
        'DingTalk old',
        () => dingtalk({ apps, baseUrl, api: 'old' }),
        { body: { errcode: 40096, errmsg: 'm' } },
        { code: 'E_TOKEN_CREDENTIALS' },
      ],
      [
        'OAuth invalid_client',
        () =>
          clientCredentials({
            channel: 'c',
            tokenUrl: `${baseUrl}/t`,
            apps: { x: { clientId: 'c', secret } },
          }),
        { status: 401, body: { error: 'invalid_client' } },
        { code: 'E_TOKEN_CREDENTIALS' },
      ],
      [
        'OAuth 429',
        () =>
          clientCredentials({
            channel: 'c',
            tokenUrl: `${baseUrl}/t`,
            apps: { x: { clientId: 'c', secret } },
          }),
        { status: 429, headers: { 'retry-after': '30' }, body: { error: 'slow_down' } },
        { code: 'E_TOKEN_LIMITED', retryAfterMs: 30_000 },
      ],
      [
        'no JSON',
        () => wechat({ apps, baseUrl }),
        { status: 502, body: '<html>' },
        { code: 'E_TOKEN_PLATFORM', platformCode: 502 },
      ],
      [
        'no token',
        () => wechat({ apps, baseUrl }),
        { body: { expires_in: 7_200 } },
        { code: 'E_TOKEN_PLATFORM' },
      ],
    ]
  test.for(table)('%s', async ([, make, reply, wanted]) => {
    replies = [reply]
    const error = await failure(make())
    expect(error).toMatchObject(wanted)
    expect(asked).toHaveLength(1)
  })

  test('busy (-1) is asked again once', async () => {
    replies = [{ body: { errcode: -1, errmsg: 'system error' } }, good]
    expect(await ask(wechat({ apps, baseUrl }))).toMatchObject({ value: 'T' })
    replies = [{ body: { errcode: -1, errmsg: 'system error' } }]
    expect(await failure(wechat({ apps, baseUrl }))).toMatchObject({
      code: 'E_TOKEN_PLATFORM',
      platformCode: -1,
    })
    expect(asked).toHaveLength(4)
  })

  test('a connection that fails is tried again only where the platform gives the same token again', async () => {
    let calls = 0
    const broken: typeof fetch = async () => {
      calls += 1
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
    const count = async (provider: TokenProvider): Promise<number> => {
      calls = 0
      expect(await failure(provider)).toMatchObject({
        code: 'E_TOKEN_UNREACHABLE',
        message: expect.stringContaining('ECONNRESET'),
      })
      return calls
    }
    expect(await count(wechat({ apps, baseUrl, fetch: broken }))).toBe(1)
    expect(await count(wecom({ apps: { x: { corpId: 'ww', secret } }, baseUrl, fetch: broken }))).toBe(2)
    expect(await count(dingtalk({ apps, baseUrl, fetch: broken }))).toBe(2)
  })

  test('a text of the platform is shown without the secret, or anything that could be a token', async () => {
    const token = 'A'.repeat(64)
    replies = [{ body: { errcode: 40125, errmsg: `invalid appsecret ${secret} for ${token}` } }]
    const error = await failure(wechat({ apps: { x: { secret } }, baseUrl }))
    expect(error['message']).toContain('invalid appsecret [hidden] for [hidden]')
  })

  test('credentials can be looked up', async () => {
    replies = [good]
    const provider = wechat({ apps: async (id) => (id === 'x' ? { secret } : undefined), baseUrl })
    expect(await ask(provider)).toMatchObject({ value: 'T' })
    expect(provider.appIds).toEqual([])
  })
})

describe('refusals', () => {
  test.for([
    [
      'wechat',
      wechat({ apps }),
      [{ errcode: 40001 }, { errcode: 40014 }, { errcode: 42001 }],
      [{ errcode: 0 }, { errcode: 48001 }, undefined, 'x'],
    ],
    ['wecom', wecom({ apps: {} }), [{ errcode: 42001 }, { body: { errcode: 40014 } }], [{ errcode: 60011 }]],
    [
      'dingtalk',
      dingtalk({ apps }),
      [
        { errcode: 88, sub_code: '40014' },
        { code: 'InvalidAuthentication' },
        { status: 400, data: { code: 'InvalidAuthentication' } },
      ],
      [{ errcode: 88, sub_code: '60011' }, { code: 'Forbidden' }],
    ],
    [
      'oauth',
      clientCredentials({ channel: 'c', tokenUrl: 'https://example.com/t', apps: {} }),
      [{ status: 401 }, { error: 'invalid_token' }, new Response('', { status: 401 })],
      [{ status: 403 }, new Response('')],
    ],
  ] as const)('%s', ([, provider, refused, others]) => {
    for (const told of refused) expect(provider.refuses(told)).toBe(true)
    for (const told of others) expect(provider.refuses(told)).toBe(false)
  })
})
