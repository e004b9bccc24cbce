import { type TierRecord, defineSpace } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { notes, rig } from './rig.ts'

const other = defineSpace({ name: 'noted', key: 'noted:{id}', schema: z.unknown(), ttl: '10m' })

async function open(options: { maxEntries?: number } = {}) {
  const clock = createFakeClock()
  const stores = [new Map<string, TierRecord>(), new Map<string, TierRecord>()] as const
  const tiers = stores.map((records, index) => mapTier({ clock, records, name: `tier-${index}` }))
  const { cache } = await rig([notes(), other], {
    clock,
    tiers,
    memory: { maxEntries: options.maxEntries ?? 100 },
  })
  return { cache, clock, stores, tiers, handle: cache.open(notes()) }
}

type Handle = Awaited<ReturnType<typeof open>>['handle']

async function allKeys(handle: Handle, limit: number): Promise<string[]> {
  const keys: string[] = []
  let cursor: string | undefined
  do {
    const page = await handle.keys({ limit, ...(cursor === undefined ? {} : { cursor }) })
    expect(page.keys.length).toBeLessThanOrEqual(limit)
    keys.push(...page.keys.map(({ key }) => key))
    cursor = page.cursor
  } while (cursor !== undefined)
  return keys
}

describe('keys()', () => {
  test.each([1, 2, 3, 5, 100])('gives each living key of its space once, by pages of %o', async (limit) => {
    const { cache, clock, stores, handle } = await open()
    const ids = Array.from({ length: 9 }, (_, id) => id)
    await handle.setMany(ids.map((id) => ({ params: { user: '安:%', id }, value: id })))
    await cache.open(other).set({ id: 1 }, 'of another space')
    // Only below, only above, nowhere but in memory, expired, and of another program.
    stores[0].delete(handle.key({ user: '安:%', id: 1 }))
    stores[1].delete(handle.key({ user: '安:%', id: 2 }))
    for (const records of stores) records.delete(handle.key({ user: '安:%', id: 3 }))
    await handle.set({ user: '安:%', id: 4 }, 'short', { ttl: 1_000 })
    await handle.delete({ user: '安:%', id: 5 })
    stores[0].set('test:note:odd', { key: 'test:note:odd', body: '1', createdAt: 0, expiresAt: Infinity })
    stores[0].set('else:note:a:1', { key: 'else:note:a:1', body: '1', createdAt: 0, expiresAt: Infinity })
    await clock.advance(1_000)
    const wanted = [0, 1, 2, 3, 6, 7, 8].map((id) => handle.key({ user: '安:%', id }))
    expect((await allKeys(handle, limit)).toSorted()).toEqual(wanted.toSorted())
  })

  test('tells the parameters as text', async () => {
    const { handle } = await open()
    await handle.set({ user: 'a:b', id: 7 }, 'x')
    expect((await handle.keys()).keys).toEqual([
      { key: 'test:note:a%3Ab:7', params: { user: 'a:b', id: '7' } },
    ])
  })

  test('invalidated entries are not listed', async () => {
    const { cache, handle } = await open()
    await handle.set({ user: 'a', id: 1 }, 'x', { tags: ['t'] })
    await handle.set({ user: 'a', id: 2 }, 'x')
    await cache.invalidate({ tags: ['t'] })
    expect(await allKeys(handle, 10)).toEqual(['test:note:a:2'])
  })

  test.each([
    '',
    'nonsense',
    Buffer.from('[9,null]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('cursor %o is refused', async (cursor) => {
    const { handle } = await open()
    await expect(handle.keys({ cursor })).rejects.toMatchObject({ code: 'E_CURSOR_INVALID' })
  })

  test.each([0, -1, 1.5, 1_001, Number.NaN])('limit %o is refused', async (limit) => {
    const { handle } = await open()
    await expect(handle.keys({ limit })).rejects.toMatchObject({ code: 'E_OPTION_INVALID' })
  })
})

describe('entries()', () => {
  test('tells where each entry is, by page and by space', async () => {
    const { cache, clock, handle } = await open()
    await handle.set({ user: 'a', id: 1 }, 'x', { meta: { model: 'm' } })
    await cache.open(other).set({ id: 1 }, 'y')
    await handle.get({ user: 'a', id: 1 })
    const page = await cache.entries({ space: 'note' })
    expect(page).toEqual({
      total: 1,
      page: 1,
      pageSize: 20,
      items: [
        {
          key: 'test:note:a:1',
          space: 'note',
          params: { user: 'a', id: '1' },
          state: 'fresh',
          tiers: ['memory', 'tier-0', 'tier-1'],
          bytes: 3,
          createdAt: clock.now(),
          freshUntil: clock.now() + 600_000,
          hits: 1,
          lastReadAt: clock.now(),
          tags: [],
          meta: { model: 'm' },
        },
      ],
    })
    expect((await cache.entries({ page: 2, pageSize: 1 })).items.map(({ key }) => key)).toEqual([
      'test:noted:1',
    ])
    expect(await cache.entries({ page: 3, pageSize: 1 })).toMatchObject({ total: 2, items: [] })
    await expect(cache.entries({ page: 0 })).rejects.toMatchObject({ code: 'E_OPTION_INVALID' })
    await expect(cache.entries({ pageSize: 1_001 })).rejects.toMatchObject({ code: 'E_OPTION_INVALID' })
    await expect(cache.entries({ space: 'nobody' })).rejects.toMatchObject({ code: 'E_SPACE_UNKNOWN' })
  })
})

describe('list()', () => {
  test('looks only where keys can be what is asked for: nowhere, where no space has such a parameter', async () => {
    const { clock, stores } = await open()
    const asked: string[] = []
    const tier = mapTier({ clock, records: stores[0] })
    const told = {
      ...tier,
      list: async (prefix: string, page: Parameters<typeof tier.list>[1]) => {
        asked.push(prefix)
        return tier.list(prefix, page)
      },
    }
    const { cache } = await rig([notes(), other], { clock, tiers: [told] })
    await cache.open(notes()).set({ user: 'a', id: 1 }, 'x')
    await cache.open(other).set({ id: 1 }, 'y')
    const keys = async (options: Parameters<typeof cache.list>[0]) =>
      (await cache.list(options)).items.map(({ key }) => key)
    expect(await keys({ params: { id: '1' } })).toEqual(['test:note:a:1', 'test:noted:1'])
    expect(await keys({ params: { user: '*' } })).toEqual(['test:note:a:1'])
    expect(asked).toEqual(['test:note', 'test:note:'])
    expect(await keys({ tenant: 'acme' })).toEqual([])
    expect(await keys({ space: 'noted', params: { user: 'a' } })).toEqual([])
    expect(asked).toHaveLength(2)
  })
})

describe('cleanup() and clear()', () => {
  test('cleanup removes what was made before an instant, from the tiers named', async () => {
    const { cache, clock, stores, handle } = await open()
    await handle.set({ user: 'a', id: 1 }, 'old')
    await clock.advance(1_000)
    await handle.set({ user: 'a', id: 2 }, 'new')
    const report = await cache.cleanup({ createdBefore: clock.now(), tiers: ['memory', 'tier-1'] })
    expect(report).toMatchObject({
      removed: 1,
      tiers: [
        { tier: 'memory', removed: 1 },
        { tier: 'tier-1', removed: 1 },
      ],
    })
    expect([stores[0].size, stores[1].size]).toEqual([2, 1])
    await cache.cleanup({ createdBefore: clock.now() })
    expect(await handle.getMany([1, 2].map((id) => ({ user: 'a', id })))).toEqual([undefined, 'new'])
    await expect(cache.cleanup({ createdBefore: 0, tiers: ['disk'] })).rejects.toThrow(
      /"disk" is not one of memory/,
    )
  })

  test('clear removes all of this catalog and leaves other prefixes alone', async () => {
    const { cache, stores, handle } = await open({ maxEntries: 1 })
    const foreign: TierRecord = { key: 'tests:note:a:1', body: '1', createdAt: 0, expiresAt: Infinity }
    stores[0].set(foreign.key, foreign)
    await handle.setMany([1, 2, 3].map((id) => ({ params: { user: 'a', id }, value: id })))
    expect(await cache.clear()).toMatchObject({ removed: 3 })
    expect([[...stores[0].keys()], stores[1].size]).toEqual([['tests:note:a:1'], 0])
    expect(await handle.getMany([1, 2, 3].map((id) => ({ user: 'a', id })))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    await handle.set({ user: 'a', id: 1 }, 'again')
    expect(await handle.get({ user: 'a', id: 1 })).toBe('again')
  })
})
