import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { gated, notes, rig } from './rig.ts'
import { controlled } from './story.ts'

const one = { user: 'ann', id: 1 }

describe('close', () => {
  test('waits for writes under way, then closes the tiers', async () => {
    const clock = createFakeClock()
    const records = new Map()
    const order: string[] = []
    const inner = mapTier({ clock, records })
    const { tier, waiting } = gated({ ...inner, close: async () => void order.push('tier closed') }, [
      'write',
    ])
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    const handle = cache.open(notes())
    const written = handle.set(one, 'value').then(() => order.push('written'))
    expect(await handle.getOrLoad({ user: 'ann', id: 2 }, () => 'loaded')).toBe('loaded')
    await clock.settle()
    const closed = cache.close().then(() => order.push('closed'))
    await clock.settle()
    expect(order).toEqual([])
    waiting.splice(0).forEach((go) => go())
    await Promise.all([written, closed])
    expect(order).toEqual(['written', 'tier closed', 'closed'])
    expect(records.size).toBe(2)
    expect(clock.pending).toBe(0)
  })

  test('lets a load end, and aborts what takes longer than the timeout', async () => {
    const { cache, clock } = await rig(notes())
    const handle = cache.open(notes())
    const { loader, calls } = controlled()
    const quick = handle.getOrLoad(one, loader)
    const slow = handle.getOrLoad({ user: 'ann', id: 2 }, loader)
    const cut = slow.catch((error: unknown) => error)
    await clock.settle()
    let closed = false
    const closing = cache.close({ timeout: 3_000 }).then(() => (closed = true))
    calls[0]?.resolve('value')
    expect(await quick).toBe('value')
    await clock.advance(2_999)
    expect([closed, calls[1]?.signal.aborted]).toEqual([false, false])
    await clock.advance(1)
    expect(calls[1]?.signal.aborted).toBe(true)
    expect(await cut).toMatchObject({ code: 'E_CACHE_CLOSED' })
    await closing
    expect([closed, cache.stats().flights, clock.pending]).toEqual([true, 0, 0])
  })

  test('a tier that hangs does not keep it open for ever', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    tier.break('write', 'hang')
    void cache.open(notes()).set(one, 'value')
    await clock.settle()
    const closing = cache.close({ timeout: 2_000 })
    await clock.advance(3_000)
    await closing
    tier.heal()
  })

  test('every call afterwards is refused, and closing again does nothing', async () => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    await handle.set(one, 'value')
    await cache.close()
    await cache.close()
    const refused = { code: 'E_CACHE_CLOSED' }
    expect(() => handle.peek(one)).toThrow(expect.objectContaining(refused))
    const calls: readonly (() => Promise<unknown>)[] = [
      async () => handle.get(one),
      async () => handle.find(one),
      async () => handle.getMany([one]),
      async () => handle.getOrLoad(one, () => 'x'),
      async () => handle.getOrLoadMany([one], () => ['x']),
      async () => handle.set(one, 'x'),
      async () => handle.setMany([{ params: one, value: 'x' }]),
      async () => handle.delete(one),
      async () => handle.has(one),
      async () => handle.ttl(one),
      async () => handle.touch(one),
      async () => handle.keys(),
      async () => cache.invalidate({ tags: ['x'] }),
      async () => cache.entries(),
      async () => cache.cleanup({ createdBefore: 0 }),
      async () => cache.clear(),
      async () => cache.explain(notes(), one),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject(refused)
    expect(handle.key(one)).toBe('test:note:ann:1')
    expect(cache.stats().total.sets).toBe(1)
  })
})
