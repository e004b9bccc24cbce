/** Bugs that a second pair of eyes found. Each test fails until the engine is mended; then it moves to the file of its subject. */
import { type TierRecord, defineSpace, memoryLog } from '@reprise/cache'
import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { gate, gated, notes, rig } from './rig.ts'
import { controlled } from './story.ts'

const one = { user: 'ann', id: 1 }
const minute = 60_000

describe('found: invalidation must win', () => {
  test('F01 records that are confirmed out of order: the late one still kills what was checked meanwhile', async () => {
    const log = memoryLog()
    const slow = gate()
    const space = notes()
    const { cache } = await rig(space, {
      log: {
        ...log,
        async append(marks) {
          const position = await log.append(marks)
          if (marks.includes('t:a')) await slow.passed
          return position
        },
      },
    })
    const handle = cache.open(space)
    await handle.set(one, 'old', { tags: ['a'] })
    const first = cache.invalidate({ tags: ['a'] })
    await cache.invalidate({ tags: ['b'] })
    expect(await handle.get(one)).toBe('old')
    slow.open()
    await first
    expect(await handle.get(one)).toBeUndefined()
  })

  test('F02 a stale answer from below is not given to readers who come after its loader-only tag was invalidated', async () => {
    const space = notes({ staleWhileRevalidate: '10m' })
    const clock = createFakeClock()
    const { cache } = await rig(space, { clock, tiers: [mapTier({ clock })] })
    const handle = cache.open(space)
    await handle.getOrLoad(one, (context) => {
      context.tags('only-the-loader-knows')
      return 'old'
    })
    await clock.advance(11 * minute)
    const { loader, calls } = controlled()
    expect(await handle.getOrLoad(one, loader)).toBe('old')
    await clock.settle()
    expect(calls).toHaveLength(1)
    await cache.invalidate({ tags: ['only-the-loader-knows'] })
    const after = handle.getOrLoad(one, loader)
    await clock.settle()
    for (const call of calls) call.resolve('new')
    expect(await after).toBe('new')
  })

  test('F03 a joiner after the first of two marks is driven again, whatever mark is told first', async () => {
    for (const [before, later] of [
      ['b', 'a'],
      ['b', 'b'],
    ] as const) {
      const space = notes()
      const { cache, clock } = await rig(space)
      const handle = cache.open(space)
      const finish = gate()
      let loads = 0
      const loader = async (context: { tags(...tags: string[]): void }): Promise<string> => {
        loads += 1
        const mine = `load ${loads}`
        context.tags('a', 'b')
        await finish.passed
        return mine
      }
      const early = handle.getOrLoad(one, loader)
      await clock.settle()
      await cache.invalidate({ tags: [before] })
      const joiner = handle.getOrLoad(one, loader)
      await clock.settle()
      await cache.invalidate({ tags: [later] })
      finish.open()
      expect(await early).toBe('load 1')
      expect(await joiner).toBe('load 2')
    }
  })

  test('F04 a delete called after a set is not overtaken by it', async () => {
    const space = notes()
    const { cache } = await rig(space)
    const handle = cache.open(space)
    await Promise.all([handle.set(one, 'old'), handle.delete(one)])
    expect(await handle.get(one)).toBeUndefined()
  })

  test('F05 the later of two sets wins, however long the schema of the first takes', async () => {
    const slow = gate()
    const schema = z.string().refine(async (text) => {
      if (text === 'first') await slow.passed
      return true
    })
    const space = defineSpace({ name: 'note', key: 'note:{user}:{id}', schema, ttl: '10m' })
    const { cache } = await rig(space)
    const handle = cache.open(space)
    const first = handle.set(one, 'first')
    await handle.set(one, 'second')
    slow.open()
    await first
    expect(await handle.get(one)).toBe('second')
  })

  test('F06 an old value copied up while a new one is being written does not outlive the write', async () => {
    const clock = createFakeClock()
    const { tier, waiting } = gated(mapTier({ clock }), ['write'])
    const space = notes()
    const { cache } = await rig(space, { clock, tiers: [tier], memory: { maxEntries: 1 } })
    const handle = cache.open(space)
    const write = async (id: number, value: string): Promise<void> => {
      const written = handle.set({ user: 'ann', id }, value)
      await clock.settle()
      waiting.pop()?.()
      await written
    }
    await write(1, 'old')
    const newer = handle.set(one, 'new')
    await clock.settle()
    await write(2, 'pushes the first out of memory')
    await handle.get(one)
    for (const pass of waiting) pass()
    await newer
    expect(await handle.get(one)).toBe('new')
  })

  test('F07 a second cache on the same log and tier knows the marks of the first', async () => {
    const clock = createFakeClock()
    const tier = mapTier({ clock })
    const log = memoryLog()
    const space = notes()
    const first = await rig(space, {
      clock,
      tiers: [flakyTier({ ...tier, list: async () => ({ items: [] }) })],
      log,
    })
    await first.cache.open(space).set(one, 'old', { tags: ['a'] })
    await first.cache.invalidate({ tags: ['a'] })
    await first.cache.close()
    const second = await rig(space, { clock, tiers: [tier], log })
    expect(await second.cache.open(space).get(one)).toBeUndefined()
  })

  test('F08 entries() does not list what a mark has killed', async () => {
    const clock = createFakeClock()
    const records = new Map<string, TierRecord>()
    const tier = mapTier({ clock, records })
    const space = notes()
    const { cache } = await rig(space, { clock, tiers: [tier] })
    await cache.open(space).set(one, 'old', { tags: ['a'] })
    const kept = new Map(records)
    await cache.invalidate({ tags: ['a'] })
    await clock.settle()
    for (const [key, record] of kept) records.set(key, record)
    expect((await cache.entries()).total).toBe(0)
  })
})

