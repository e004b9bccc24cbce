import { createFakeClock, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }

describe('stats', () => {
  test('a cache that was not used has no figures', async () => {
    const { cache, clock } = await rig(notes())
    expect(cache.stats()).toMatchObject({
      spaces: [],
      hitRate: 0,
      flights: 0,
      evictions: 0,
      startedAt: clock.now(),
    })
  })

  test('every read counts once: as a hit of its tier, a stale serve or a miss', async () => {
    const clock = createFakeClock()
    const { cache } = await rig(notes({ staleWhileRevalidate: '1m' }), { clock, tiers: [mapTier({ clock })] })
    const handle = cache.open(notes())
    await handle.get(one)
    handle.peek(one)
    await handle.getOrLoad(one, () => 'value')
    await handle.getOrLoad(one, () => 'value')
    handle.peek(one)
    await handle.getMany([one, { user: 'ann', id: 2 }])
    await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
    await handle.get(one)
    await clock.advance(10 * 60_000)
    await handle.getOrLoad(one, () => 'newer')
    await clock.settle()
    await handle.has(one)
    await handle.ttl(one)
    const { total, hitRate, spaces } = cache.stats()
    expect(total).toMatchObject({
      hits: { memory: 3, map: 1 },
      misses: 4,
      staleServes: 1,
      loads: 2,
      loadFailures: 0,
      sets: 0,
    })
    expect(hitRate).toBeCloseTo(4 / 9)
    expect(spaces).toMatchObject([{ space: 'note', ...total }])
  })

  test('loads, their time and failures, shared loads, sets, deletes', async () => {
    const { cache, clock } = await rig(notes({ backoff: false }))
    const handle = cache.open(notes())
    const slow = async (): Promise<string> =>
      new Promise((resolve) => clock.setTimeout(() => resolve('value'), 70))
    const reads = [1, 2, 3].map(async () => handle.getOrLoad(one, slow))
    await clock.advance(70)
    await Promise.all(reads)
    await handle.getOrLoad({ user: 'ann', id: 2 }, () => Promise.reject(new Error('down'))).catch(() => {})
    await handle.setMany([1, 2, 3].map((id) => ({ params: { user: 'bob', id }, value: id })))
    await handle.delete(one)
    expect(cache.stats().total).toMatchObject({
      loads: 2,
      loadTime: 70,
      loadFailures: 1,
      coalesced: 2,
      misses: 4,
      sets: 3,
      deletes: 1,
      memoryEntries: 3,
    })
  })

  test("the cost that hits and shared loads avoid: the loader's own, else the space's", async () => {
    const { cache } = await rig(notes({ cost: 2 }))
    const handle = cache.open(notes())
    await handle.getOrLoad(one, (context) => {
      context.meta({ cost: 10 })
      return 'dear'
    })
    await handle.set({ user: 'ann', id: 2 }, 'usual')
    await handle.get(one)
    await handle.get({ user: 'ann', id: 2 })
    handle.peek(one)
    await handle.getOrLoad(one, () => 'x')
    const load = async (): Promise<string> => 'shared'
    await Promise.all([1, 2, 3].map(async () => handle.getOrLoad({ user: 'ann', id: 3 }, load)))
    expect(cache.stats().total.avoidedCost).toBe(10 + 2 + 10 + 10 + 2 * 2)
  })

  test('a call that is refused counts nothing, and stats are a copy', async () => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    await handle.get({ user: '', id: 1 }).catch(() => {})
    await handle.set(one, undefined).catch(() => {})
    expect(cache.stats().spaces).toEqual([])
    await handle.set(one, 'value')
    const before = cache.stats()
    await handle.get(one)
    expect(before.total.hits).toEqual({})
  })
})
