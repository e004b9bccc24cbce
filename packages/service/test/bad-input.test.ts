import { connect } from 'node:net'
import { errorEnvelope, routes } from '@reprise/api'
import * as fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registerRoute } from '../src/http/register-route.ts'
import { type TestService, bearer, headlines, startService } from './start-service.ts'

let running: TestService
let admin: string
const said: unknown[] = []
beforeAll(async () => {
  running = await startService({
    service: {
      mount: (app) =>
        registerRoute(app, routes.chatInteract, ({ body }) => {
          said.push(body)
          return {
            data: {
              response: body.input ?? body.message ?? '',
              session_id: 's',
              intent: null,
              confidence: 0,
              slots: {},
              status: 'none',
              response_type: 'fallback',
              next_action: 'none',
              trace: [],
            },
          }
        }),
    },
  })
  admin = await running.token('admin')
  await running.cache.open(headlines).set({}, ['kept'])
})
afterAll(async () => running.stop())

async function post(payload: string | Buffer, type = 'application/json', url = '/api/v1/chat/interact') {
  const headers = { ...bearer(admin), 'content-type': type }
  const response = await running.service.app.inject({ method: 'POST', url, headers, payload })
  return { status: response.statusCode, body: response.json(), text: response.body }
}

const good = { user_id: 'u1', input: '我想订一张明天去上海的机票' }
const nested = `{"user_id":"u","input":"x","context":{"device_info":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}}`

test('a good message reaches the handler with its checked body', async () => {
  const { status, body } = await post(JSON.stringify(good))
  expect(status).toBe(200)
  expect(body).toMatchObject({ success: true, message: 'OK', data: { response: good.input } })
  expect(said.at(-1)).toEqual(good)
})

test.each<[string, string | Buffer, number]>([
  ['an unknown field', JSON.stringify({ ...good, x: 1 }), 422],
  ['an unknown field of the context', JSON.stringify({ ...good, context: { x: 1 } }), 422],
  ['a wrong type', JSON.stringify({ ...good, user_id: 5 }), 422],
  ['an array', '[]', 422],
  ['null', 'null', 422],
  ['a number', '1e999', 422],
  ['nothing', '', 422],
  ['input and message', JSON.stringify({ ...good, message: 'x' }), 422],
  ['neither input nor message', JSON.stringify({ user_id: 'u' }), 422],
  ['an empty input', JSON.stringify({ ...good, input: '' }), 422],
  ['a long input', JSON.stringify({ ...good, input: 'x'.repeat(1001) }), 422],
  ['a user id of 10,000 characters', JSON.stringify({ ...good, user_id: 'x'.repeat(10_000) }), 422],
  ['a user id with a control character', JSON.stringify({ ...good, user_id: 'a\u0007' }), 422],
  ['NUL in a nested text', JSON.stringify({ ...good, context: { device_info: { a: ['\0'] } } }), 400],
  ['NUL in a nested key', JSON.stringify({ ...good, context: { device_info: { 'a\0': 1 } } }), 400],
  ['half a surrogate pair', '{"user_id":"u","input":"\\ud800"}', 400],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
  ['broken JSON', '{"user_id":', 400],
  ['__proto__', '{"user_id":"u","input":"x","__proto__":{"admin":true}}', 400],
  ['constructor.prototype', '{"user_id":"u","constructor":{"prototype":{"admin":true}}}', 400],
  ['nesting of 10,000', nested, 400],
  ['1 MB', JSON.stringify({ ...good, input: 'x'.repeat(1_000_000) }), 413],
])('%s is refused with the envelope and never reaches the handler', async (_, payload, expected) => {
  const before = said.length
  const { status, body, text } = await post(payload)
  expect(status).toBe(expected)
  expect(body).toMatchObject({ success: false, data: null, error: { request_id: body.request_id } })
  expect(text).not.toMatch(/node_modules|\.ts:\d/)
  expect(said).toHaveLength(before)
})

test.each(['*', '{}', 'a:b', '%00', "'; drop table service_users; --", '../../etc/passwd'])(
  'a user id %j is only a text',
  async (user_id) => {
    expect((await post(JSON.stringify({ ...good, user_id }))).status).toBe(200)
  },
)

test('other content types are refused', async () => {
  for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense']) {
    const { status } = await post(JSON.stringify(good), type)
    expect(status).toBe(415)
  }
})

test('unknown addresses, methods and malformed URLs get the envelope', async () => {
  const { app } = running.service
  for (const [method, url, status] of [
    ['GET', '/nowhere', 404],
    ['OPTIONS', '/api/cache/stats', 404],
    ['POST', '/api/cache/stats', 404],
    ['GET', '/%', 400],
    ['GET', '/api/cache/%zz', 400],
    ['GET', `/${'a'.repeat(10_000)}`, 404],
    ['GET', '/api/cache/stats/../../../etc/passwd', 404],
  ] as const) {
    const response = await app.inject({ method, url, headers: bearer(admin) })
    expect(response.statusCode).toBe(status)
    expect(response.json().request_id).toBe(response.headers['x-request-id'])
  }
  const head = await app.inject({ method: 'HEAD', url: '/api/cache/stats', headers: bearer(admin) })
  expect([head.statusCode, head.body]).toEqual([200, ''])
})

const blank = { type: 'about:blank' }
const invalid = {
  type: '/docs/errors#VALIDATION_ERROR',
  title: 'Something in the request is missing, unknown or not valid',
}