describe('found: flights and their answers', () => {
  test('F09 nobody is given a stale answer after its windows are over', async () => {
    const space = notes({ staleWhileRevalidate: '1m' })
    const clock = createFakeClock()
    const { cache } = await rig(space, { clock, tiers: [mapTier({ clock })] })
    const handle = cache.open(space)
    await handle.set(one, 'old')
    await clock.advance(10 * minute + 30_000)
    const { loader, calls } = controlled()
    expect(await handle.getOrLoad(one, loader)).toBe('old')
    await clock.advance(31_000)
    const late = handle.getOrLoad(one, loader)
    await clock.settle()
    calls[0]?.resolve('new')
    expect(await late).toBe('new')
    expect(calls).toHaveLength(1)
  })

  test('F10 a tier that hangs on write does not keep an expired value alive', async () => {
    const space = notes()
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(space, { clock, tiers: [tier] })
    const handle = cache.open(space)
    tier.break('write', 'hang')
    expect(await handle.getOrLoad(one, () => 'old')).toBe('old')
    await clock.advance(60 * minute)
    expect(await handle.getOrLoad(one, () => 'new')).toBe('new')
    tier.heal()
  })

  test('F11 forceRefresh after a forced load has answered loads again', async () => {
    const space = notes()
    const clock = createFakeClock()
    const { tier } = gated(mapTier({ clock }), ['write'])
    const { cache } = await rig(space, { clock, tiers: [tier] })
    const handle = cache.open(space)
    let loads = 0
    const load = (): number => (loads += 1)
    expect(await handle.getOrLoad(one, load, { forceRefresh: true })).toBe(1)
    expect(await handle.getOrLoad(one, load, { forceRefresh: true })).toBe(2)
  })

  test('F12 a member of a batch that fails before its load does not hang the others', async () => {
    const space = notes({ tags: ({ user }) => [`user:${user}`] })
    const { cache, clock } = await rig(space)
    const handle = cache.open(space)
    const failed = handle.getOrLoadMany([one, { user: 'u'.repeat(300), id: 2 }], (missing) =>
      missing.map(() => 'loaded'),
    )
    await expect(failed).rejects.toMatchObject({ code: 'E_TAG_INVALID' })
    await clock.settle()
    expect(cache.stats().flights).toBe(0)
  })

  test('F13 a stored entry with an unusable tag is a miss, not an error', async () => {
    const clock = createFakeClock()
    const records = new Map<string, TierRecord>()
    const space = notes({ format: 'document' })
    const { cache } = await rig(space, {
      clock,
      tiers: [mapTier({ clock, records })],
      memory: { maxEntries: 0 },
    })
    const handle = cache.open(space)
    await handle.set(one, 'old', { tags: ['a'] })
    const [record] = [...records.values()]
    records.set(record?.key ?? '', {
      ...(record as TierRecord),
      sidecar: (record?.sidecar ?? '').replace('"t":["a"]', '"t":[""]'),
    })
    expect(await handle.get(one)).toBeUndefined()
    expect(await handle.getOrLoad(one, () => 'new')).toBe('new')
  })

  test('F14 a nested space that holds its loader back for milliseconds is not held back for as many seconds', async () => {
    const outer = notes()
    const inner = defineSpace({ name: 'inner', key: 'inner:{id}', schema: z.string(), ttl: '1m' })
    const { cache, clock } = await rig([outer, inner])
    const load = async (): Promise<string> =>
      cache.open(inner).getOrLoad({ id: 1 }, () => {
        throw new Error('down')
      })
    await expect(load()).rejects.toMatchObject({ code: 'E_LOADER_FAILED' })
    const failure = cache.open(outer).getOrLoad(one, load)
    await expect(failure).rejects.toMatchObject({ code: 'E_LOADER_BACKOFF', retryAfter: 750 })
    await clock.advance(5_000)
    expect(await cache.open(outer).getOrLoad(one, () => 'up again')).toBe('up again')
  })

  test('F15 a loader cannot change the cached value through context.previous in a cloning space', async () => {
    const space = notes({ immutability: 'clone', staleIfError: '1h' })
    const { cache, clock } = await rig(space)
    const handle = cache.open(space)
    await handle.set(one, { list: ['kept'] })
    await clock.advance(11 * minute)
    const served = await handle.getOrLoad(one, ({ previous }) => {
      ;(previous as { list: string[] }).list.push('changed')
      throw new Error('down')
    })
    expect(served).toEqual({ list: ['kept'] })
  })

  test('F16 context.ttl(undefined) is an error, not the default by accident', async () => {
    const { cache } = await rig(notes())
    const loaded = cache.open(notes()).getOrLoad(one, (context) => {
      context.ttl(undefined as never)
      return 'value'
    })
    await expect(loaded).rejects.toThrow(/ttl is undefined/)
  })
})
