import { type ChildProcess, fork } from 'node:child_process'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createCache, defineCatalog } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { wrapLanguageModel } from 'ai'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cacheModelCalls } from '../src/ai-sdk/middleware.ts'
import { redisRelay } from '../src/relay/redis-relay.ts'
import { modelCallSpace } from '../src/spaces.ts'
import { read, standIn, streamOf } from './model.ts'
import type { Order, Word } from './processes/worker.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `ai-processes-${process.pid}`
const children: ChildProcess[] = []

async function next<Say extends Word['say']>(
  child: ChildProcess,
  say: Say,
): Promise<Extract<Word, { say: Say }>> {
  return new Promise((resolve) => {
    const listen = (word: Word): void => {
      if (word.say !== say) return
      child.off('message', listen)
      resolve(word as Extract<Word, { say: Say }>)
    }
    child.on('message', listen)
  })
}

beforeAll(async () => {
  const worker = fileURLToPath(new URL('processes/worker.ts', import.meta.url))
  for (let index = 0; index < 4; index += 1) {
    children.push(
      fork(worker, [JSON.stringify({ url, prefix })], {
        execArgv: ['--conditions=@reprise/source', '--import', 'tsx'],
      }),
    )
  }
  await Promise.all(children.map(async (child) => next(child, 'ready')))
})

afterAll(async () => {
  for (const child of children) if (child.connected) child.disconnect()
  const redis = new Redis(url)
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  await redis.quit()
})

test.for([false, true])(
  '20 identical calls in each of 4 processes are 1 call of the model (streams: %s)',
  async (streams) => {
    let asked = 0
    const count = (word: Word): void => void (asked += word.say === 'asked' ? 1 : 0)
    for (const child of children) child.on('message', count)
    const answers = children.map(async (child) => next(child, 'answers'))
    for (const child of children) child.send({ streams, text: `hello ${streams}`, times: 20 } satisfies Order)
    const texts = (await Promise.all(answers)).flatMap((word) => word.texts)
    for (const child of children) child.off('message', count)
    expect(texts.length).toBe(80)
    expect(new Set(texts).size).toBe(1)
    expect(asked).toBe(1)
  },
)

test('the process that makes a stream is killed: those who follow are taken over by one call, and get it whole', async () => {
  const asking: ChildProcess[] = []
  for (const child of children)
    child.on('message', ({ say }: Word) => void (say === 'asked' && asking.push(child)))
  const begun = children.map(async (child) => next(child, 'first-text'))
  const order = { streams: true, text: 'to be continued', times: 5 }
  for (const child of children) child.send({ ...order, model: 'half' } satisfies Order)
  await Promise.all(begun)
  const [dying] = asking
  expect(asking.length).toBe(1)
  const others = children.filter((child) => child !== dying)
  const answers = others.map(async (child) => next(child, 'answers'))
  // Asks for nothing: it tells the models of the others to say everything.
  for (const child of others) child.send({ ...order, times: 0 } satisfies Order)
  dying?.kill('SIGKILL')
  const texts = (await Promise.all(answers)).flatMap((word) => word.texts)
  expect(texts).toEqual(Array.from({ length: 15 }, () => 'one and the same'))
  expect(asking.length).toBe(2)
})

/** A way to the Redis of the tests that can be frozen: connected, and silent. */
async function freezable() {
  const target = new URL(url)
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    sockets.push(near, far)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => sockets.forEach((socket) => socket.unpipe().pause()),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('Redis is silent: every call answers, and those at once are one', async () => {
  const way = await freezable()
  const shared = redisShared({ url: way.url, prefix, descriptor: 'model calls', deadline: '200ms' })
  const cache = await createCache({
    catalog: defineCatalog({ prefix, spaces: [modelCallSpace({ ttl: '1h' })] }),
    shared,
    sweepEvery: 0,
  })
  const upstream = standIn()
  upstream.parts = streamOf('streamed')
  const middleware = cacheModelCalls({ cache, tenant: 'shop', relay: redisRelay(shared) })
  const model = wrapLanguageModel({ model: upstream, middleware })
  const ask = (text: string) => ({
    prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
  })
  way.freeze()
  const results = await Promise.all(Array.from({ length: 20 }, async () => model.doGenerate(ask('down'))))
  const parts = await read((await model.doStream(ask('down, streaming'))).stream)
  expect(new Set(results.map(({ content }) => JSON.stringify(content))).size).toBe(1)
  expect(parts.some((part) => part.type === 'text-delta' && part.delta === 'streamed')).toBe(true)
  expect(upstream.calls.length).toBe(2)
  await cache.close({ timeout: 100 })
  await way.close()
})
