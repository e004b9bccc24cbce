import { createFakeClock } from '@reprise/cache/testing'
import { openDatabase } from '@reprise/database'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { ResultsError, type TimelinesOptions, openTimelines } from '../src/index.ts'

const database = await openDatabase()
afterAll(() => database.close())
const clock = createFakeClock()

async function open(options: Partial<TimelinesOptions> = {}) {
  const timelines = await openTimelines({ database, clock, ...options })
  onTestFinished(() => timelines.close())
  return timelines
}
let sessions = 0
/** A session of its own for each test. */
const fresh = () => ({ sessionId: `session ${(sessions += 1)}` })

async function failure(work: Promise<unknown>): Promise<ResultsError> {
  const thrown: unknown = await work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  if (ResultsError.is(thrown)) return thrown
  throw new Error(`not a ResultsError: ${String(thrown)}`, { cause: thrown })
}

describe('an event', () => {
  test('has a number, its time and where it comes from; unknown where nobody says', async () => {
    const site = (await open()).forSite('one')
    const session = fresh()
    const event = await site.appendEvent({ ...session, category: 'reply', payload: { text: '好' } })
    expect(event).toEqual({
      sequence: expect.any(Number),
      category: 'reply',
      resource: '',
      payload: { text: '好' },
      model: 'unknown',
      strategy: 'unknown',
      at: new Date(clock.now()).toISOString(),
    })
    expect(await site.latest({ ...session, category: 'reply' })).toEqual(event)
  })

  test.for<unknown>([
    null,
    0,
    '',
    false,
    [],
    {},
    { b: [null], a: 1 },
    'a\0b\ud800',
    1e300,
    { ['__proto__']: 1 },
    [[['深']]],
  ])('comes back as it was: %j', async (payload) => {
    const site = (await open()).forSite('one')
    const session = fresh()
    await site.appendEvent({ ...session, category: 'reply', payload })
    const [event] = await site.getTimeline({ ...session, category: 'reply' })
    expect(JSON.stringify(event?.payload)).toBe(JSON.stringify(payload))
  })

  test('has 0 where -0 was given, at once and when it is read', async () => {
    const site = (await open()).forSite('one')
    const session = fresh()
    const given = await site.appendEvent({ ...session, category: 'reply', payload: [-0] })
    const [event] = await site.getTimeline({ ...session, category: 'reply' })
    expect([given.payload, event?.payload]).toEqual([[0], [0]])
  })

  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  test.each([
    [undefined, 'payload is undefined, which JSON would not give back'],
    [{ a: [1, NaN] }, 'payload.a[1] is NaN,'],
    [{ at: new Date() }, 'payload.at is a Date,'],
    [[1n], 'payload[0] is bigint,'],
    [Object.assign([1], { 2: 2 }), 'payload[1] is undefined,'],
    [cycle, 'payload.self is an object that contains itself,'],
    [
      'x'.repeat(99),
      'The payload is 101 bytes of JSON, over the limit of 100: keep less of it, or raise maxPayloadBytes',
    ],
  ])('that JSON cannot hold, or that is too large, is refused: %#', async (payload, message) => {
    const site = (await open({ maxPayloadBytes: 100 })).forSite('one')
    const session = fresh()
    const events = [
      { category: 'reply', payload: 'x'.repeat(98) },
      { category: 'reply', payload },
    ]
    const error = await failure(site.appendEvents(session, events))
    expect([error.code, error.message]).toEqual(['E_TIMELINE_PAYLOAD', expect.stringContaining(message)])
    expect(await site.getTimeline({ ...session, category: 'reply' })).toEqual([])
  })
})

