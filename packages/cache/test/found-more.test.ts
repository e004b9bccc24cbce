/** More of what a second pair of eyes found: stores, figures, options. */
import {
  type Tier,
  type TierRecord,
  RepriseError,
  createCache,
  defineCatalog,
  endOfDay,
} from '@reprise/cache'
import { sqlLog } from '@reprise/cache/sql'
import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { PGlite } from '@electric-sql/pglite'
import { describe, expect, test } from 'vitest'
import { gate, gated, notes, rig } from './rig.ts'
import { runSchedule } from './schedule.ts'

const one = { user: 'ann', id: 1 }
const minute = 60_000

describe('found: stores, figures, options', () => {
  test('F17 a document with the sidecar of another key is a mixed-up store: a miss', async () => {
    const clock = createFakeClock()
    const records = new Map<string, TierRecord>()
    const space = notes({ format: 'document' })
    const { cache } = await rig(space, {
      clock,
      tiers: [mapTier({ clock, records })],
      memory: { maxEntries: 0 },
    })
    const handle = cache.open(space)
    await handle.set({ user: 'bob', id: 1 }, 'of bob')
    const bobs = records.get('test:note:bob:1') as TierRecord
    records.set('test:note:ann:1', { ...bobs, key: 'test:note:ann:1' })
    expect(await handle.get(one)).toBeUndefined()
  })

  test('F18 a calendar rule that gives no instant is refused, and does not live for ever', async () => {
    const space = notes({ ttl: { endsAt: () => Number.NaN, describes: 'broken' } })
    const { cache } = await rig(space)
    await expect(cache.open(space).set(one, 'value')).rejects.toMatchObject({ code: 'E_TTL_INVALID' })
  })

  test('F19 a ttl that is no duration is refused when the catalog is made, not after a load was paid for', async () => {
    await expect(rig(notes({ ttl: 'soon' as never }))).rejects.toThrow(/soon/)
  })

  test('F20 cleanup() also removes expired entries, whenever they were made', async () => {
    const space = notes()
    const { cache, clock } = await rig(space)
    await cache.open(space).set(one, 'value')
    await clock.advance(11 * minute)
    await cache.cleanup({ createdBefore: 0 })
    expect(cache.stats().total.memoryEntries).toBe(0)
  })

  test('F21 removed counts entries, not the largest tier; delete() of an expired entry tells false', async () => {
    const clock = createFakeClock()
    const space = notes()
    const tier = mapTier({ clock })
    const { cache } = await rig(space, { clock, tiers: [tier], memory: { maxEntries: 1 } })
    const handle = cache.open(space)
    await handle.set(one, 'only below')
    await handle.set({ user: 'ann', id: 2 }, 'in both')
    await tier.remove([handle.key({ user: 'ann', id: 2 })])
    const keys = [handle.key(one), handle.key({ user: 'ann', id: 2 })]
    expect(await cache.invalidate({ keys })).toMatchObject({ removed: 2 })
    await handle.set(one, 'value')
    await clock.advance(11 * minute)
    expect(await handle.delete(one)).toBe(false)
  })

  test('F22 a driven-again read counts as one coalesced read', async () => {
    const space = notes()
    const { cache, clock } = await rig(space)
    const handle = cache.open(space)
    const finish = gate()
    const loader = async (context: { tags(...tags: string[]): void }): Promise<string> => {
      context.tags('a')
      await finish.passed
      return 'value'
    }
    const early = handle.getOrLoad(one, loader)
    await clock.settle()
    await cache.invalidate({ tags: ['a'] })
    const joiner = handle.getOrLoad(one, loader)
    await clock.settle()
    finish.open()
    await Promise.all([early, joiner])
    expect(cache.stats().total.coalesced).toBeLessThanOrEqual(1)
  })

  test('F23 a listing that a tier fails rejects with E_TIER_READ', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    tier.break('list', 'throw')
    const errors = await Promise.all(
      [cache.open(notes()).keys(), cache.entries()].map(async (call) =>
        call.catch((error: unknown) => error),
      ),
    )
    expect(errors.map((error) => RepriseError.is(error, 'E_TIER_READ'))).toEqual([true, true])
  })

  test('F24 explain() and tiers() tell of a tier that hangs', async () => {
    const clock = createFakeClock()
    const tier: Tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(notes(), {
      clock,
      tiers: [{ ...tier, read: async () => new Promise(() => {}), ping: async () => new Promise(() => {}) }],
    })
    let told = 0
    void cache.explain(notes(), one).then(() => (told += 1))
    void cache.tiers().then(() => (told += 1))
    await clock.advance(minute)
    expect(told).toBe(2)
  })

  test('F25 a key that no parameters build is refused by invalidate()', async () => {
    const { cache } = await rig(notes())
    await expect(cache.invalidate({ keys: ['test:note:%61nn:1'] })).rejects.toMatchObject({
      code: 'E_KEY_UNKNOWN',
    })
  })

  test('F26 warm() refuses a concurrency that would run nothing', async () => {
    const { cache } = await rig(notes())
    let ran = 0
    await cache
      .warm([{ name: 'job', run: async () => void (ran += 1) }], { concurrency: Number.NaN })
      .catch(() => (ran += 1))
    expect(ran).toBe(1)
  })

  test('F27 Retry-After is read whatever the case of its name, since header names have none', async () => {
    const space = notes()
    const { cache } = await rig(space)
    const handle = cache.open(space)
    const fail = (): never => {
      throw Object.assign(new Error('busy'), { headers: { 'Retry-After': '120' } })
    }
    await handle.getOrLoad(one, fail).catch(() => {})
    await expect(handle.getOrLoad(one, fail)).rejects.toMatchObject({ retryAfter: 120_000 })
  })

  test('F28 the end of a day does not depend on the zone of the machine', () => {
    const before = process.env['TZ']
    try {
      process.env['TZ'] = 'America/Sao_Paulo'
      // On 2018-11-04 Sao Paulo has no midnight, and Havana has one at 04:00 UTC.
      const end = endOfDay('America/Havana').endsAt(Date.UTC(2018, 10, 3, 18))
      expect(new Date(end).toISOString()).toBe('2018-11-04T04:00:00.000Z')
    } finally {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    }
  })

  test('F29 a tag with NUL or a lone surrogate can be invalidated in a SQL log', async () => {
    const database = new PGlite()
    const catalog = defineCatalog({ prefix: 'test', spaces: [notes()] })
    const cache = await createCache({ catalog, log: sqlLog({ database, catalog: 'test' }), sweepEvery: 0 })
    const handle = cache.open(notes())
    for (const tag of ['nul \u0000', 'lone \ud800']) {
      await handle.set(one, 'old', { tags: [tag] })
      await cache.invalidate({ tags: [tag] })
      expect(await handle.get(one)).toBeUndefined()
    }
    await database.close()
  })

  test('F30 a ttl of null is refused, not the default by accident', async () => {
    const { cache } = await rig(notes())
    const written = cache.open(notes()).set(one, 'value', { ttl: null as never })
    await expect(written).rejects.toMatchObject({ code: 'E_TTL_INVALID' })
  })

  test('F31 an invalidated value is not handed out while its store is still under way', async () => {
    const clock = createFakeClock()
    const { tier } = gated(mapTier({ clock }), ['write'])
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    const handle = cache.open(notes())
    const load = (value: string) => (context: { tags(...tags: string[]): void }) => {
      context.tags('only-the-loader-knows')
      return value
    }
    expect(await handle.getOrLoad(one, load('old'))).toBe('old')
    await cache.invalidate({ tags: ['only-the-loader-knows'] })
    expect(await handle.getOrLoad(one, load('new'))).toBe('new')
  })

  // When these pass, schedule.test.ts can have `sets` as one more loop.
  test.each([0, 1, 2])('F32 random schedules with sets over %o tiers', async (tiers) => {
    for (const maxEntries of [1, 100]) {
      for (const loaderTags of [false, true]) {
        for (let seed = 1; seed <= 150; seed += 1)
          await runSchedule(seed, { sets: true, loaderTags, tiers, maxEntries })
      }
    }
  })
})
