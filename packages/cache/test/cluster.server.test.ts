import {
  type Cache,
  type Consistency,
  bounded,
  createCache,
  defineCatalog,
  defineSpace,
  onEvent,
} from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = 'cluster_test'
const space = (consistency: Consistency = 'eventual') =>
  defineSpace({
    name: 'answer',
    key: 'answer:{question}',
    schema: z.string(),
    ttl: '10m',
    consistency,
    tags: ({ question }) => [`q:${String(question)}`],
  })
const document = defineSpace({
  name: 'profile',
  key: 'profile:{user}',
  schema: z.object({ name: z.string() }),
  ttl: '1h',
  format: 'document',
})

const opened: Cache[] = []
async function node(consistency?: Consistency): Promise<Cache> {
  const catalog = defineCatalog({ prefix, spaces: [space(consistency), document] })
  const shared = redisShared({ prefix, descriptor: 'cluster-test', url, deadline: '2s' })
  const cache = await createCache({ catalog, shared, sweepEvery: 0 })
  opened.push(cache)
  return cache
}

afterEach(async () => {
  for (const cache of opened) await cache.clear()
  await Promise.all(opened.splice(0).map(async (cache) => cache.close()))
})

/** Resolves when a process has applied a record. */
async function heard(): Promise<void> {
  return new Promise((resolve) => {
    const stop = onEvent('invalidated', () => {
      stop()
      resolve()
    })
  })
}

describe('several caches on one Redis', () => {
  test('one loader call for many cold reads in four of them', async () => {
    const caches = await Promise.all([node(), node(), node(), node()])
    let calls = 0
    const load = async (): Promise<string> => {
      calls += 1
      await new Promise((resolve) => setImmediate(resolve))
      return 'because'
    }
    const reads = caches.flatMap((cache) =>
      Array.from({ length: 250 }, async () => cache.open(space()).getOrLoad({ question: 'why' }, load)),
    )
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['because']))
    expect(calls).toBe(1)
  })

  test('an invalidation by key, by tag and by space reaches the memory of another one', async () => {
    const [one, two] = [await node(), await node()]
    const [mine, theirs] = [one.open(space()), two.open(space())]
    for (const target of [
      { keys: [mine.key({ question: 'why' })] },
      { tags: ['q:why'] },
      { spaces: ['answer'] },
    ]) {
      await mine.set({ question: 'why' }, 'old')
      expect(await theirs.get({ question: 'why' })).toBe('old')
      await one.invalidate(target)
      expect(await mine.get({ question: 'why' })).toBeUndefined()
      while (theirs.peek({ question: 'why' }) !== undefined) await heard()
      expect(await theirs.get({ question: 'why' })).toBeUndefined()
    }
  })

  test('a strict space sees it at once, a bounded one within its bound', async () => {
    const [one, two] = [await node('strict'), await node('strict')]
    await one.open(space()).set({ question: 'why' }, 'old')
    expect(await two.open(space()).get({ question: 'why' })).toBe('old')
    await one.invalidate({ tags: ['q:why'] })
    expect(await two.open(space()).get({ question: 'why' })).toBeUndefined()
    const third = await node(bounded('1m'))
    await third.open(space()).set({ question: 'why' }, 'new')
    expect(third.open(space()).peek({ question: 'why' })).toBe('new')
  })

  test('an invalidation during a load of another one wins', async () => {
    const [one, two] = [await node(), await node()]
    let release!: (value: string) => void
    const started = new Promise<void>((resolve) => {
      void one.open(space()).getOrLoad({ question: 'why' }, async () => {
        resolve()
        return new Promise<string>((answer) => (release = answer))
      })
    })
    await started
    await two.invalidate({ tags: ['q:why'] })
    const anew = two.open(space()).getOrLoad({ question: 'why' }, () => 'new')
    release('old')
    expect(await anew).toBe('new')
    expect(await two.open(space()).get({ question: 'why' })).toBe('new')
    expect(await one.open(space()).get({ question: 'why' })).toBe('new')
  })

  test('a document is plain JSON at its plain key, with the TTL of its space, and what others write is understood', async () => {
    const cache = await node()
    const redis = new Redis(url)
    await cache.open(document).set({ user: 'u1' }, { name: '安' }, { meta: { model: 'gpt-4' } })
    expect(JSON.parse((await redis.get(`${prefix}:profile:u1`)) ?? '')).toEqual({
      name: '安',
      _cache: { model: 'gpt-4' },
    })
    expect(await redis.ttl(`${prefix}:profile:u1`)).toBeGreaterThan(3_590)
    await redis.set(`${prefix}:profile:u2`, '{"name":"from elsewhere"}', 'EX', 100)
    expect(await cache.open(document).get({ user: 'u2' })).toEqual({ name: 'from elsewhere' })
    await redis.quit()
  })

  test('figures, listings and clear() tell of Redis and leave other keys alone', async () => {
    const cache = await node()
    const redis = new Redis(url)
    await redis.set('foreign:key', 'stays')
    await cache.open(space()).setMany([1, 2, 3].map((question) => ({ params: { question }, value: 'x' })))
    expect((await cache.entries()).total).toBe(3)
    expect((await cache.tiers()).map(({ name, entries }) => [name, entries])).toEqual([
      ['memory', 3],
      ['redis', 3],
    ])
    expect((await cache.open(space()).keys()).keys).toHaveLength(3)
    expect((await cache.clear()).removed).toBe(3)
    expect(await redis.get('foreign:key')).toBe('stays')
    await redis.del('foreign:key')
    await redis.quit()
  })
})
