import { PGlite } from '@electric-sql/pglite'
import { type TierRecord, createCache, defineCatalog } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Store, play, workload } from './counts-workload.ts'
import { notes, rig } from './rig.ts'

async function pgliteStore(): Promise<Store & { close(): Promise<void> }> {
  const pglite = new PGlite()
  const database = {
    query: async (text: string, given: readonly unknown[] = []) => pglite.query<object>(text, [...given]),
  }
  const tier = sqlTier({ database, readDeadline: 20_000 })
  await tier.open()
  const one = async <Row>(text: string): Promise<Row> => (await pglite.query<Row>(text)).rows[0] as Row
  return {
    options: { tiers: [tier], log: sqlLog({ database, catalog: 'counted' }) },
    count: async () =>
      one(`select count(*)::int as entries, coalesce(sum(bytes), 0)::int as bytes from reprise_entries
        where key like 'counted:%'`),
    async writeForeign() {
      const record: TierRecord = { key: 'counter:1', body: '1', createdAt: 0, expiresAt: Infinity }
      await tier.write([record])
    },
    hasForeign: async () =>
      (await one<{ n: number }>(`select count(*)::int as n from reprise_entries where key = 'counter:1'`))
        .n === 1,
    empty: async () => void (await pglite.exec('delete from reprise_entries')),
    close: async () => pglite.close(),
  }
}

describe('counts', () => {
  test('after any run of operations they equal what can be read and what the database holds', async () => {
    const store = await pgliteStore()
    await fc.assert(
      fc.asyncProperty(workload, fc.constantFrom(0, 2, 100), async (steps, maxEntries) =>
        play(store, steps, maxEntries),
      ),
      { numRuns: 15 },
    )
    await store.close()
  })

  test('two tiers and memory: each entry once, also those that only one of them has', async () => {
    const clock = createFakeClock()
    const stores = [new Map<string, TierRecord>(), new Map<string, TierRecord>()] as const
    const tiers = stores.map((records, at) => mapTier({ clock, records, name: `tier-${at}` }))
    const { cache } = await rig(notes(), { clock, tiers, memory: { maxEntries: 2 } })
    const handle = cache.open(notes())
    for (const id of [1, 2, 3, 4, 5]) await handle.set({ user: 'a', id }, id)
    stores[1].delete('test:note:a:1')
    stores[0].delete('test:note:a:2')
    for (const records of stores) records.delete('test:note:a:5')
    await clock.advance(1_000)
    expect((await cache.counts()).entries).toBe(5)
    expect((await cache.entries()).items).toHaveLength(5)
  })

  test('nothing is walked again while it is true; a change, an end and a second make it count anew', async () => {
    const clock = createFakeClock()
    let walks = 0
    const inner = mapTier({ clock })
    const tier = {
      ...inner,
      list: async (...asked: Parameters<typeof inner.list>) => (walks++, inner.list(...asked)),
    }
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    const handle = cache.open(notes())
    await handle.set({ user: 'a', id: 1 }, 1, { ttl: 300 })
    await Promise.all([cache.counts(), cache.counts(), cache.counts()])
    expect(walks).toBeLessThanOrEqual(2)
    walks = 0
    for (let turn = 0; turn < 10; turn += 1) expect((await cache.counts()).entries).toBe(1)
    expect(walks).toBe(0)
    await handle.set({ user: 'a', id: 2 }, 2)
    expect((await cache.counts()).entries).toBe(2)
    await clock.advance(300)
    expect((await cache.counts()).entries).toBe(1)
    await inner.remove([handle.key({ user: 'a', id: 2 })])
    await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
    await cache.counts()
    walks = 0
    await clock.advance(999)
    await cache.counts()
    expect(walks).toBe(0)
    await clock.advance(1)
    await cache.counts()
    expect(walks).toBe(1)
  })

  test('a tier that is away is told, and what the others have is counted', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    await cache.open(notes()).set({ user: 'a', id: 1 }, 1)
    tier.break('ping', 'throw')
    const { entries, tiers } = await cache.counts()
    expect([entries, tiers[1]?.reachable]).toEqual([1, false])
  })
})

test('a preview counts what carries a tag that only its writer gave', async () => {
  const clock = createFakeClock()
  const { cache } = await rig(notes(), { clock, tiers: [mapTier({ clock })], memory: { maxEntries: 1 } })
  const handle = cache.open(notes())
  for (const id of [1, 2, 3]) await handle.set({ user: 'a', id }, id, { tags: [`n:${id % 2}`] })
  const seen = await cache.preview({ tags: ['n:1'] }, 1)
  expect([seen.entries, seen.samples.length, seen.spaces.get('note')]).toEqual([2, 1, 2])
  await cache.invalidate({ tags: ['n:1'] })
  expect((await cache.preview({ tags: ['n:1'] })).entries).toBe(0)
  expect((await cache.list()).items.map(({ key }) => key)).toEqual(['test:note:a:2'])
  await expect(cache.preview({ spaces: ['nobody'] })).rejects.toMatchObject({ code: 'E_SPACE_UNKNOWN' })
})

test('a closed cache counts and lists nothing', async () => {
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'test', spaces: [notes()] }) })
  await cache.close()
  for (const call of [cache.counts(), cache.list(), cache.inspect('test:note:a:1'), cache.server()])
    await expect(call).rejects.toMatchObject({ code: 'E_CACHE_CLOSED' })
})
