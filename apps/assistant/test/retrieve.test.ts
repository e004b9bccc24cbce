import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RagflowConfig } from '../src/catalog/settings.ts'
import { createRetriever } from '../src/dialogue/retrieve.ts'

let server: Server
let config: RagflowConfig
const clock = { now: new Date('2026-11-21T02:00:00Z') }
const asked: { body: unknown; authorization: string | undefined }[] = []
let reply: { status: number; body: unknown }

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked.push({
        body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
        authorization: request.headers.authorization,
      })
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())
beforeEach(() => {
  asked.length = 0
  reply = { status: 200, body: { code: 0, data: { answer: ' 每晚 500 元。 ' } } }
  config = {
    config_name: 'ragflow',
    api_endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/completions`,
    timeout_seconds: 5,
    rate_limit_per_minute: 60,
    health_check_interval_seconds: 300,
    failure_threshold: 2,
    is_active: true,
    updated_at: '2026-11-21T02:00:00Z',
  }
})

const question = {
  query: '住宿标准',
  sessionId: 's1',
  userId: 'u1',
  history: [{ user: '你好', assistant: '您好' }],
}

function open(failures: unknown[] = []) {
  return createRetriever({
    config: async () => config,
    apiKey: 'secret',
    now: () => clock.now,
    onFailure: (error) => failures.push(error),
  })
}

test('asks in the manner of RAGFlow and gives the answer', async () => {
  expect(await open().ask(question)).toBe('每晚 500 元。')
  expect(asked).toEqual([
    {
      authorization: 'Bearer secret',
      body: {
        question: '住宿标准',
        stream: false,
        session_id: 's1',
        user_id: 'u1',
        history: question.history,
      },
    },
  ])
  reply.body = { answer: 'plain' }
  expect(await open().ask(question)).toBe('plain')
})

test('is silent while it is switched off or has no address', async () => {
  config = { ...config, is_active: false }
  expect(await open().ask(question)).toBeUndefined()
  config = { ...config, is_active: true, api_endpoint: '' }
  expect(await open().ask(question)).toBeUndefined()
  expect(asked).toEqual([])
})

test('a service that keeps failing is left alone, and asked again after the interval', async () => {
  const failures: unknown[] = []
  const retriever = open(failures)
  reply = { status: 500, body: {} }
  for (let count = 0; count < 5; count += 1) expect(await retriever.ask(question)).toBeUndefined()
  expect(asked).toHaveLength(2)
  expect(failures).toHaveLength(2)
  reply = { status: 200, body: { answer: 'back' } }
  clock.now = new Date(clock.now.getTime() + 300_001)
  expect(await retriever.ask(question)).toBe('back')
  expect(await retriever.ask(question)).toBe('back')
})
