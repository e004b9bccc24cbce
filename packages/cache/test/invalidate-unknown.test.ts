import { PGlite } from '@electric-sql/pglite'
import { type Cache, type InvalidationReport, createCache, defineCatalog, memoryLog } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { createFakeClock, flakyTier, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }
const space = notes({ tenant: 'user', tags: ({ id }) => [`id:${String(id)}`] })

describe('an invalidation that cannot be confirmed says so', () => {
  test('a tier that fails to remove: E_INVALIDATION_UNKNOWN with its cause, and repeating it works', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(space, { clock, tiers: [tier] })
    const handle = cache.open(space)
    await handle.set(one, 'old')
    tier.break('remove', 'throw')
    const refused = {
      code: 'E_INVALIDATION_UNKNOWN',
      retryable: true,
      message: expect.stringContaining('"test:note:ann:1"'),
    }
    await expect(handle.delete(one)).rejects.toMatchObject(refused)
    await expect(cache.invalidate({ keys: [handle.key(one)] })).rejects.toMatchObject({
      code: 'E_INVALIDATION_UNKNOWN',
      cause: expect.any(Error),
    })
    await expect(handle.set(one, 'x', { ttl: 0 })).rejects.toMatchObject({ code: 'E_INVALIDATION_UNKNOWN' })
    // Nothing pretends: the tier has it still, and so do reads.
    expect(await handle.get(one)).toBe('old')
    tier.heal()
    expect(await handle.delete(one)).toBe(true)
    expect(await handle.get(one)).toBeUndefined()
  })

  test('a log that fails to append: nothing is marked, and repeating it works', async () => {
    const log = memoryLog()
    let broken = true
    const { cache } = await rig(space, {
      log: {
        ...log,
        append: async (marks) => (broken ? Promise.reject(new Error('no disk')) : log.append(marks)),
      },
    })
    const handle = cache.open(space)
    await handle.set(one, 'old')
    await expect(cache.invalidate({ tags: ['id:1'] })).rejects.toMatchObject({
      code: 'E_INVALIDATION_UNKNOWN',
      cause: new Error('no disk'),
    })
    broken = false
    expect(await handle.get(one)).toBe('old')
    await cache.invalidate({ tags: ['id:1'] })
    expect(await handle.get(one)).toBeUndefined()
  })

  test('a set that cannot be written is taken out of memory and says what is unknown', async () => {
    const clock = createFakeClock()
    const tier = flakyTier(mapTier({ clock }))
    const { cache } = await rig(space, { clock, tiers: [tier] })
    const handle = cache.open(space)
    tier.break('write', 'throw')
    await expect(handle.set(one, 'new')).rejects.toMatchObject({ code: 'E_TIER_WRITE', retryable: true })
    expect(handle.peek(one)).toBeUndefined()
    const many = [one, { user: 'ann', id: 2 }].map((params) => ({ params, value: 'new' }))
    await expect(handle.setMany(many)).rejects.toThrow(/"test:note:ann:1" and 1 more keys/)
    tier.heal()
    await handle.set(one, 'newer')
    expect(await handle.get(one)).toBe('newer')
  })

  test.each([
    [{ keys: ['other:note:ann:1'] }, 'E_KEY_UNKNOWN', /"other:note:ann:1" belongs to no space/],
    [{ keys: ['test:note:ann'] }, 'E_KEY_UNKNOWN', /"test:note:ann"/],
    [{ spaces: ['nobody'] }, 'E_SPACE_UNKNOWN', /"nobody"/],
    [{ tags: [''] }, 'E_TAG_INVALID', /tag ""/],
    [{ tags: ['x'.repeat(257)] }, 'E_TAG_INVALID', /257 characters/],
    [{ tenant: '' }, 'E_OPTION_INVALID', /tenant is empty/],
    [{ tag: 'id:1' }, 'E_OPTION_INVALID', /does not know "tag"/],
  ])('%o is refused and nothing is done', async (target, code, message) => {
    const { cache } = await rig(space)
    await cache.open(space).set(one, 'value')
    const refused = cache.invalidate({
      ...(target as object),
      ...('spaces' in target ? {} : { spaces: ['note'] }),
    })
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await cache.open(space).get(one)).toBe('value')
  })

  test('a report tells what was removed and the position, which grows by one for each call', async () => {
    const { cache } = await rig(space)
    const handle = cache.open(space)
    await handle.setMany([1, 2, 3].map((id) => ({ params: { user: 'ann', id }, value: id })))
    const keys = [1, 2, 2, 9].map((id) => handle.key({ user: 'ann', id }))
    const reports: InvalidationReport[] = []
    for (const target of [{ keys }, { tags: ['id:3', 'x'], spaces: ['note'] }, { tenant: 'ann' }, {}])
      reports.push(await cache.invalidate(target))
    expect(reports.map(({ removed, position }) => [removed, position.n])).toEqual([
      [2, 0],
      [0, 1],
      [0, 2],
      [0, 2],
    ])
  })
})

describe('after a restart on the same database', () => {
  test.each(['entry', 'document'] as const)(
    'what was invalidated stays so, the rest stays (%s)',
    async (format) => {
      const database = new PGlite()
      const kept = notes({ ...space.policy, tenant: 'user', format })
      const start = async (): Promise<Cache> =>
        createCache({
          catalog: defineCatalog({ prefix: 'test', spaces: [kept] }),
          tiers: [sqlTier({ database })],
          log: sqlLog({ database, catalog: 'test' }),
          sweepEvery: 0,
        })
      const first = await start()
      const params = [1, 2, 3, 4, 5].map((id) => ({ user: id === 4 ? 'bob' : 'ann', id }))
      await first.open(kept).setMany(
        params.map((each) => ({ params: each, value: { id: each.id } })),
        { meta: { model: 'm' } },
      )
      await database.query('CREATE TABLE saved AS SELECT * FROM reprise_entries')
      await first.open(kept).delete({ user: 'ann', id: 1 })
      await first.invalidate({ tags: ['id:2'] })
      await first.invalidate({ tenant: 'bob' })
      await first.close()
      // The rows that marks have killed are put back, as if the process had died before it could remove them.
      await database.query(
        "INSERT INTO reprise_entries SELECT * FROM saved WHERE key <> 'test:note:ann:1' ON CONFLICT DO NOTHING",
      )
      expect((await database.query('SELECT 1 FROM reprise_entries')).rows).toHaveLength(4)
      const second = await start()
      expect(await second.open(kept).getMany(params)).toEqual([
        undefined,
        undefined,
        { id: 3 },
        undefined,
        { id: 5 },
      ])
      expect((await second.open(kept).find({ user: 'ann', id: 3 }))?.meta).toEqual({ model: 'm' })
      await second.invalidate({ spaces: ['note'] })
      await second.close({ timeout: 0 })
      const third = await start()
      expect(await third.open(kept).getMany(params)).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ])
      expect(await third.open(kept).getOrLoad(one, () => 'new')).toBe('new')
      await third.close()
      const fourth = await start()
      expect(await fourth.open(kept).get(one)).toBe('new')
      await fourth.close()
      await database.close()
    },
  )

  test('a durable tier without a durable log is refused', async () => {
    const database = new PGlite()
    const tiers = [sqlTier({ database })]
    await expect(rig(space, { tiers })).rejects.toMatchObject({
      code: 'E_LOG_MISSING',
      message: expect.stringContaining('"sql"'),
    })
    await database.close()
  })
})
