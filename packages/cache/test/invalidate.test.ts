import type { Cache, Invalidation, TierRecord } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { gate, gated, notes, rig, storedValue } from './rig.ts'
import { controlled } from './story.ts'

const one = { user: 'ann', id: 1 }
const key = 'test:note:ann:1'
const space = notes({ tags: ({ id }) => [`id:${String(id)}`], tenant: 'user', backoff: false })
type Handle = ReturnType<typeof openNotes>
const openNotes = (cache: Cache) => cache.open(space)

const ways: readonly (readonly [string, Invalidation])[] = [
  ['key', { keys: [key] }],
  ['tag', { tags: ['id:1'] }],
  ['space', { spaces: ['note'] }],
  ['tenant', { tenant: 'ann' }],
]

async function slowTier(operations: Parameters<typeof gated>[1]) {
  const clock = createFakeClock()
  const records = new Map<string, TierRecord>()
  const inner = mapTier({ clock, records })
  const { tier, waiting } = gated(inner, operations)
  const { cache } = await rig(space, { clock, tiers: [tier] })
  const pass = async (): Promise<void> => {
    await clock.settle()
    waiting.splice(0).forEach((go) => go())
    await clock.settle()
  }
  return { clock, records, cache, handle: openNotes(cache), waiting, pass }
}

/** Memory and tier must tell the same in the end. */
async function agree(handle: Handle, records: ReadonlyMap<string, TierRecord>): Promise<unknown> {
  const value = handle.peek(one)
  if (value !== undefined) expect(storedValue(records.get(key))).toEqual(value)
  return value
}

describe.each(ways)('invalidation by %s', (_, target) => {
  test('while a copy-up is under way: the old value neither answers later reads nor comes back', async () => {
    const { cache, handle, clock, waiting, pass } = await slowTier(['read'])
    await handle.set(one, 'old')
    await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
    const reads = [handle.get(one), handle.getOrLoad(one, () => 'loaded')]
    await clock.settle()
    expect(waiting.length).toBeGreaterThan(0)
    await cache.invalidate(target)
    await pass()
    await Promise.all(reads)
    expect(handle.peek(one)).not.toBe('old')
    const later = handle.getOrLoad(one, () => 'new')
    await pass()
    expect(['new', 'loaded']).toContain(await later)
  })

  test('during a load: who joined before gets its value, who comes after loads anew, nothing old is kept', async () => {
    const { cache, handle, clock, records } = await slowTier([])
    const { loader, calls } = controlled()
    const before = handle.getOrLoad(one, loader)
    await clock.settle()
    await cache.invalidate(target)
    const after = handle.getOrLoad(one, loader)
    await clock.settle()
    expect(calls).toHaveLength(2)
    calls[0]?.resolve('old')
    expect(await before).toBe('old')
    expect(handle.peek(one)).toBeUndefined()
    calls[1]?.resolve('new')
    expect(await after).toBe('new')
    await clock.settle()
    expect(await agree(handle, records)).toBe('new')
  })

  test('a refresh in the background cannot bring the old value back, and neither can notModified', async () => {
    const clock = createFakeClock()
    const stale = notes({ ...space.policy, tenant: 'user', staleWhileRevalidate: '1h' })
    const { cache } = await rig(stale, { clock, tiers: [mapTier({ clock })] })
    const handle = cache.open(stale)
    await handle.set(one, 'old')
    await clock.advance(11 * 60_000)
    const finish = gate()
    const refreshed = await handle.getOrLoad(one, async (context) => {
      await finish.passed
      return context.notModified()
    })
    expect(refreshed).toBe('old')
    await clock.settle()
    await cache.invalidate(target)
    finish.open()
    await clock.settle()
    expect(await handle.get(one, { allowStale: true })).toBeUndefined()
    const previous = await handle.getOrLoad(one, (context) => ({ previous: context.previous ?? 'none' }))
    expect(previous).toEqual({ previous: 'none' })
  })

  test('while a store in the tier is under way: the tier ends without the old value', async () => {
    const { cache, clock, handle, records, pass } = await slowTier(['write'])
    const stored = handle.set(one, 'old')
    await clock.settle()
    const dropped = cache.invalidate(target)
    await pass()
    await Promise.all([stored, dropped])
    await pass()
    expect(await handle.get(one)).toBeUndefined()
    // A mark makes it a miss; its row may wait for the sweep.
    if (target.keys !== undefined) expect(records.size).toBe(0)
  })
})