describe('events of one request', () => {
  const request = ['a', 'b'].flatMap((resource) =>
    ['screenshot_parse', 'context_analysis'].map((category) => ({ category, resource, payload: resource })),
  )

  test('are written together, and read together', async () => {
    const site = (await open()).forSite('one')
    const session = fresh()
    const categories = ['context_analysis', 'screenshot_parse', 'reply'] as const
    const read = () => site.latestOfEach({ ...session, resource: 'b', categories })
    expect(await read()).toEqual({ context_analysis: null, screenshot_parse: null, reply: null })
    const [, , parse, context] = await site.appendEvents(session, request)
    expect(await read()).toEqual({ context_analysis: context, screenshot_parse: parse, reply: null })
  })

  test('are all missing when the database refuses one of them', async () => {
    const site = (await open()).forSite('one')
    const session = fresh()
    await database.script(`
      create function refuse() returns trigger language plpgsql as $$ begin
        if new.category = 'context_analysis' and new.resource = 'b' then raise 'no'; end if; return new; end $$;
      create trigger refuse before insert on timeline_events for each row execute function refuse()`)
    onTestFinished(() => database.script('drop trigger refuse on timeline_events; drop function refuse'))
    await expect(site.appendEvents(session, request)).rejects.toThrow('no')
    expect(await site.listResources(session)).toEqual([])
    expect(
      (await database.query('select from timeline_sessions where session = $1', [session.sessionId]))
        .rowCount,
    ).toBe(0)
  })
})

describe('a timeline', () => {
  test('makes room by its oldest events, but never loses the latest of a resource', async () => {
    const site = (await open({ maxEvents: 3 })).forSite('one')
    const session = fresh()
    const add = (resource: string, payload: number) =>
      site.appendEvent({ ...session, category: 'c', resource, payload })
    const payloads = async () =>
      (await site.getTimeline({ ...session, category: 'c' })).map(({ payload }) => payload)
    await add('rare', 1)
    for (let n = 2; n <= 6; n += 1) await add('busy', n)
    expect(await payloads()).toEqual([1, 5, 6])
    await site.appendEvents(
      session,
      ['w', 'x', 'y', 'z'].map((resource, n) => ({ category: 'c', resource, payload: n + 7 })),
    )
    expect(await payloads()).toEqual([1, 6, 7, 8, 9, 10])
    await site.appendEvent({ ...session, category: 'd', resource: 'rare', payload: 0 })
    expect(await payloads()).toEqual([1, 6, 7, 8, 9, 10])
  })

  test('is read from a number on, and only the newest so many', async () => {
    const site = (await open()).forSite('one')
    const session = fresh()
    const events = await site.appendEvents(
      session,
      [1, 2, 3, 4].map((payload) => ({ category: 'c', payload })),
    )
    const read = async (query: { after?: number; limit?: number }) =>
      (await site.getTimeline({ ...session, category: 'c', ...query })).map(({ payload }) => payload)
    const after = events[1]?.sequence ?? 0
    expect([await read({ after }), await read({ limit: 1 }), await read({ after, limit: 1 })]).toEqual([
      [3, 4],
      [4],
      [4],
    ])
  })

  test('goes on with higher numbers after it was cleared or has ended', async () => {
    const site = (await open({ life: '1h' })).forSite('one')
    const session = fresh()
    const add = async () => (await site.appendEvent({ ...session, category: 'c', payload: 1 })).sequence
    const numbers = [await add()]
    expect(await site.clearSession(session)).toBe(1)
    numbers.push(await add())
    await clock.advance(3_600_000)
    numbers.push(await add())
    expect((await site.getTimeline({ ...session, category: 'c' })).map(({ sequence }) => sequence)).toEqual([
      numbers[2],
    ])
    await clock.advance(3_600_000)
    expect(await site.clearSession(session)).toBe(0)
    numbers.push(await add())
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
  })

  test('is decided by numbers, also when a clock goes backwards', async () => {
    const session = fresh()
    const ahead = { ...clock, now: () => clock.now() + 60_000 }
    await (
      await open({ clock: ahead })
    )
      .forSite('one')
      .appendEvent({ ...session, category: 'c', payload: 'first' })
    const site = (await open()).forSite('one')
    await site.appendEvent({ ...session, category: 'c', payload: 'second' })
    expect((await site.latest({ ...session, category: 'c' }))?.payload).toBe('second')
  })
})

