import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { gate, notes, rig } from './rig.ts'
import { controlled } from './story.ts'

const of = (...ids: readonly number[]) => ids.map((id) => ({ user: 'ann', id }))

describe('getMany', () => {
  test('is one read per tier, in the order asked, a key given twice read once', async () => {
    const clock = createFakeClock()
    const sizes: number[] = []
    const inner = mapTier({ clock })
    const tier = {
      ...inner,
      read: async (keys: readonly string[]) => {
        sizes.push(keys.length)
        return inner.read(keys)
      },
    }
    const { cache } = await rig(notes(), { clock, tiers: [tier], memory: { maxEntries: 0 } })
    const handle = cache.open(notes())
    await handle.setMany(of(1, 2, 3).map((params) => ({ params, value: params.id })))
    expect(await handle.getMany(of(3, 9, 1, 3, 2))).toEqual([3, undefined, 1, 3, 2])
    expect(sizes).toEqual([4])
    expect(await handle.getMany([])).toEqual([])
  })

  test('setMany is one write per tier, and nothing is written when one value is refused', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    const handle = cache.open(notes())
    const refused = handle.setMany([
      { params: of(1)[0]!, value: 'fine' },
      { params: of(2)[0]!, value: new Date() },
    ])
    await expect(refused).rejects.toMatchObject({ code: 'E_VALUE_NOT_JSON' })
    expect([await handle.getMany(of(1, 2)), tier.calls.write]).toEqual([[undefined, undefined], 0])
    await handle.setMany(of(1, 2, 2).map((params, value) => ({ params, value })))
    expect([await handle.getMany(of(1, 2)), tier.calls.write]).toEqual([[0, 2], 1])
  })
})

describe('getOrLoadMany', () => {
  test('calls the loader once, with what is missing, in order', async () => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    await handle.set({ user: 'ann', id: 2 }, 'there')
    const asked: unknown[] = []
    const values = await handle.getOrLoadMany(of(1, 2, 3, 1), (missing, { items }) => {
      asked.push(
        missing,
        items.map(({ key }) => key),
      )
      items[0]?.meta({ model: 'm' })
      items[1]?.skip()
      return missing.map(({ id }) => `loaded ${String(id)}`)
    })
    expect(values).toEqual(['loaded 1', 'there', 'loaded 3', 'loaded 1'])
    expect(asked).toEqual([of(1, 3), ['test:note:ann:1', 'test:note:ann:3']])
    expect((await handle.find({ user: 'ann', id: 1 }))?.meta).toEqual({ model: 'm' })
    expect(await handle.get({ user: 'ann', id: 3 })).toBeUndefined()
    expect(await handle.getOrLoadMany([], () => expect.fail('nothing is missing'))).toEqual([])
    expect(await handle.getOrLoadMany(of(1, 2), () => expect.fail('nothing is missing'))).toEqual([
      'loaded 1',
      'there',
    ])
  })

  test('a key that is loading already is joined, not asked for again', async () => {
    const { cache, clock } = await rig(notes())
    const handle = cache.open(notes())
    const { loader, calls } = controlled()
    const single = handle.getOrLoad({ user: 'ann', id: 1 }, loader)
    await clock.settle()
    const asked: unknown[] = []
    const batch = handle.getOrLoadMany(of(1, 2), (missing) => {
      asked.push(...missing)
      return missing.map(() => 'batch')
    })
    await clock.settle()
    expect(asked).toEqual(of(2))
    expect(await handle.getOrLoad({ user: 'ann', id: 2 }, () => 'late')).toBe('batch')
    calls[0]?.resolve('single')
    expect(await Promise.all([single, batch])).toEqual(['single', ['single', 'batch']])
  })

  test('an Error in a place fails that key alone; others are kept', async () => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    const load = handle.getOrLoadMany(of(1, 2), () => ['fine', new Error('bad row')])
    await expect(load).rejects.toMatchObject({ code: 'E_LOADER_FAILED', cause: new Error('bad row') })
    expect(await handle.getMany(of(1, 2))).toEqual(['fine', undefined])
    await expect(handle.getOrLoad({ user: 'ann', id: 2 }, () => 'x')).rejects.toMatchObject({
      code: 'E_LOADER_BACKOFF',
    })
  })

  test.each([[['one']], [['a', 'b', 'c']], ['text'], [undefined], [{ length: 2 }]])(
    'a loader that answers %o for two is told so',
    async (answer) => {
      const { cache } = await rig(notes())
      const load = cache.open(notes()).getOrLoadMany(of(1, 2), () => answer as unknown[])
      const cause = { code: 'E_BATCH_SHAPE', message: expect.stringContaining('asked for 2 items') }
      await expect(load).rejects.toMatchObject(cause)
      expect(cache.stats().total.memoryEntries).toBe(0)
    },
  )

  test('a loader that throws fails all, once', async () => {
    const { cache, clock } = await rig(notes())
    let calls = 0
    const load = cache.open(notes()).getOrLoadMany(of(1, 2, 3), () => {
      calls += 1
      throw new Error('down')
    })
    await expect(load).rejects.toMatchObject({ code: 'E_LOADER_FAILED' })
    await clock.settle()
    expect([calls, cache.stats().total.loadFailures, cache.stats().flights]).toEqual([1, 3, 0])
  })

  test('its signal fires when nobody waits for any item any more', async () => {
    const { cache, clock } = await rig(notes())
    const handle = cache.open(notes())
    const leaving = new AbortController()
    const never = gate()
    let signal: AbortSignal | undefined
    const load = handle.getOrLoadMany(
      of(1, 2),
      async (missing, context) => {
        ;({ signal } = context)
        await never.passed
        return missing.map(() => 'x')
      },
      { signal: leaving.signal },
    )
    const left = load.catch((error: unknown) => error)
    await clock.settle()
    const joined = handle.getOrLoad({ user: 'ann', id: 2 }, () => 'own')
    leaving.abort(new Error('gone'))
    expect(await left).toMatchObject({ message: 'gone' })
    await clock.settle()
    expect(signal?.aborted).toBe(false)
    never.open()
    expect(await joined).toBe('x')
  })

  test('a tier that is slow for one key holds up nobody for ever', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(notes(), { clock, tiers: [tier] })
    tier.break('read', 'hang')
    const load = cache.open(notes()).getOrLoadMany(of(1, 2), (missing) => missing.map(() => 'loaded'))
    await clock.advance(1_000)
    expect(await load).toEqual(['loaded', 'loaded'])
    tier.heal()
  })
})
