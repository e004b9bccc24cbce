import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiError, createClient } from '../src/index.ts'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly type: string | undefined
  readonly body: string
}

let server: Server
let baseUrl: string
let seen: Seen[]
let answer: (response: ServerResponse) => void

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const { method, url, headers } = request
  seen.push({ method, url, authorization: headers.authorization, type: headers['content-type'], body })
  answer(response)
}

beforeEach(async () => {
  seen = []
  server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/behind/a/proxy`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function json(status: number, body: unknown): void {
  answer = (response) => response.writeHead(status, { 'x-request-id': 'r-9' }).end(JSON.stringify(body))
}

test('a call carries method, path, query, body and token, and resolves with the data', async () => {
  json(200, { success: true, data: { days: 3 }, message: '', timestamp: '', request_id: '' })
  const client = createClient({ baseUrl, token: () => 't' })
  expect(await client.call('cacheCleanup', { query: { days: 3 } })).toEqual({ days: 3 })
  await client.call('login', { body: { username: 'a', password: 'b' } })
  await client.call('cacheStats')
  expect(seen).toEqual([
    {
      method: 'DELETE',
      url: '/behind/a/proxy/api/cache/cleanup?days=3',
      authorization: 'Bearer t',
      type: undefined,
      body: '',
    },
    {
      method: 'POST',
      url: '/behind/a/proxy/api/auth/login',
      authorization: 'Bearer t',
      type: 'application/json',
      body: '{"username":"a","password":"b"}',
    },
    {
      method: 'GET',
      url: '/behind/a/proxy/api/cache/stats',
      authorization: 'Bearer t',
      type: undefined,
      body: '',
    },
  ])
})

test('the types follow the table', () => {
  const client = createClient({ baseUrl })
  const misuses = (): unknown[] => [
    // @ts-expect-error login needs a body
    client.call('login'),
    // @ts-expect-error an unknown route
    client.call('nothing'),
    // @ts-expect-error an unknown parameter
    client.call('cacheCleanup', { query: { weeks: 1 } }),
    // @ts-expect-error stats take no query
    client.call('cacheStats', { query: { days: 1 } }),
  ]
  expect(misuses).toBeTypeOf('function')
})

test('a refusal is an ApiError with what the envelope says', async () => {
  const problem = {
    type: '/docs/errors#VALIDATION_ERROR',
    title: 'Not valid',
    status: 422,
    detail: 'Bad parameters: days',
    instance: '/api/cache/stats#r',
    errors: [{ field: 'days', detail: 'm' }],
  }
  json(422, {
    success: false,
    data: null,
    message: 'Bad parameters: days',
    ...problem,
    error: {
      code: 'VALIDATION_ERROR',
      message: 'Bad',
      request_id: 'r',
      details: [{ field: 'days', message: 'm' }],
    },
    timestamp: '2026-11-21T08:26:18+08:00',
    request_id: 'r',
  })
  const error = await createClient({ baseUrl })
    .call('cacheStats')
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    message: 'Bad parameters: days',
    code: 'VALIDATION_ERROR',
    status: 422,
    request_id: 'r',
    details: [{ field: 'days', message: 'm' }],
  })
  expect((error as ApiError).problem).toEqual(problem)
})

test('an answer that is not ours is told by its status', async () => {
  answer = (response) => response.writeHead(502, { 'x-request-id': 'r-9' }).end('<html>')
  const client = createClient({ baseUrl })
  await expect(client.call('me')).rejects.toMatchObject({ code: 'HTTP_502', status: 502, request_id: 'r-9' })
  answer = (response) => response.end('<html>')
  await expect(client.call('me')).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER', status: 200 })
})

test('a server that is not there is an ApiError, an abort is its reason', async () => {
  const aborted = AbortSignal.abort(new Error('no longer wanted'))
  await expect(createClient({ baseUrl }).call('me', { signal: aborted })).rejects.toThrow('no longer wanted')
  const client = createClient({ baseUrl: 'http://127.0.0.1:1' })
  await expect(client.call('me')).rejects.toMatchObject({
    name: 'ApiError',
    code: 'NETWORK_ERROR',
    status: 0,
  })
})