test('a session lives from its last use on, and reading is a use', async () => {
  const site = (await open({ life: '2h', confirmEvery: '1m' })).forSite('one')
  const session = fresh()
  await site.appendEvent({ ...session, category: 'c', payload: 1 })
  const read = async () => (await site.latest({ ...session, category: 'c' }))?.payload
  for (let hour = 0; hour < 4; hour += 1) {
    await clock.advance(3_600_000)
    expect(await read()).toBe(1)
  }
  await clock.advance(59_999)
  // Too soon after the last read to count.
  expect(await read()).toBe(1)
  await clock.advance(7_200_000 - 59_999 - 1)
  expect(await site.listResources({ ...session, sessionId: 'another' })).toEqual([])
  const { rows } = await database.query<{ left: number }>(
    'select expires_at - $2::bigint as left from timeline_sessions where session = $1',
    [session.sessionId, clock.now()],
  )
  expect(rows).toEqual([{ left: 1 }])
  await clock.advance(1)
  expect(await read()).toBeUndefined()
})

test('sessions that have expired are removed on a timer, and no others', async () => {
  const errors: Error[] = []
  await open({ life: '10m', sweepEvery: '1m', onError: (error) => errors.push(error) }).then(
    async (timelines) => {
      const ended = fresh()
      await timelines.forSite('swept').appendEvent({ ...ended, category: 'c', payload: 1 })
      await clock.advance(9 * 60_000)
      const alive = fresh()
      await timelines.forSite('swept').appendEvent({ ...alive, category: 'c', payload: 1 })
      await clock.advance(2 * 60_000)
      await timelines.close()
      const left = await database.query(`select session from timeline_sessions where site = 'swept'`)
      expect(left.rows).toEqual([{ session: alive.sessionId }])
    },
  )
  expect(errors).toEqual([])
})

describe('what makes no sense is refused', () => {
  test.each([
    [{ sessionId: '' }, 'sessionId is "" (0 bytes): give 1 to 200 bytes of well-formed text without NUL'],
    [{ sessionId: '图'.repeat(67) }, 'sessionId is "图图'],
    [{ scene: 'a\0' }, String.raw`scene is "a\u0000" (2 bytes): give at most 200 bytes`],
    [{ category: '\ud800' }, String.raw`category is "\ud800" (3 bytes)`],
    [{ resource: 'x'.repeat(2_001) }, '(2001 bytes): give at most 2000 bytes'],
    [{ model: '' }, 'model is ""'],
    [{ scene: 1 as unknown as string }, 'scene is of type number: give a text'],
  ])('in a name: %#', async (part, message) => {
    const site = (await open()).forSite('one')
    const error = await failure(site.appendEvent({ sessionId: 's', category: 'c', payload: 1, ...part }))
    expect([error.code, error.message]).toEqual(['E_TIMELINE_OPTION', expect.stringContaining(message)])
  })

  test.each([
    [{ life: 999 }, 'life is 999: give a duration from 1000 to'],
    [{ life: 'soon' as '2h' }, 'life is "soon"'],
    [{ confirmEvery: '2h' }, 'confirmEvery is "2h": give a duration from 1 to 3600000 ms'],
    [{ maxEvents: 0 }, 'maxEvents is 0: give a whole number of 1 or more'],
    [{ maxPayloadBytes: 1.5 }, 'maxPayloadBytes is 1.5'],
    [{ sweepEvery: 1 }, 'sweepEvery is 1: give a duration of at least 1000 ms'],
    [
      { redis: { client: { status: 'wait', callBuffer: async () => null }, prefix: 'a b' } },
      'redis.prefix is "a b"',
    ],
  ] satisfies [Partial<TimelinesOptions>, string][])('in an option: %#', async (options, message) => {
    const error = await failure(openTimelines({ database, ...options }))
    expect([error.code, error.message]).toEqual(['E_TIMELINE_OPTION', expect.stringContaining(message)])
  })

  test('in a query, and any use after closing', async () => {
    const timelines = await open()
    expect(() => timelines.forSite('')).toThrow('site is ""')
    const site = timelines.forSite('one')
    const query = { sessionId: 's', category: 'c' }
    expect((await failure(site.getTimeline({ ...query, limit: 0 }))).message).toBe(
      'limit is 0: give a whole number of 1 or more',
    )
    expect((await failure(site.getTimeline({ ...query, after: -1 }))).message).toContain('after is -1')
    await timelines.close()
    expect((await failure(site.latest(query))).code).toBe('E_TIMELINE_CLOSED')
    expect((await failure(timelines.sweep())).code).toBe('E_TIMELINE_CLOSED')
  })
})
