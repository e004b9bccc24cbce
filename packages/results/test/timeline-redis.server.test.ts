/** Redis in front of timelines: the same answers, fewer questions to the database, and what is lost comes back. */
import { randomUUID } from 'node:crypto'
import { createFakeClock } from '@reprise/cache/testing'
import { type Database, openDatabase } from '@reprise/database'
import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Timelines, type TimelinesOptions, openTimelines } from '../src/index.ts'
import { createFront } from '../src/timeline/front.ts'
import { nameSession } from '../src/timeline/names.ts'
import { readSettings } from '../src/timeline/settings.ts'
import { stories, storyLimits, tell } from './timeline-story.ts'

const prefix = `timelines-${randomUUID().slice(0, 8)}`
const address = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const client = new Redis(address)
const inner = await openDatabase()
let transactions = 0
/** The database, counting what it is asked. */
const database: Database = {
  ...inner,
  transaction(work, options) {
    transactions += 1
    return inner.transaction(work, options)
  },
}
await (await openTimelines({ database })).close()
await client.ping()
afterAll(async () => {
  await lose()
  client.disconnect()
  await inner.close()
})

let clock = createFakeClock()
beforeEach(async () => {
  clock = createFakeClock()
  await lose()
  await inner.query('delete from timeline_sessions')
})

async function lose(): Promise<void> {
  const keys = await client.keys(`${prefix}:*`)
  if (keys.length > 0) await client.del(keys)
}

async function open(options: Partial<TimelinesOptions> = {}): Promise<Timelines> {
  const timelines = await openTimelines({
    database,
    clock,
    ...storyLimits,
    sweepEvery: Infinity,
    redis: { client, prefix },
    ...options,
  })
  onTestFinished(() => timelines.close())
  return timelines
}

/** How many transactions some work needs. */
async function asked(work: () => Promise<unknown>): Promise<number> {
  const before = transactions
  await work()
  return transactions - before
}

const name = { sessionId: 'talk', scene: '1' }
const note = (payload: unknown, resource = 'shot') => ({ ...name, category: 'note', resource, payload })
const keyOf = (site: string) => nameSession(prefix, site, name).key

test('any story of two processes that lose Redis now and then goes as in plain memory', async () => {
  const processes = [await open(), await open()] as const
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      await Promise.all([database.query('delete from timeline_sessions'), lose()])
      await tell(story, { processes, clock, lose })
    }),
    { numRuns: 40 },
  )
})

