import { RepriseError } from '@reprise/cache'
import { mapTier, createFakeClock } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { answers, controlled, stage } from './story.ts'

describe('getOrLoad, story by story', () => {
  test('a miss loads, a hit is answered from memory', async () => {
    const { cache, story } = await stage(answers())
    const space = cache.open(answers())
    expect(await space.getOrLoad({ question: 'why' }, () => 42)).toBe(42)
    expect(story()).toMatchInlineSnapshot(`
      [
        "load-started reason=miss previous=false",
        "load-finished milliseconds=0",
        "entry-stored tier=memory bytes=2",
        "entry-read outcome=miss shared=false milliseconds=0",
      ]
    `)
    expect(await space.getOrLoad({ question: 'why' }, () => 43)).toBe(42)
    expect(story()).toMatchInlineSnapshot(`
      [
        "entry-read outcome=hit tier=memory shared=false milliseconds=0",
      ]
    `)
  })

  test('many callers share one load', async () => {
    const { cache, clock, story } = await stage(answers())
    const space = cache.open(answers())
    const { loader, calls } = controlled()
    const reads = [1, 2, 3].map(async () => space.getOrLoad({ question: 'why' }, loader))
    await clock.settle()
    expect(calls).toHaveLength(1)
    await clock.advance(70)
    calls[0]?.resolve('because')
    expect(await Promise.all(reads)).toEqual(['because', 'because', 'because'])
    expect(story()).toMatchInlineSnapshot(`
      [
        "load-started reason=miss previous=false",
        "load-finished milliseconds=70",
        "entry-stored tier=memory bytes=9",
        "entry-read outcome=miss shared=false milliseconds=70",
        "entry-read outcome=miss shared=true milliseconds=70",
        "entry-read outcome=miss shared=true milliseconds=70",
      ]
    `)
    expect(cache.stats().total).toMatchObject({ loads: 1, misses: 3, coalesced: 2, loadTime: 70 })
  })

  test('a value below memory is copied up with its remaining life', async () => {
    const clock = createFakeClock()
    const tier = mapTier({ clock })
    const first = await stage(answers(), { clock, tiers: [tier], memory: { maxEntries: 0 } })
    await first.cache.open(answers()).getOrLoad({ question: 'why' }, () => 42)
    await clock.advance(4 * 60_000)
    first.story()
    expect(await first.cache.open(answers()).ttl({ question: 'why' })).toBe(6 * 60_000)
  })

  test('stale while revalidate serves the old value and refreshes', async () => {
    const space = answers({ staleWhileRevalidate: '1m' })
    const { cache, clock, story } = await stage(space)
    const handle = cache.open(space)
    await handle.getOrLoad({ question: 'why' }, () => 'old')
    await clock.advance(10 * 60_000 + 1)
    story()
    expect(await handle.getOrLoad({ question: 'why' }, () => 'new')).toBe('old')
    await clock.settle()
    expect(await handle.getOrLoad({ question: 'why' }, () => 'newer')).toBe('new')
    expect(story()).toMatchInlineSnapshot(`
      [
        "entry-read outcome=stale tier=memory shared=false milliseconds=0",
        "load-started reason=stale previous=true",
        "load-finished milliseconds=0",
        "entry-stored tier=memory bytes=5",
        "entry-read outcome=hit tier=memory shared=false milliseconds=0",
      ]
    `)
  })

  test('stale if error serves the old value when the loader fails, and holds the loader back', async () => {
    const space = answers({ staleIfError: '1h' })
    const { cache, clock, story } = await stage(space)
    const handle = cache.open(space)
    await handle.getOrLoad({ question: 'why' }, () => 'old')
    await clock.advance(11 * 60_000)
    story()
    const fail = (): never => {
      throw new Error('upstream is down')
    }
    expect(await handle.getOrLoad({ question: 'why' }, fail)).toBe('old')
    expect(await handle.getOrLoad({ question: 'why' }, fail)).toBe('old')
    expect(story()).toMatchInlineSnapshot(`
      [
        "load-started reason=stale previous=true",
        "loader-failed milliseconds=0 attempts=1 error=upstream is down",
        "entry-read outcome=stale shared=false milliseconds=0 tier=memory",
        "entry-read outcome=stale shared=true milliseconds=0 tier=memory",
      ]
    `)
  })

  test('a failure without anything stale is an error with its cause, then held back', async () => {
    const { cache, clock, story } = await stage(answers())
    const handle = cache.open(answers())
    const cause = new Error('upstream is down')
    let calls = 0
    const fail = async (): Promise<never> => {
      calls += 1
      throw cause
    }
    const first = await Promise.allSettled(
      [1, 2, 3].map(async () => handle.getOrLoad({ question: 'why' }, fail)),
    )
    expect(calls).toBe(1)
    expect(
      first.map(
        (one) =>
          one.status === 'rejected' &&
          RepriseError.is(one.reason, 'E_LOADER_FAILED') &&
          one.reason.cause === cause,
      ),
    ).toEqual([true, true, true])
    await expect(handle.getOrLoad({ question: 'why' }, fail)).rejects.toMatchObject({
      code: 'E_LOADER_BACKOFF',
      retryAfter: 750,
      cause,
    })
    expect(calls).toBe(1)
    await clock.advance(751)
    await expect(handle.getOrLoad({ question: 'why' }, fail)).rejects.toMatchObject({
      code: 'E_LOADER_FAILED',
    })
    expect(calls).toBe(2)
    expect(story()).toMatchInlineSnapshot(`
      [
        "load-started reason=miss previous=false",
        "loader-failed milliseconds=0 attempts=1 error=upstream is down",
        "load-held-back until=1767225600750",
        "load-started reason=miss previous=false",
        "loader-failed milliseconds=0 attempts=2 error=upstream is down",
      ]
    `)
  })

  test('an invalidation during a load wins', async () => {
    const space = answers({ tags: ({ question }) => [`q:${question}`] })
    for (const invalidation of ['key', 'tag', 'space'] as const) {
      const { cache, clock, story } = await stage(space)
      const handle = cache.open(space)
      const { loader, calls } = controlled()
      const before = handle.getOrLoad({ question: 'why' }, loader)
      await clock.settle()
      const target = {
        key: { keys: [handle.key({ question: 'why' })] },
        tag: { tags: ['q:why'] },
        space: { spaces: ['answer'] },
      }[invalidation]
      await cache.invalidate(target)
      const after = handle.getOrLoad({ question: 'why' }, loader)
      await clock.settle()
      expect(calls).toHaveLength(2)
      calls[1]?.resolve('new')
      expect(await after).toBe('new')
      calls[0]?.resolve('old')
      expect(await before).toBe('old')
      expect(await handle.get({ question: 'why' })).toBe('new')
      expect(story()).toContain('entry-refused reason=invalidated')
    }
  })

  test('the loader is aborted when its last caller has left, and only then', async () => {
    const { cache, clock, story } = await stage(answers())
    const handle = cache.open(answers())
    const { loader, calls } = controlled()
    const [one, two] = [new AbortController(), new AbortController()]
    const reads = [one, two].map(async ({ signal }) =>
      handle.getOrLoad({ question: 'why' }, loader, { signal }),
    )
    const settled = Promise.allSettled(reads)
    await clock.settle()
    one.abort(new Error('first left'))
    await clock.settle()
    expect(calls[0]?.signal.aborted).toBe(false)
    two.abort(new Error('second left'))
    expect(calls[0]?.signal.aborted).toBe(true)
    expect((await settled).map((result) => (result as PromiseRejectedResult).reason.message)).toEqual([
      'first left',
      'second left',
    ])
    expect(cache.stats().flights).toBe(0)
    expect(story()).toMatchInlineSnapshot(`
      [
        "load-started reason=miss previous=false",
        "load-aborted reason=abandoned",
      ]
    `)
  })

  test('past the soft limit the stale value is served and the load goes on; past the hard limit it is cut off', async () => {
    const space = answers({ staleIfError: '1h', softLimit: 100, hardLimit: 1_000, backoff: false })
    const { cache, clock, story } = await stage(space)
    const handle = cache.open(space)
    await handle.set({ question: 'why' }, 'old')
    await clock.advance(11 * 60_000)
    story()
    const { loader, calls } = controlled()
    const soft = handle.getOrLoad({ question: 'why' }, loader)
    await clock.advance(101)
    expect(await soft).toBe('old')
    calls[0]?.resolve('new')
    await clock.settle()
    expect(await handle.get({ question: 'why' })).toBe('new')
    const hard = handle.getOrLoad({ question: 'other' }, loader)
    const outcome = hard.catch((error: unknown) => error)
    await clock.advance(1_001)
    expect(await outcome).toMatchObject({ code: 'E_LOADER_TIMEOUT' })
    expect(calls[1]?.signal.aborted).toBe(true)
    expect(clock.pending).toBe(0)
    expect(story()).toMatchInlineSnapshot(`
      [
        "load-started reason=stale previous=true",
        "soft-limit-passed",
        "entry-read outcome=stale shared=false milliseconds=100 tier=memory",
        "load-finished milliseconds=101",
        "entry-stored tier=memory bytes=5",
        "entry-read outcome=hit shared=false milliseconds=0 tier=memory",
        "load-started reason=miss previous=false",
        "load-aborted reason=hard-limit",
        "loader-failed milliseconds=1000 attempts=1 error=the loader of "test:answer:other" took longer than its hard limit of 1000 ms",
      ]
    `)
  })

  test('refresh-ahead keeps serving and loads in the background, once', async () => {
    const space = answers({ refreshAhead: '2m' })
    const { cache, clock, story } = await stage(space)
    const handle = cache.open(space)
    await handle.set({ question: 'why' }, 'old')
    await clock.advance(9 * 60_000)
    story()
    const { loader, calls } = controlled()
    expect(
      await Promise.all([1, 2, 3].map(async () => handle.getOrLoad({ question: 'why' }, loader))),
    ).toEqual(['old', 'old', 'old'])
    await clock.settle()
    expect(calls).toHaveLength(1)
    calls[0]?.resolve('new')
    await clock.settle()
    expect(await handle.get({ question: 'why' })).toBe('new')
    expect(story()).toMatchInlineSnapshot(`
      [
        "entry-read outcome=hit tier=memory shared=false milliseconds=0",
        "load-started reason=refresh-ahead previous=true",
        "entry-read outcome=hit tier=memory shared=false milliseconds=0",
        "entry-read outcome=hit tier=memory shared=false milliseconds=0",
        "load-finished milliseconds=0",
        "entry-stored tier=memory bytes=5",
        "entry-read outcome=hit shared=false milliseconds=0 tier=memory",
      ]
    `)
  })
})