test.each<[number, string, InjectOptions & { readonly url: string }, object]>([
  [401, 'nobody', { url: '/api/auth/me' }, { ...blank, title: 'Unauthorized' }],
  [403, 'viewer', { method: 'DELETE', url: '/api/cache/clear' }, { ...blank, title: 'Forbidden' }],
  [404, 'viewer', { url: '/nowhere?ticket=secret' }, { ...blank, title: 'Not Found' }],
  [409, 'admin', { url: '/api/v1/users', payload: { username: 'the-admin', role: 'viewer' } }, blank],
  [413, 'admin', { url: '/api/v1/users', payload: { username: 'x'.repeat(1e6) } }, blank],
  [422, 'admin', { url: '/api/cache/details?page=0' }, { ...invalid, errors: [{ field: 'page' }] }],
])('%i: what %s is refused is a problem document in the envelope', async (status, who, asked, expected) => {
  const method = asked.payload === undefined ? 'GET' : 'POST'
  const token = { viewer: () => running.token('viewer'), admin: async () => admin }[who]
  const headers = { 'x-request-id': 'r-7', ...(token === undefined ? {} : bearer(await token())) }
  const response = await running.service.app.inject({ method, headers, ...asked })
  const body = errorEnvelope.parse(response.json())
  expect([response.statusCode, body.status]).toEqual([status, status])
  expect(body).toMatchObject(expected)
  expect([body.detail, body.instance]).toEqual([body.message, `${asked.url.split('?')[0]}#r-7`])
  const fields = body.error.details?.map(({ field, message: detail }) => ({ field, detail }))
  expect(body.errors).toEqual(fields)
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
})

test('the types of problems are places on a page that the service has', async () => {
  const page = await running.service.app.inject('/docs/errors')
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  for (const code of [
    'VALIDATION_ERROR',
    'E_KEY_UNKNOWN',
    'E_TASKS_BACKLOG',
    'E_TOKEN_LIMITED',
    'E_RESULT_BUSY',
  ])
    expect(page.body).toContain(`<dt id="${code}">${code}</dt>`)
})

test('a body where none is taken is refused', async () => {
  const request = { method: 'DELETE', url: '/api/cache/clear', headers: bearer(admin) } as const
  const response = await running.service.app.inject({ ...request, payload: { keys: '*' } })
  expect(response.statusCode).toBe(422)
  expect((await running.cache.entries()).total).toBe(1)
})

test('what is not HTTP, and headers that are too large, get the envelope too', async () => {
  const address = new URL(await running.service.listen())
  const talk = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(Number(address.port), address.hostname, () => socket.write(text))
      socket.on('data', (chunk) => (answer += String(chunk)))
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  expect(await talk('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"success":false[^]*"request_id":"/)
  const large = await talk(`GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)
  expect(large).toMatch(/^HTTP\/1\.1 431 [^]*HEADERS_TOO_LARGE/)
})

function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '?'))
}

test('whatever is sent, wherever: never a 500, always the envelope, nothing lost', async () => {
  const rows = Object.values(routes).filter(
    ({ id }) => id !== 'cacheClear' && id !== 'cacheCleanup' && id !== 'metrics' && id !== 'events',
  )
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 200 }))
  const name = fc.oneof(
    fc.constantFrom(
      'user_id',
      'input',
      'context',
      'username',
      'password',
      'page',
      '__proto__',
      'constructor',
    ),
    text,
  )
  const body = fc.oneof(
    fc.json({ maxDepth: 6 }),
    fc.dictionary(name, fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  )
  const request = fc.record({
    row: fc.constantFrom(...rows),
    method: fc.option(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'), { nil: undefined }),
    query: fc.array(fc.tuple(name, fc.oneof(text, fc.integer().map(String), fc.constant('1e400')))),
    raw: fc.constantFrom('', '&%', '&%zz', '&a[b]=c', '&page=1&page=2'),
    token: fc.constantFrom('good', 'none', 'bad'),
    type: fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/plain', ''),
    id: fc.option(text, { nil: undefined }),
    body: fc.option(body, { nil: undefined }),
  })
  let tried = 0
  await fc.assert(
    fc.asyncProperty(request, async (sample) => {
      const query = sample.query.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&')
      const method = sample.method ?? sample.row.method
      const authorization = { good: `Bearer ${admin}`, none: undefined, bad: 'Bearer a.b.c' }[sample.token]
      const response = await running.service.app.inject({
        method: method as 'GET',
        url: `${sample.row.path}?${query}${sample.raw}`,
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(sample.type === '' ? {} : { 'content-type': sample.type }),
          ...(sample.id === undefined ? {} : { 'x-request-id': encode(sample.id) }),
        },
        ...(sample.body === undefined || method === 'GET' || method === 'HEAD'
          ? {}
          : { payload: sample.body }),
        remoteAddress: `10.0.${Math.floor(tried / 250)}.${tried % 250}`,
      })
      tried += 1
      expect(response.statusCode).toBeLessThan(500)
      const id = method === 'HEAD' ? response.headers['x-request-id'] : response.json().request_id
      expect(id).toBe(response.headers['x-request-id'])
      if (response.statusCode >= 400 && method !== 'HEAD') {
        const problem = errorEnvelope.parse(response.json())
        expect(new URL(problem.instance, 'http://here/').host).toBe('here')
      }
      expect(id).toEqual(expect.any(String))
    }),
    { numRuns: 300 },
  )
  expect(tried).toBeGreaterThanOrEqual(300)
  expect((await running.cache.entries()).total).toBe(1)
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
})
