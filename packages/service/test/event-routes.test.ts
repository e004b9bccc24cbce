import { type LiveEvent, createClient } from '@reprise/api'
import { type ClientRequest, get } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { TaskKind } from '../src/tasks/kind.ts'
import { type TestService, quotes, startService } from './start-service.ts'

let arrive = (): void => {}
const walk: TaskKind = {
  name: 'walk',
  summary: 'Goes half of the way, and on when it is told',
  input: z.object({}),
  async run(_, { progress }) {
    progress(1, 2)
    await new Promise<void>((resolve) => (arrive = resolve))
  },
}
let running: TestService
let address: string
let viewer: string
beforeAll(async () => {
  running = await startService({ service: { tasks: { kinds: [walk] } } })
  address = await running.service.listen()
  viewer = await running.token('viewer')
})
afterAll(async () => running.stop())

const load = (symbol: string) =>
  running.cache.open(quotes).getOrLoad({ market: 'sh', symbol }, () => ({ price: 1 }))

/** The next event of a kind. */
async function next(events: AsyncGenerator<LiveEvent>, type: LiveEvent['type']): Promise<LiveEvent> {
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw new Error(`the stream ended before ${type}`)
    if (value.type === type) return value
  }
}

/** Waits until so many are connected, then does something. */
async function whenListening(count: number): Promise<void> {
  await expect.poll(() => running.service.app.live.listeners, { timeout: 10_000, interval: 5 }).toBe(count)
}

test('a client gets what happens, of the types it asks for, and goes on after the last one it saw', async () => {
  const client = createClient({ baseUrl: address, token: viewer })
  const ending = new AbortController()
  const events = client.events({ types: ['load'], signal: ending.signal })
  const first = next(events, 'load')
  await whenListening(1)
  await load('1')
  expect((await first).data).toMatchObject({ space: 'stock_quote', outcome: 'finished', error: null })
  const seen = (await first).id
  ending.abort()
  expect(await events.next()).toEqual({ value: undefined, done: true })
  await whenListening(0)

  await load('2')
  const back = client.events({ types: ['load'], lastEventId: seen })
  expect((await next(back, 'load')).data).toMatchObject({ key: 'test:quote:sh:2' })
  await back.return()
  const lost = client.events({ lastEventId: 'nobody-1' })
  expect((await next(lost, 'reset')).data).toEqual({ reason: 'unknown-id' })
  await lost.return()
  await whenListening(0)
})

test('who may not listen is refused, and told so', async () => {
  const first = async (token: string | undefined, types?: 'operation'): Promise<unknown> => {
    const client = createClient({ baseUrl: address, ...(token === undefined ? {} : { token }) })
    const events = client.events(types === undefined ? {} : { types: [types] })
    return events.next().then(
      () => 'open',
      (error: { status: number }) => error.status,
    )
  }
  expect(await first(undefined)).toBe(401)
  expect(await first('bad.bad.bad')).toBe(401)
  expect(await first(viewer, 'operation')).toBe(403)
  const response = await fetch(`${address}/api/v1/events?types=hit,nonsense`, {
    headers: { authorization: `Bearer ${viewer}` },
  })
  expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('types')])
  expect(running.service.app.live.listeners).toBe(0)
})

test('a ticket opens one stream without a header, and the token is in no address', async () => {
  const { ticket } = await createClient({ baseUrl: address, token: viewer }).call('eventTicket')
  const ending = new AbortController()
  const response = await fetch(`${address}/api/v1/events?ticket=${ticket}`, { signal: ending.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const again = await fetch(`${address}/api/v1/events?ticket=${ticket}`)
  expect([again.status, await again.text()]).toEqual([401, expect.stringContaining('used up')])
  ending.abort()
  await whenListening(0)
})

test('an operator hears of operations, with who did them', async () => {
  const client = createClient({ baseUrl: address, token: await running.token('operator') })
  const events = client.events({ types: ['operation'] })
  const heard = next(events, 'operation')
  await whenListening(1)
  await client.call('cacheCleanup')
  expect((await heard).data).toMatchObject({
    action: 'cache.cleanup',
    username: 'the-operator',
    result: 'done',
  })
  await events.return()
  await whenListening(0)
})

test('an operator hears of tasks: accepted, started, how far, ended', async () => {
  const client = createClient({ baseUrl: address, token: await running.token('operator') })
  const events = client.events({ types: ['task'] })
  const first = next(events, 'task')
  await whenListening(1)
  const { task } = await client.call('taskSubmit', { body: { kind: 'walk', input: {} } })
  const told = [(await first).data]
  while (told.length < 3) told.push((await next(events, 'task')).data)
  arrive()
  while (told.length < 4) told.push((await next(events, 'task')).data)
  const facts = { task_id: task.task_id, kind: 'walk', username: 'the-operator' }
  const none = { done: null, total: null, seconds: null }
  expect(told).toEqual([
    { ...facts, ...none, event: 'accepted', status: 'pending' },
    { ...facts, ...none, event: 'started', status: 'processing' },
    { ...facts, ...none, event: 'progress', status: 'processing', done: 1, total: 2 },
    { ...facts, ...none, event: 'ended', status: 'completed', seconds: expect.any(Number) as number },
  ])
  await events.return()
  await whenListening(0)
})

/** Opens a stream and resolves when its first bytes are there. */
function listen(): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const request = get(`${address}/api/v1/events`, { headers: { authorization: `Bearer ${viewer}` } })
    request.once('response', (response) => {
      response.once('data', () => resolve(request))
      response.on('error', () => {})
    })
    request.once('error', reject)
  })
}

test('a thousand listeners come and go, and nothing of them stays', async () => {
  const resources = (): number =>
    process.getActiveResourcesInfo().filter((name) => /Timeout|TCP/.test(name)).length
  const before = resources()
  for (let wave = 0; wave < 10; wave += 1) {
    const requests = await Promise.all(Array.from({ length: 100 }, listen))
    await whenListening(100)
    await load(`wave-${wave}`)
    // Half of them go without a word, half after what they were sent.
    for (const request of requests) {
      request.on('error', () => {})
      request.destroy()
    }
    await whenListening(0)
  }
  await expect.poll(resources, { timeout: 10_000 }).toBeLessThanOrEqual(before + 5)
})

test('streams end when the user is shut out, and when the service closes', async () => {
  const other = await startService()
  const own = await other.service.listen()
  const response = await fetch(`${own}/api/v1/events`, {
    headers: { authorization: `Bearer ${await other.token('viewer')}` },
  })
  const text = response.text()
  await expect.poll(() => other.service.app.live.listeners).toBe(1)
  await other.stop()
  expect(await text).toMatch(/^retry: 2000\n/)
})
