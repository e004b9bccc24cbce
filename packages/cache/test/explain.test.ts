import type { Tier } from '@reprise/cache'
import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { gated, notes, rig } from './rig.ts'
import { controlled } from './story.ts'

/** After the promise jobs and the ticks that are due. */
const settled = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

const one = { user: 'ann', id: 1 }
const minute = 60_000

async function open(policy: Parameters<typeof notes>[0] = {}) {
  const clock = createFakeClock()
  const tier = flakyTier(mapTier({ clock }))
  const space = notes({ tags: ({ user }) => [`user:${user}`], ...policy })
  const { cache } = await rig(space, { clock, tiers: [tier] })
  return { cache, clock, tier, handle: cache.open(space), explain: async () => cache.explain(space, one) }
}

describe('explain', () => {
  test('a key that nobody has', async () => {
    const { explain } = await open()
    expect(await explain()).toEqual({
      space: 'note',
      key: 'test:note:ann:1',
      tiers: [
        { tier: 'memory', state: 'absent' },
        { tier: 'map', state: 'absent' },
      ],
      onRead: 'A read of space "note" would call the loader, since no tier has it.',
    })
  })

  test('a fresh entry: where it is, its age, life, size, tags and provenance', async () => {
    const { handle, clock, explain } = await open()
    await handle.set(one, 'value', { tags: ['more'], meta: { model: 'm' } })
    await clock.advance(minute)
    const facts = {
      state: 'fresh',
      ageMs: minute,
      leftMs: 9 * minute,
      tags: ['user:ann', 'more'],
      meta: { model: 'm' },
    }
    const told = await explain()
    expect(told.tiers).toMatchObject([
      { tier: 'memory', bytes: 7, ...facts },
      { tier: 'map', ...facts },
    ])
    expect(told.onRead).toBe('A read would be answered from memory, fresh for another 540 s.')
  })

  test('an entry only below, one for ever, one that expired', async () => {
    const { cache, handle, clock, explain } = await open()
    await handle.set(one, 'value')
    await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
    expect((await explain()).onRead).toBe('A read would be answered from map, fresh for another 600 s.')
    await handle.set(one, 'value', { ttl: Infinity })
    expect((await explain()).onRead).toMatch(/fresh for another ever|fresh for ever/)
    await handle.set(one, 'value', { ttl: 500 })
    await clock.advance(500)
    const told = await explain()
    expect(told.tiers).toMatchObject([{ state: 'dead', leftMs: 0 }, { state: 'absent' }])
    expect(told.onRead).toBe('A read of space "note" would call the loader, since it has expired.')
  })

  test('an invalidated entry tells the mark', async () => {
    const { cache, handle, explain } = await open()
    await handle.set(one, 'value')
    await cache.invalidate({ tags: ['user:ann'] })
    const told = await explain()
    expect(told.tiers[0]).toMatchObject({ tier: 'memory', state: 'invalidated', mark: 't:user:ann' })
    expect(told.onRead).toMatch(/would call the loader, since it was invalidated/)
  })

  test('stale and fallback windows', async () => {
    const { handle, clock, explain } = await open({ staleWhileRevalidate: '1m', staleIfError: '5m' })
    await handle.set(one, 'value')
    await clock.advance(10 * minute)
    expect((await explain()).tiers.map(({ state }) => state)).toEqual(['stale', 'stale'])
    expect((await explain()).onRead).toMatch(/would get the expired value from memory at once/)
    await clock.advance(minute)
    expect((await explain()).tiers.map(({ state }) => state)).toEqual(['fallback', 'fallback'])
    expect((await explain()).onRead).toMatch(
      /would call the loader.*if that fails, the expired value is served/,
    )
  })

  test('a load in progress, and a loader that is held back', async () => {
    const { handle, clock, explain } = await open()
    const { loader, calls } = controlled()
    const reads = [handle.getOrLoad(one, loader), handle.getOrLoad(one, loader)]
    await clock.settle()
    const startedAt = clock.now()
    await clock.advance(250)
    const loading = await explain()
    expect(loading.flight).toEqual({ startedAt, callers: 2 })
    expect(loading.onRead).toBe('A read with a loader would share the load that began 250 ms ago.')
    calls[0]?.reject(new Error('down'))
    await Promise.allSettled(reads)
    await clock.settle()
    const held = await explain()
    expect(held.failure).toEqual({ message: 'down', attempts: 1, until: clock.now() + 750 })
    expect(held.onRead).toBe(
      'Its loader failed 1 times; a read would be refused with E_LOADER_BACKOFF for another 750 ms.',
    )
  })

  test('an unreadable record and a tier that cannot be reached', async () => {
    const { cache, clock, tier, handle, explain } = await open()
    const broken = {
      key: handle.key(one),
      body: Uint8Array.of(1, 2, 3),
      createdAt: clock.now(),
      expiresAt: Infinity,
    }
    await tier.write([broken])
    expect((await explain()).tiers[1]).toEqual({ tier: 'map', state: 'unreadable' })
    tier.break('read', 'throw')
    expect((await explain()).tiers[1]).toEqual({ tier: 'map', state: 'unreachable' })
    expect(cache.stats().spaces).toEqual([])
  })

  test('it does not count as a read', async () => {
    const { cache, handle, explain } = await open()
    await handle.set(one, 'value')
    await explain()
    expect(cache.stats().total).toMatchObject({ hits: {}, misses: 0 })
    expect((await cache.entries()).items[0]?.hits).toBe(0)
  })

  test('those who look in one tick look together, those who come later look again', async () => {
    const clock = createFakeClock()
    const { tier, waiting } = gated(mapTier({ clock }), ['read'])
    const asked: string[][] = []
    const counting: Tier = {
      ...tier,
      async read(keys) {
        asked.push(keys.map((key) => key.slice('test:note:ann:'.length)))
        return tier.read(keys)
      },
    }
    const { cache } = await rig(notes(), { clock, tiers: [counting] })
    const look = async (id: number) =>
      (await cache.inspect(`test:note:ann:${id}`)).explanation.tiers[1]?.state
    const first = [1, 2, 2, 3].map(look)
    await settled()
    expect(asked).toEqual([['1', '2', '3']])
    // Written while the look is under way: it must not be hidden from who asks now.
    await cache.open(notes()).set({ user: 'ann', id: 2 }, 'value')
    const second = [look(2), look(4)]
    await settled()
    expect(asked).toHaveLength(1)
    waiting.shift()?.()
    expect(await Promise.all(first)).toEqual(['absent', 'absent', 'absent', 'absent'])
    await settled()
    waiting.shift()?.()
    expect(await Promise.all(second)).toEqual(['fresh', 'absent'])
    expect(asked).toEqual([
      ['1', '2', '3'],
      ['2', '4'],
    ])
  })
})