describe('Redis answers', () => {
  test('what was appended, without asking the database, until it is time to confirm', async () => {
    const site = (await open()).forSite('one')
    await site.appendEvent(note(null))
    await site.appendEvent(note({ b: 1, a: '图' }, ''))
    const reads = async (): Promise<unknown> => [
      (await site.getTimeline({ ...name, category: 'note' })).map(({ payload }) => payload),
      (await site.latest({ ...name, category: 'note', resource: 'shot' }))?.payload,
      (await site.latest({ ...name, category: 'note' }))?.payload,
      (await site.latestOfEach({ ...name, resource: 'shot', categories: ['note', 'none'] })).none,
      (await site.listResources(name)).map(({ resource }) => resource),
      await site.getTimeline({ ...name, category: 'none' }),
      (await site.getTimeline({ ...name, category: 'note', limit: 1 })).length,
    ]
    const wanted = [[null, { b: 1, a: '图' }], null, { b: 1, a: '图' }, null, ['', 'shot'], [], 1]
    expect(await asked(async () => expect(await reads()).toEqual(wanted))).toBe(0)
    await clock.advance(storyLimits.confirmEvery)
    expect(await asked(async () => expect(await reads()).toEqual(wanted))).toBe(1)
    await lose()
    // The first read asks for its answer and for the whole session.
    expect(await asked(async () => expect(await reads()).toEqual(wanted))).toBe(2)
  })

  test('nothing older than what it has answered before, though Redis forgets and gets an older state back', async () => {
    const [site, reader] = [(await open()).forSite('one'), (await open()).forSite('one')]
    const read = async () =>
      (await reader.getTimeline({ ...name, category: 'note' })).map(({ payload }) => payload)
    await site.appendEvent(note('first'))
    const older = await client.dumpBuffer(keyOf('one'))
    await site.appendEvent(note('second'))
    expect(await read()).toEqual(['first', 'second'])
    // A process that had read the session before the second append comes late to put it there.
    await client.restore(keyOf('one'), 60_000, older, 'REPLACE')
    expect(await read()).toEqual(['first', 'second'])
    await lose()
    expect(await read()).toEqual(['first', 'second'])
    await client.restore(keyOf('one'), 60_000, older, 'REPLACE')
    expect(await read()).toEqual(['first', 'second'])
  })

  test('nothing of a session that nobody wrote, and reading makes none', async () => {
    const site = (await open()).forSite('one')
    expect(await site.latest({ ...name, sessionId: 'nobody', category: 'note' })).toBeNull()
    expect((await inner.query('select from timeline_sessions where session = $1', ['nobody'])).rowCount).toBe(
      0,
    )
    expect(await client.keys(`${prefix}:*nobody*`)).toEqual([])
  })

  test('with the life that is left: losing Redis neither shortens nor renews it', async () => {
    const site = (await open({ confirmEvery: 5_000 })).forSite('one')
    await site.appendEvent(note(1))
    await clock.advance(4_000)
    await lose()
    expect((await site.latest({ ...name, category: 'note' }))?.payload).toBe(1)
    const left = await client.pttl(keyOf('one'))
    expect(left).toBeGreaterThan(5_000)
    expect(left).toBeLessThanOrEqual(6_000)
    await clock.advance(5_999)
    await lose()
    // It was not due at 4,000 and is now: the read slides it.
    expect((await site.latest({ ...name, category: 'note' }))?.payload).toBe(1)
    expect(await client.pttl(keyOf('one'))).toBeGreaterThan(9_000)
    await clock.advance(10_000)
    expect(await site.latest({ ...name, category: 'note' })).toBeNull()
  })

  test('a session that is too large for it from the database, and keeps it out', async () => {
    const timelines = await open({ redis: { client, prefix, maxSessionBytes: 100 } })
    const site = timelines.forSite('one')
    await site.appendEvent(note('x'.repeat(60), 'a'))
    expect(await client.hexists(keyOf('one'), 'x')).toBe(1)
    await site.appendEvent(note('y'.repeat(60), 'b'))
    expect(await client.hkeys(keyOf('one'))).toEqual(['v'])
    expect((await site.getTimeline({ ...name, category: 'note' })).length).toBe(2)
    expect(await client.hkeys(keyOf('one'))).toEqual(['v'])
    await site.clearResource({ ...name, resource: 'a' })
    expect((await site.getTimeline({ ...name, category: 'note' })).length).toBe(1)
    expect(await client.hexists(keyOf('one'), 'x')).toBe(1)
  })

  test.each(['{', undefined])('an event that another program made %j from the database', async (text) => {
    const site = (await open()).forSite('one')
    const { sequence } = await site.appendEvent(note('whole'))
    if (text === undefined) await client.hdel(keyOf('one'), `e:${sequence}`)
    else await client.hset(keyOf('one'), `e:${sequence}`, text)
    const [event] = await site.getTimeline({ ...name, category: 'note' })
    expect([event?.payload, await site.latest({ ...name, category: 'note' })]).toEqual(['whole', event])
  })

  test('under a key that says what it is and that no other session has', async () => {
    const site = (await open()).forSite('a:b')
    await site.appendEvent({ sessionId: 'c', category: 'note', payload: 1 })
    const other = (await open()).forSite('a')
    expect(await other.latest({ sessionId: 'b:c', category: 'note' })).toBeNull()
    expect(await client.keys(`${prefix}:*`)).toEqual([`${prefix}:timeline:a%3Ab:c:`])
  })
})