describe('one key', () => {
  test('two sets with slow writes: the last one is in memory and in the tier', async () => {
    const { handle, records, waiting, clock } = await slowTier(['write'])
    const first = handle.set(one, 'first')
    await clock.settle()
    const second = handle.set(one, 'second')
    await clock.settle()
    // The writes are let through one at a time: the second must not have been sent beside the first.
    expect(waiting).toHaveLength(1)
    waiting.shift()?.()
    await first
    await clock.settle()
    waiting.shift()?.()
    await second
    expect(await agree(handle, records)).toBe('second')
  })

  test('a set that is called during a delete stays', async () => {
    const { handle, records, pass, clock } = await slowTier(['remove'])
    await handle.set(one, 'old')
    const removed = handle.delete(one)
    await clock.settle()
    const written = handle.set(one, 'new')
    await pass()
    expect(await removed).toBe(true)
    await written
    expect(await agree(handle, records)).toBe('new')
  })

  test('a set during a load wins over the loaded value, everywhere', async () => {
    const { handle, records, clock } = await slowTier([])
    const { loader, calls } = controlled()
    const load = handle.getOrLoad(one, loader)
    await clock.settle()
    await handle.set(one, 'set')
    calls[0]?.resolve('loaded')
    expect(await load).toBe('loaded')
    expect(await agree(handle, records)).toBe('set')
  })

  test('a load that ends while a removal hangs does not survive it with a value read from below', async () => {
    const { handle, records, pass, clock } = await slowTier(['remove'])
    await handle.set(one, 'old')
    const removed = handle.delete(one)
    await clock.settle()
    // The tier still has it, so this read may answer it; after the delete nobody may.
    await handle.getOrLoad(one, () => 'loaded')
    await pass()
    await removed
    expect(handle.peek(one)).not.toBe('old')
    expect(records.size).toBe(0)
    expect(await handle.getOrLoad(one, () => 'new')).not.toBe('old')
  })

  test('touch cannot bring back what is deleted meanwhile', async () => {
    const { cache, handle, records, pass, clock } = await slowTier(['read'])
    await handle.set(one, 'old')
    await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
    const touched = handle.touch(one, '1h')
    await clock.settle()
    await handle.delete(one)
    await pass()
    expect(await touched).toBe(false)
    expect([handle.peek(one), records.size]).toEqual([undefined, 0])
  })

  test('touch during a slow removal does not survive it', async () => {
    const { handle, records, pass, clock } = await slowTier(['remove'])
    await handle.set(one, 'old')
    const removed = handle.delete(one)
    const touched = handle.touch(one, '1h')
    await clock.settle()
    await pass()
    await Promise.all([removed, touched])
    expect([await handle.get(one), records.size]).toEqual([undefined, 0])
  })

  test('two tiers: the lower one is emptied first, so that nothing is copied up from it', async () => {
    const clock = createFakeClock()
    const upper = gated(mapTier({ clock, name: 'upper' }), ['remove'])
    const lower = gated(mapTier({ clock, name: 'lower' }), ['remove'])
    const { cache } = await rig(space, { clock, tiers: [upper.tier, lower.tier] })
    const handle = openNotes(cache)
    await handle.set(one, 'old')
    const removed = handle.delete(one)
    await clock.settle()
    expect([upper.waiting.length, lower.waiting.length]).toEqual([0, 1])
    lower.waiting.shift()?.()
    await clock.settle()
    // Read now: the upper tier still has the old value, and the copy must go with it.
    await handle.get(one)
    upper.waiting.shift()?.()
    await removed
    expect(await handle.get(one)).toBeUndefined()
  })
})

describe('loads and tags', () => {
  test('a tag that only the loader knows: joiners after the mark are driven again', async () => {
    const { cache, handle, clock } = await slowTier([])
    const finish = gate()
    let loads = 0
    const loader = async (context: { tags(...tags: string[]): void }): Promise<string> => {
      const mine = `load ${(loads += 1)}`
      context.tags('secret')
      await finish.passed
      return mine
    }
    const before = [handle.getOrLoad(one, loader), handle.getOrLoad(one, loader)]
    await clock.settle()
    await cache.invalidate({ tags: ['secret'] })
    const after = [handle.getOrLoad(one, loader), handle.getOrLoad(one, loader)]
    await clock.settle()
    finish.open()
    expect(await Promise.all(before)).toEqual(['load 1', 'load 1'])
    expect(await Promise.all(after)).toEqual(['load 2', 'load 2'])
    expect(loads).toBe(2)
    expect(await handle.get(one)).toBe('load 2')
  })

  test('another tag, space or tenant leaves an entry and a load alone', async () => {
    const { cache, handle, clock } = await slowTier([])
    await handle.set({ user: 'ann', id: 2 }, 'kept')
    const { loader, calls } = controlled()
    const load = handle.getOrLoad(one, loader)
    await clock.settle()
    await cache.invalidate({ tags: ['id:3'], tenant: 'bob', keys: ['test:note:ann:3'] })
    const joined = handle.getOrLoad(one, loader)
    calls[0]?.resolve('value')
    expect(await Promise.all([load, joined])).toEqual(['value', 'value'])
    expect(await handle.get(one)).toBe('value')
    expect(await handle.get({ user: 'ann', id: 2 })).toBe('kept')
  })

  test('forceRefresh loads though there is a value, shares with others who force, and not with an older load', async () => {
    const { handle, clock } = await slowTier([])
    await handle.set(one, 'old')
    const { loader, calls } = controlled()
    const forced = [1, 2].map(async () => handle.getOrLoad(one, loader, { forceRefresh: true }))
    await clock.settle()
    expect(calls).toHaveLength(1)
    expect(await handle.getOrLoad(one, loader)).toBe('old')
    calls[0]?.resolve('new')
    expect(await Promise.all(forced)).toEqual(['new', 'new'])
    await handle.delete(one)
    const plain = handle.getOrLoad(one, loader)
    await clock.settle()
    const late = handle.getOrLoad(one, loader, { forceRefresh: true })
    await clock.settle()
    expect(calls).toHaveLength(3)
    calls[2]?.resolve('forced')
    expect(await late).toBe('forced')
    calls[1]?.resolve('older')
    expect(await plain).toBe('older')
    expect(await handle.get(one)).toBe('forced')
  })
})
