import { channel } from 'node:diagnostics_channel'
import type { Readable } from 'node:stream'
import { onEvent } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { expect, test } from 'vitest'
import { HttpError } from '../src/http/http-error.ts'
import { createLiveClients } from '../src/live/live-clients.ts'
import { type LiveEvents, type LiveOptions, createLiveEvents } from '../src/live/live-events.ts'
import { createTickets } from '../src/live/tickets.ts'
import { cacheSource } from '../src/live/cache-source.ts'

const clock = createFakeClock(Date.UTC(2026, 0, 1))
const tier = (name: string) => ({ tier: name, operation: 'read', error: 'E' })
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function open(options: Partial<LiveOptions> = {}): LiveEvents {
  return createLiveEvents({ clock, sources: [], ...options })
}

/** What a stream has by now. */
async function text(readable: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for (let quiet = 0; quiet < 3; quiet += 1) {
    for (
      let chunk = readable.read() as Buffer | null;
      chunk !== null;
      chunk = readable.read() as Buffer | null
    ) {
      chunks.push(chunk)
      quiet = 0
    }
    await turn()
  }
  return Buffer.concat(chunks).toString()
}

/** The events of a ring after a number, as type and data. */
function read(live: LiveEvents, from = 0): unknown[] {
  const found: unknown[] = []
  for (let n = from; ; n += 1) {
    const item = live.after(n)
    if (item === undefined || item === 'lost') return item === undefined ? found : [...found, 'lost']
    found.push([item.type, JSON.parse(/^data: (.*)$/m.exec(item.frame)?.[1] ?? '').data])
  }
}

test('nothing is kept, and no source runs, until somebody listens and half a minute after the last', async () => {
  const told: string[] = []
  const source = { start: () => (told.push('start'), () => void told.push('stop')) }
  const live = open({ sources: [source] })
  live.publish('tier', tier('redis'))
  expect([live.heard, live.newest, told]).toEqual([false, 0, []])
  const leave = live.listen(() => {})
  live.publish('tier', tier('redis'))
  const id = live.idOf(live.newest)
  leave()
  await clock.advance(29_000)
  live.publish('tier', tier('sql'))
  expect(read(live, live.numberOf(id))).toEqual([['tier', tier('sql')]])
  await clock.advance(2_000)
  expect([told, live.heard]).toEqual([['start', 'stop'], false])
  live.listen(() => {})
  expect(live.numberOf(id)).toBeUndefined()
  live.close()
})

test('listeners are called once for all events of a turn, and not any more when they have left', async () => {
  const live = open()
  let calls = 0
  const leave = live.listen(() => void (calls += 1))
  for (let n = 0; n < 10; n += 1) live.publish('tier', tier(`t${n}`))
  expect(calls).toBe(0)
  await turn()
  expect(calls).toBe(1)
  leave()
  live.publish('tier', tier('after'))
  await turn()
  expect([calls, live.listeners]).toEqual([1, 0])
  live.close()
})

test('the ring is bounded by events and by bytes; who is behind it is lost', () => {
  const live = open({ keep: 3, perSecond: 100 })
  live.listen(() => {})
  for (let n = 1; n <= 5; n += 1) live.publish('tier', tier(`t${n}`))
  expect([live.after(1), live.after(2)]).toEqual(['lost', expect.objectContaining({ n: 3 })])
  expect(read(live, 2)).toHaveLength(3)
  live.close()
  const small = open({ keepBytes: 1_000, perSecond: 100 })
  small.listen(() => {})
  for (let n = 0; n < 20; n += 1) small.publish('tier', tier('x'.repeat(300)))
  expect(read(small, small.newest - 2)).toHaveLength(2)
  expect(small.after(small.newest - 4)).toBe('lost')
  small.close()
})

test('what is beyond the limit of a second is counted and told as skipped', async () => {
  const live = open({ perSecond: 2 })
  live.listen(() => {})
  for (let n = 0; n < 5; n += 1) live.publish('tier', tier('redis'))
  await clock.advance(1_000)
  live.publish('tier', tier('sql'))
  expect(read(live)).toEqual([
    ['tier', tier('redis')],
    ['tier', tier('redis')],
    ['skipped', { events: { tier: 3 } }],
    ['tier', tier('sql')],
  ])
  live.close()
})

