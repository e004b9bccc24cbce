import { latencyBounds, latencyOfAll, latencyQuantile, latencySince, noLatency } from '@reprise/cache'
import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { array, assert, constantFrom, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { LatencyCounter } from '../src/operate/latency.ts'
import { notes, rig } from './rig.ts'

const counted = (durations: readonly number[]) => {
  const counter = new LatencyCounter()
  for (const duration of durations) counter.note(duration)
  return counter.read()
}
const durations = array(double({ min: 0.04, max: 100_000, noNaN: true }), {
  minLength: 1,
  maxLength: 60,
})

test('a quantile is at most √2 times off, and what was counted between two looks is their difference', () => {
  assert(
    property(durations, durations, constantFrom(0.5, 0.9, 0.99, 1), (first, second, share) => {
      const sorted = second.toSorted((left, right) => left - right)
      const truth = sorted[Math.ceil(share * sorted.length) - 1] as number
      const between = latencySince(counted(first), counted([...first, ...second]))
      expect(between.buckets).toEqual(counted(second).buckets)
      expect(between.time).toBeCloseTo(counted(second).time, 3)
      const told = latencyQuantile(between, share) as number
      expect(told / truth).toBeGreaterThan(1 / Math.SQRT2 - 1e-9)
      expect(told / truth).toBeLessThan(Math.SQRT2 + 1e-9)
      const all = counted([...first, ...second])
      expect(latencyOfAll([counted(first), counted(second)]).buckets).toEqual(all.buckets)
    }),
  )
})

test('what is below, above and beside the bounds has its bucket, and no call has no quantile', () => {
  expect(latencyQuantile(noLatency, 0.5)).toBeUndefined()
  const bounds = counted(latencyBounds)
  expect(bounds.buckets).toEqual([...latencyBounds.map(() => 1), 0])
  const odd = counted([0, -1, 1e9])
  expect([odd.buckets[0], odd.buckets.at(-1), odd.count]).toEqual([2, 1, 3])
  expect(latencyQuantile(odd, 1)).toBe(latencyBounds.at(-1))
})

test('reads and writes of a tier are timed, failed ones too; hits in memory and maintenance are not', async () => {
  const clock = createFakeClock()
  const tier = flakyTier(mapTier({ clock }))
  const { cache } = await rig(notes(), { clock, tiers: [tier] })
  const handle = cache.open(notes())
  const one = { user: 'ann', id: 1 }
  const slowly = async (operation: 'read' | 'write', call: () => Promise<unknown>): Promise<void> => {
    tier.break(operation, 'hang')
    const called = call()
    await clock.advance(40)
    tier.heal()
    await called
  }
  await slowly('write', () => handle.set(one, 'value'))
  await handle.get(one)
  await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
  await slowly('read', () => handle.get(one))
  tier.break('read', 'throw')
  await handle.get({ user: 'ann', id: 2 })
  tier.heal()
  await cache.counts()
  await cache.list()
  const [latencies] = cache.stats().tierLatencies
  expect(latencies).toMatchObject({
    tier: 'map',
    reads: { count: 2, time: 40 },
    writes: { count: 1, time: 40 },
  })
})

test('the loads of each space are timed, those that failed are not', async () => {
  const { cache, clock } = await rig(notes({ backoff: false }))
  const handle = cache.open(notes())
  expect(cache.stats().loadLatencies.size).toBe(0)
  const loaded = handle.getOrLoad({ user: 'ann', id: 1 }, () => {
    return new Promise((resolve) => clock.setTimeout(() => resolve('value'), 70))
  })
  await clock.advance(70)
  await loaded
  await handle.getOrLoad({ user: 'ann', id: 2 }, () => Promise.reject(new Error('down'))).catch(() => {})
  expect(cache.stats().loadLatencies.get('note')).toMatchObject({ count: 1, time: 70 })
})
