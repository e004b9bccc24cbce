import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enhancedQuerySpace } from '../src/catalog/recognition.ts'
import { queryHistorySpace } from '../src/catalog/history.ts'
import { rateLimitSpace } from '../src/catalog/settings.ts'
import type { RetrievalQuestion } from '../src/dialogue/retrieve.ts'
import { createConfiguredRetriever } from '../src/retrieval/configured-retriever.ts'
import { queryHash } from '../src/retrieval/enhance.ts'
import { createRateLimit } from '../src/limits/rate-limit.ts'
import { type Bench, openBench, saturday } from './setup.ts'

let bench: Bench
let server: Server
const asked: { question: string; authorization: string | undefined }[] = []
const clock = { now: saturday.now }

beforeAll(async () => {
  bench = await openBench()
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { question } = JSON.parse(text) as { question: string }
      asked.push({ question, authorization: request.headers.authorization })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer":"两件行李"}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await bench.close()
})

const question = (query: string, before?: string): RetrievalQuestion => ({
  query,
  sessionId: 'sess_1',
  userId: 'u1',
  history: before === undefined ? [] : [{ user: before, assistant: '…' }],
})

const errors: unknown[] = []
const retriever = () =>
  createConfiguredRetriever({
    cache: bench.cache,
    database: bench.database,
    lookups: bench.dialogue.lookups,
    apiKey: 'secret',
    now: () => clock.now,
    onError: (error) => errors.push(error),
  })

it('has nothing to say without a service, and asks the one of the configuration', async () => {
  expect(await retriever().ask(question('可以带多少行李？'))).toBeUndefined()
  const { port } = server.address() as AddressInfo
  const set = `UPDATE system_configs SET config_value = $2 WHERE category = 'ragflow' AND config_key = $1`
  await bench.database.query(set, ['api_endpoint', JSON.stringify(`http://127.0.0.1:${port}/ask`)])
  await bench.database.query(set, ['is_active', 'true'])
  await bench.database.query(set, ['rate_limit_per_minute', '3'])
  await bench.cache.invalidate({ keys: ['intent_system:config:ragflow'] })
  expect(await retriever().ask(question('坐飞机可以带多少件行李上飞机？'))).toBe('两件行李')
  expect(asked).toEqual([{ question: '坐飞机可以带多少件行李上飞机？', authorization: 'Bearer secret' }])
})

it('asks a short question with the one before it, and keeps both', async () => {
  const short = question('那高铁呢', '坐飞机可以带多少件行李上飞机？')
  await retriever().ask(short)
  expect(asked.at(-1)?.question).toBe('坐飞机可以带多少件行李上飞机？\n那高铁呢')
  const kept = await bench.cache.open(enhancedQuerySpace).get({ query_hash: queryHash(short) })
  expect(kept).toMatchObject({
    original_query: '那高铁呢',
    context_used: { previous_question: short.history[0]?.user },
  })
  const history = await bench.cache.open(queryHistorySpace).get({ session_id: 'sess_1' })
  expect(history?.map(({ query }) => query)).toEqual(['坐飞机可以带多少件行李上飞机？', '那高铁呢'])
})

it('asks no more than the limit of a minute, and again in the next', async () => {
  await retriever().ask(question('第三个问题是什么呢？请告诉我答案'))
  const before = asked.length
  expect(await retriever().ask(question('第四个问题是什么呢？请告诉我答案'))).toBeUndefined()
  expect(asked).toHaveLength(before)
  expect(await bench.cache.open(rateLimitSpace).get({ config_name: 'ragflow' })).toMatchObject({
    limit: 3,
    used: 3,
    window_seconds: 60,
  })
  clock.now = new Date(clock.now.getTime() + 60_000)
  expect(await retriever().ask(question('第四个问题是什么呢？请告诉我答案'))).toBe('两件行李')
  expect(errors).toEqual([])
})

it('counts takers at once exactly', async () => {
  const limit = createRateLimit({
    cache: bench.cache,
    database: bench.database,
    now: () => clock.now,
    onError: (error) => errors.push(error),
  })
  const takes = await Promise.all(Array.from({ length: 20 }, () => limit.take('many', 7)))
  expect(takes.filter(Boolean)).toHaveLength(7)
})
