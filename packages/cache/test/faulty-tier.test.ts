import { onEvent } from '@reprise/cache'
import { type Fault, createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }
const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

async function open() {
  const clock = createFakeClock()
  const tier = flakyTier(mapTier({ clock }))
  const { cache } = await rig(notes(), { clock, tiers: [tier], memory: { maxEntries: 0 } })
  const failed: string[] = []
  stops.push(onEvent('tier-failed', ({ operation }) => failed.push(operation)))
  return { cache, clock, tier, failed, handle: cache.open(notes()) }
}

describe.each<Fault>(['throw', 'hang', 'lie'])('a tier whose reads %s', (fault) => {
  test('is a miss within its deadline, and no error reaches who reads', async () => {
    const { cache, clock, tier, failed, handle } = await open()
    await handle.set(one, 'stored')
    tier.break('read', fault)
    const reads = Promise.all([
      handle.get(one),
      handle.has(one),
      handle.ttl(one),
      handle.find(one),
      handle.getMany([one]),
      handle.touch(one),
      handle.getOrLoad(one, () => 'loaded'),
    ])
    await clock.advance(fault === 'hang' ? 1_000 : 0)
    await clock.settle()
    expect(await reads).toEqual([undefined, false, undefined, undefined, [undefined], false, 'loaded'])
    expect(failed.includes('read')).toBe(fault !== 'lie')
    expect(cache.stats().total.errors > 0).toBe(fault !== 'lie')
    tier.heal()
    await clock.settle()
    expect(await handle.get(one)).toBe('loaded')
    expect([cache.stats().flights, clock.pending]).toEqual([0, 0])
  })
})

describe('a tier that cannot be written', () => {
  test('keeps no loaded value from its caller', async () => {
    const { clock, tier, failed, handle } = await open()
    tier.break('write', 'throw')
    expect(await handle.getOrLoad(one, () => 'loaded')).toBe('loaded')
    await clock.settle()
    expect(failed).toEqual(['write'])
    tier.break('write', 'hang')
    expect(await handle.getOrLoad({ user: 'ann', id: 2 }, () => 'loaded')).toBe('loaded')
    tier.heal()
  })

  test('a sweep or a removal in the background that fails is an event, and the next one works', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const failed: string[] = []
    stops.push(onEvent('tier-failed', ({ operation }) => failed.push(operation)))
    const { cache } = await rig(notes(), { clock, tiers: [tier], sweepEvery: 1_000 })
    const handle = cache.open(notes())
    await handle.set(one, 'short', { ttl: 500 })
    tier.break('sweep', 'throw')
    tier.break('list', 'throw')
    await clock.advance(1_000)
    await cache.invalidate({ tags: ['x'] })
    await clock.settle()
    expect(failed).toEqual(['sweep', 'list'])
    tier.heal()
    const swept = tier.calls.sweep
    await clock.advance(1_000)
    expect(tier.calls.sweep).toBeGreaterThan(swept)
    await cache.close()
  })

  test('tiers() tells which cannot be reached, and why', async () => {
    const { cache, tier, handle } = await open()
    await handle.set(one, 'stored')
    expect((await cache.tiers())[1]).toMatchObject({ name: 'map', reachable: true, entries: 1 })
    tier.break('ping', 'throw')
    const [, report] = await cache.tiers()
    expect(report).toMatchObject({ name: 'map', reachable: false, error: expect.stringContaining('ping') })
  })
})

test('a tier that does not open keeps the cache from opening', async () => {
  const clock = createFakeClock()
  const tier = { ...mapTier({ clock }), open: async () => Promise.reject(new Error('no such host')) }
  await expect(rig(notes(), { clock, tiers: [tier] })).rejects.toThrow('no such host')
})
