import { type Cache, type CacheOptions, type TtlAdvice, defineSpace } from '@reprise/cache'
import { type FakeClock, createFakeClock, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Policies, notes, rig } from './rig.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** One read of an entry, by its number, at so many milliseconds from the start. */
type Read = readonly [at: number, id: number]

interface Played {
  readonly cache: Cache
  readonly clock: FakeClock
  readonly hits: number
  readonly advice: TtlAdvice
}

/** Plays reads with a loader on a fake clock, then lets everything end. */
async function play(
  reads: readonly Read[],
  policy: Policies,
  options: Partial<Omit<CacheOptions, 'clock'>> = {},
): Promise<Played> {
  const clock = createFakeClock()
  const { cache } = await rig(notes(policy), { clock, sweepEvery: 5 * minute, ...options })
  const handle = cache.open(notes(policy))
  const start = clock.now()
  for (const [at, id] of reads.toSorted(([one], [other]) => one - other)) {
    if (start + at > clock.now()) await clock.advance(start + at - clock.now())
    await handle.getOrLoad({ user: 'ann', id }, () => id)
  }
  const { hits } = cache.stats().total
  await clock.advance(3 * hour)
  return { cache, clock, hits: hits['memory'] ?? 0, advice: only(cache.advise()) }
}

function only(list: readonly TtlAdvice[]): TtlAdvice {
  expect(list).toHaveLength(1)
  return list[0] as TtlAdvice
}

/** Entries loaded 20 seconds apart, each read at these ages. */
function each(count: number, agesOf: (id: number) => readonly number[]): Read[] {
  return Array.from({ length: count }, (_, id) =>
    [0, ...agesOf(id)].map((age): Read => [id * 20 * second + age, id]),
  ).flat()
}

const steps = (step: number, until: number): number[] =>
  Array.from({ length: Math.floor(until / step) }, (_, index) => (index + 1) * step)