test('hits are told once a second by space and tier, misses one by one; nothing listens to the cache afterwards', async () => {
  const live = open({ sources: [cacheSource()], linger: 0 })
  const reads = channel('reprise:entry-read')
  const publish = (space: string, outcome: string, at?: string): void =>
    reads.publish({ space, key: `${space}:1`, outcome, tier: at, shared: false, milliseconds: 5 })
  expect(reads.hasSubscribers).toBe(false)
  const leave = live.listen(() => {})
  expect(reads.hasSubscribers).toBe(true)
  for (let n = 0; n < 1_000; n += 1) publish('quote', 'hit', n % 4 === 0 ? 'redis' : 'memory')
  publish('quote', 'stale', 'memory')
  publish('news', 'miss')
  await clock.advance(1_000)
  expect(read(live)).toEqual([
    ['miss', { space: 'news', key: 'news:1', seconds: 0.005 }],
    ['hit', { spaces: [{ space: 'quote', hits: { redis: 250, memory: 750 }, stale: 1 }] }],
  ])
  leave()
  await clock.advance(1_000)
  expect(reads.hasSubscribers).toBe(false)
  live.close()
})

test('a client that takes nothing holds a few bytes, is told by reset, and is dropped after a minute', async () => {
  const live = open({ keep: 10, perSecond: 1_000 })
  const clients = createLiveClients(live, { clock, check: () => Promise.resolve() })
  const readable = clients.open({ token: 't', types: new Set(['tier']), lastEventId: undefined })
  readable.read()
  for (let n = 0; n < 500; n += 1) {
    live.publish('tier', tier('x'.repeat(500)))
    await turn()
  }
  expect(readable.readableLength).toBeLessThan(8_192)
  const late = await text(readable)
  expect(late.match(/event: tier/g)?.length).toBeLessThan(15)
  expect(late).toMatch(/event: reset\ndata: .*"too-slow"/)
  for (let n = 0; n < 20; n += 1) {
    live.publish('tier', tier('y'.repeat(500)))
    await turn()
  }
  expect(clients.count).toBe(1)
  await clock.advance(80_000)
  await turn()
  expect([clients.count, live.listeners, readable.destroyed]).toEqual([0, 0, true])
  live.close()
})

test('the streams of a token that is refused end with the next beat; a database that is away ends none', async () => {
  const live = open()
  let answer: Error | undefined = new Error('the database is away')
  let asked = 0
  const check = (): Promise<void> => {
    asked += 1
    return answer === undefined ? Promise.resolve() : Promise.reject(answer)
  }
  const clients = createLiveClients(live, { clock, check, limit: 3 })
  const join = (token: string) => clients.open({ token, types: new Set(), lastEventId: undefined }).resume()
  join('a')
  join('a')
  join('b')
  expect(() => join('c')).toThrow(HttpError)
  await clock.advance(15_000)
  expect([asked, clients.count]).toEqual([2, 3])
  answer = new HttpError(401, 'Invalid token')
  await clock.advance(15_000)
  await expect.poll(() => clients.count).toBe(0)
  await clock.advance(60_000)
  expect(asked).toBe(4)
  live.close()
})

test('a ticket is good once, for a while, and there are not many', async () => {
  const tickets = createTickets({ now: () => clock.now(), most: 2 })
  const first = tickets.make('token-1')
  expect([tickets.take(first.ticket), tickets.take(first.ticket)]).toEqual(['token-1', undefined])
  const late = tickets.make('token-2')
  await clock.advance(30_000)
  expect(tickets.take(late.ticket)).toBeUndefined()
  const pushed = tickets.make('a')
  tickets.make('b')
  tickets.make('c')
  expect(tickets.take(pushed.ticket)).toBeUndefined()
})

test('what is told of a failed load is the name of its error, never its message', () => {
  const live = open({ sources: [cacheSource()] })
  live.listen(() => {})
  const stop = onEvent('loader-failed', () => {})
  const error = Object.assign(new Error('GET https://x?secret=abc'), { code: 'E_TOKEN_PLATFORM' })
  channel('reprise:loader-failed').publish({ space: 's', key: 'k', error, milliseconds: 1, attempts: 1 })
  stop()
  expect(JSON.stringify(read(live))).not.toContain('abc')
  expect(read(live)).toMatchObject([['load', { outcome: 'failed', error: 'E_TOKEN_PLATFORM' }]])
  live.close()
})
