import { embeddingSpace, modelCallSpace, redisRelay } from '@reprise/ai'
import { type Cache, createCache, defineCatalog } from '@reprise/cache'
import { type RedisShared, redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { gatewayOver } from './gateway-rig.ts'
import { type ModelUpstream, startModelUpstream } from './model-upstream.ts'
import { type TestService, startService } from './start-service.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `gateway-${process.pid}`

interface Node {
  readonly cache: Cache
  readonly shared: RedisShared
  readonly running: TestService
  readonly client: OpenAI
}

let upstream: ModelUpstream
let nodes: readonly Node[]

async function startNode(): Promise<Node> {
  const shared = redisShared({ url, prefix, descriptor: 'gateway', deadline: '2s' })
  const catalog = defineCatalog({
    prefix,
    spaces: [modelCallSpace({ ttl: '1h' }), embeddingSpace({ ttl: '1h' })],
  })
  const cache = await createCache({ catalog, shared, sweepEvery: 0 })
  const running = await startService({
    service: { cache, gateway: { ...gatewayOver(upstream), relay: redisRelay(shared) } },
  })
  const baseURL = `${await running.service.listen()}/v1`
  const apiKey = await running.token('operator')
  const client = new OpenAI({
    apiKey,
    baseURL,
    maxRetries: 0,
    defaultHeaders: { 'x-reprise-tenant': 'shop' },
  })
  return { cache, shared, running, client }
}

beforeAll(async () => {
  upstream = await startModelUpstream()
  nodes = [await startNode(), await startNode()]
})
beforeEach(() => upstream.renew())
afterAll(async () => {
  for (const { running, cache } of nodes ?? []) {
    await running.stop()
    await cache.close()
  }
  await upstream.close()
  const redis = new Redis(url)
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  await redis.quit()
})

async function text(client: OpenAI, content: string, streams: boolean): Promise<string | null | undefined> {
  const request = { model: 'gpt-5', messages: [{ role: 'user' as const, content }] }
  if (!streams) return (await client.chat.completions.create(request)).choices[0]?.message.content
  const whole = await client.chat.completions.stream(request).finalChatCompletion()
  return whole.choices[0]?.message.content
}

it.for([false, true])(
  '20 at once at each of two servers are one call of the upstream (streams: %s)',
  async (streams) => {
    let open!: () => void
    upstream.manner.hold = new Promise((resolve) => (open = resolve))
    const answers = nodes.flatMap(({ client }) =>
      Array.from({ length: 20 }, () => text(client, `hello ${streams}`, streams)),
    )
    await expect.poll(() => upstream.asked.length, { timeout: 20_000 }).toBe(1)
    open()
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['answer 1']))
    expect(upstream.asked).toHaveLength(1)
  },
)

it('a stream comes to clients of the other server while it is made', async () => {
  let open!: () => void
  upstream.manner.text = 'one two three'
  upstream.manner.hold = new Promise((resolve) => (open = resolve))
  const [here, there] = nodes as [Node, Node]
  const first = here.client.chat.completions.stream({
    model: 'gpt-5',
    messages: [{ role: 'user', content: 'a stream' }],
  })
  await expect.poll(() => upstream.asked.length, { timeout: 20_000 }).toBe(1)
  const second = await there.client.chat.completions.create({
    model: 'gpt-5',
    messages: [{ role: 'user', content: 'a stream' }],
    stream: true,
  })
  const parts = second[Symbol.asyncIterator]()
  // The beginning is here although the upstream has not gone on.
  expect((await parts.next()).value?.choices[0]?.delta.role).toBe('assistant')
  open()
  let said = ''
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
    said += next.value.choices[0]?.delta.content ?? ''
  }
  expect(said).toBe('one two three')
  expect((await first.finalChatCompletion()).choices[0]?.message.content).toBe('one two three')
  expect(upstream.asked).toHaveLength(1)
})

it('every request is answered while Redis is away', async () => {
  const [node] = nodes as [Node, Node]
  await node.shared.close()
  const answers = await Promise.all([text(node.client, 'away', false), text(node.client, 'away', true)])
  expect(answers).toEqual(['answer 1', 'answer 1'])
  expect(await text(node.client, 'away again', true)).toBe('answer 2')
})