describe('advice for the TTL of a space', () => {
  test('values that are read in their first two minutes alone: a short TTL, which keeps every hit', async () => {
    const reads = each(150, () => steps(20 * second, 2 * minute))
    const { advice, hits } = await play(reads, { ttl: '1h' })
    expect(advice).toMatchObject({
      space: 'note',
      advice: 'shorter',
      suggestedTtl: 3 * minute,
      ttl: hour,
      entries: 150,
      neverRead: 0,
      inUse: 0,
      left: { expired: 150, evicted: 0, replaced: 0, removed: 0 },
    })
    expect(advice.lastHitAge?.median).toBeGreaterThanOrEqual(2 * minute)
    expect(advice.lastHitAge?.p95).toBeLessThan(2 * minute * 1.19)
    expect(advice.reason).toContain('3m in place of 1h')
    const followed = await play(reads, { ttl: advice.suggestedTtl ?? 0 })
    expect(hits).toBe(150 * 6)
    expect(followed.hits).toBe(hits)
    expect(followed.advice.advice).toBe('keep')
  })

  test('the share that is never read again is exact, and most of it is told', async () => {
    const some = await play(
      each(200, (id) => (id % 10 < 3 ? [] : [second, 2 * second])),
      { ttl: '10m' },
    )
    expect(some.advice).toMatchObject({ entries: 200, neverRead: 0.3, advice: 'shorter' })
    const nearlyNone = await play(
      each(200, (id) => (id % 10 < 9 ? [] : [second])),
      { ttl: '10m' },
    )
    expect(nearlyNone.advice).toMatchObject({ entries: 200, neverRead: 0.9, advice: 'unread' })
    expect(nearlyNone.advice).not.toHaveProperty('suggestedTtl')
    expect(nearlyNone.advice.reason).toContain('90 % of 200 entries were never read again')
  })

  test('where too little was seen it says so, and suggests nothing', async () => {
    const { cache } = await rig(notes())
    const [untouched] = cache.advise(notes())
    expect(untouched).toEqual({
      space: 'note',
      advice: 'not-enough',
      reason: 'Not enough seen yet: 0 entries have left memory, and advice needs 100.',
      entries: 0,
      neverRead: 0,
      inUse: 0,
      left: { expired: 0, evicted: 0, replaced: 0, removed: 0 },
    })
    const few = await play(
      each(99, () => [second]),
      { ttl: '10m' },
    )
    expect(few.advice).toMatchObject({ advice: 'not-enough', entries: 99 })
    const enough = await play(
      each(100, () => [second]),
      { ttl: '10m' },
    )
    expect(enough.advice).toMatchObject({ advice: 'shorter', entries: 100 })
    const seldomRead = await play(
      each(140, (id) => (id < 29 ? [second] : [])),
      { ttl: '10m' },
    )
    expect(seldomRead.advice).toMatchObject({ advice: 'not-enough', entries: 140 })
    expect(seldomRead.advice.reason).toContain('29 of 140 entries were read again')
  })

  test('values in use when they end: a longer TTL, whether they expired or were refreshed ahead', async () => {
    const reads = each(120, () => steps(30 * second, 5 * minute - second))
    const { advice } = await play(reads, { ttl: '5m' })
    expect(advice).toMatchObject({ advice: 'longer', ttl: 5 * minute, suggestedTtl: 10 * minute, inUse: 1 })
    const ahead = await play(
      each(120, () => steps(30 * second, 15 * minute)),
      { ttl: '5m', refreshAhead: '1m' },
    )
    expect(ahead.advice).toMatchObject({ advice: 'longer', suggestedTtl: 10 * minute })
    expect(ahead.advice.left).toMatchObject({ replaced: 0, removed: 0, evicted: 0 })
  })

  test('values that go out of use at any time of their life: the TTL fits', async () => {
    const reads = each(200, (id) => steps(20 * second, (id / 200) * 9.9 * minute))
    const { advice } = await play(reads, { ttl: '10m' })
    expect(advice).toMatchObject({ advice: 'keep', suggestedTtl: 10 * minute, ttl: 10 * minute })
  })

  test('values that are pushed out while they are read are no reason for a shorter TTL', async () => {
    // Read every 20 s for 20 minutes, so 60 at a time; there is room for 20.
    const reads = each(160, () => steps(20 * second, 20 * minute))
    const { advice } = await play(reads, { ttl: '1h' }, { memory: { maxEntries: 20 } })
    expect(advice.left.evicted).toBeGreaterThan(100)
    expect(advice.advice).not.toBe('shorter')
    const shortOfRoom = await play(
      each(160, () => steps(second, 19 * second)),
      { ttl: '1h' },
      { memory: { maxEntries: 1 } },
    )
    expect(shortOfRoom.advice).toMatchObject({ advice: 'more-memory', left: { evicted: 159, expired: 1 } })
    expect(shortOfRoom.advice).not.toHaveProperty('suggestedTtl')
  })

  test('values that are replaced or removed while they are read do not count as read to their end', async () => {
    const { cache, clock } = await rig(notes({ ttl: '1h' }))
    const handle = cache.open(notes())
    for (let round = 0; round < 5; round += 1) {
      for (let id = 0; id < 40; id += 1) await handle.set({ user: 'ann', id }, round)
      for (let read = 0; read < 4; read += 1) {
        await clock.advance(10 * second)
        for (let id = 0; id < 40; id += 1) handle.peek({ user: 'ann', id })
      }
    }
    for (let id = 0; id < 40; id += 1) await handle.delete({ user: 'ann', id })
    expect(only(cache.advise())).toMatchObject({
      advice: 'keep',
      suggestedTtl: hour,
      left: { expired: 0, evicted: 0, replaced: 160, removed: 40 },
      inUse: 1,
    })
  })

  test('a value that was read in a tier below was read, and one that is only copied up again has not left', async () => {
    const clock = createFakeClock()
    const { cache } = await rig(notes({ ttl: '1h' }), {
      clock,
      tiers: [mapTier({ clock })],
      memory: { maxEntries: 1 },
    })
    const handle = cache.open(notes())
    for (let id = 0; id < 100; id += 1) await handle.set({ user: 'ann', id }, id)
    expect(only(cache.advise())).toMatchObject({ entries: 99, neverRead: 1 })
    await clock.advance(minute)
    for (let id = 0; id < 99; id += 1) expect(await handle.get({ user: 'ann', id })).toBe(id)
    await handle.get({ user: 'ann', id: 0 })
    const { entries, neverRead, lastHitAge } = only(cache.advise())
    expect(entries).toBe(199)
    expect(neverRead).toBeCloseTo(100 / 199)
    expect(lastHitAge?.median).toBeGreaterThanOrEqual(minute)
    expect(lastHitAge?.p95).toBeLessThan(1.2 * minute)
  })

  test('one space or all of the catalog; another is refused', async () => {
    const texts = defineSpace({ name: 'text', key: 'text:{id}', schema: z.unknown(), ttl: '1m' })
    const { cache } = await rig([notes(), texts])
    expect(cache.advise().map(({ space }) => space)).toEqual(['note', 'text'])
    expect(cache.advise(texts).map(({ space }) => space)).toEqual(['text'])
    const other = defineSpace({ name: 'other', key: 'other', schema: z.unknown(), ttl: '1m' })
    expect(() => cache.advise(other)).toThrow(/other/)
  })
})