describe('a process that Redis does not hear', () => {
  const deaf = { status: 'reconnecting', callBuffer: () => Promise.reject(new Error('not connected')) }

  test('writes all the same; others learn of it when they confirm, it knows at once', async () => {
    const listener = (await open()).forSite('one')
    await listener.appendEvent(note('old'))
    const lonely = { ...deaf }
    const writer = (await open({ redis: { client: lonely, prefix } })).forSite('one')
    await writer.appendEvent(note('new'))
    expect((await writer.latest({ ...name, category: 'note' }))?.payload).toBe('new')
    expect((await listener.latest({ ...name, category: 'note' }))?.payload).toBe('old')
    await clock.advance(storyLimits.confirmEvery)
    expect((await listener.latest({ ...name, category: 'note' }))?.payload).toBe('new')
  })

  test('does not believe what Redis still has from before, once it hears again', async () => {
    const state = { ...deaf, status: 'ready', callBuffer: client.callBuffer.bind(client) }
    const site = (await open({ redis: { client: state, prefix } })).forSite('one')
    await site.appendEvent(note('old'))
    state.status = 'reconnecting'
    await site.appendEvent(note('new'))
    state.status = 'ready'
    expect((await site.latest({ ...name, category: 'note' }))?.payload).toBe('new')
    expect(await asked(() => site.latest({ ...name, category: 'note' }))).toBe(0)
    state.status = 'reconnecting'
    await site.clearSession(name)
    state.status = 'ready'
    expect(await site.latest({ ...name, category: 'note' })).toBeNull()
  })
})

describe('commands that come late', () => {
  const session = nameSession(prefix, 'late', name)
  const row = (sequence: number) => ({
    sequence,
    at: 0,
    category: 'note',
    resource: '',
    model: 'm',
    strategy: 's',
    payload: `${sequence}`,
  })
  const front = () => createFront(client, readSettings({ database, clock, redis: { client, prefix } }))
  const expiresAt = () => clock.now() + 60_000
  const append = (base: number, version: number, trimmed: readonly number[] = []) =>
    front().apply(session, {
      base,
      version,
      bytes: 1,
      expiresAt: expiresAt(),
      added: [row(version)],
      trimmed,
    })
  const held = async () => {
    const found = await front().timeline(session, { category: 'note', after: 0, limit: 10 })
    return found && [found.state.version, ...found.value.map(({ sequence }) => sequence)]
  }

  test('an append that was overtaken leaves nothing half done', async () => {
    await append(0, 1)
    await append(2, 3)
    expect(await held()).toBeUndefined()
    await append(1, 2)
    expect(await held()).toBeUndefined()
    await front().keep(session, { state: { version: 2, expiresAt: expiresAt() }, value: [row(1), row(2)] })
    expect(await held()).toBeUndefined()
    const value = [row(1), row(2), row(3)]
    await front().keep(session, { state: { version: 3, expiresAt: expiresAt() }, value })
    await append(2, 3)
    await append(0, 1)
    expect(await held()).toEqual([3, 1, 2, 3])
    await append(3, 4, [1])
    expect(await held()).toEqual([4, 2, 3, 4])
    expect(await client.hkeys(session.key)).not.toContain('e:1')
  })

  test('a session that was removed does not come back', async () => {
    await front().supersede(session, 5)
    await append(0, 4)
    await front().keep(session, { state: { version: 4, expiresAt: expiresAt() }, value: [row(4)] })
    await front().slide(session, { version: 4, expiresAt: expiresAt() })
    expect(await held()).toBeUndefined()
    await append(0, 6)
    await front().supersede(session, 5)
    expect(await held()).toEqual([6, 6])
  })

  test('an end that comes late does not come nearer', async () => {
    await append(0, 1)
    await front().slide(session, { version: 1, expiresAt: clock.now() + 1_000 })
    expect(await client.pttl(session.key)).toBeGreaterThan(50_000)
    await front().slide(session, { version: 1, expiresAt: clock.now() + 90_000 })
    expect(await client.pttl(session.key)).toBeGreaterThan(80_000)
  })
})
