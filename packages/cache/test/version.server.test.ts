/** One version of an entry in several caches on one Redis: replaced by one load, removed in one step, told to all. */
import { randomUUID } from 'node:crypto'
import { type Cache, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const one = { id: 1 }

describe.for(['entry', 'document', 'text'] as const)('%s', (format) => {
  const space = defineSpace({
    name: 'word',
    key: 'word:{id}',
    schema: z.string(),
    ttl: '1h',
    format,
    announce: true,
  })
  let prefix: string
  let redis: Redis
  let caches: readonly Cache[]

  beforeEach(async () => {
    prefix = `version-${randomUUID().slice(0, 8)}`
    redis = new Redis(url)
    caches = await Promise.all(
      [1, 2].map(async () =>
        createCache({
          catalog: defineCatalog({ prefix, spaces: [space] }),
          shared: redisShared({ url, prefix, descriptor: format, deadline: '5s' }),
          sweepEvery: 0,
        }),
      ),
    )
  })
  afterEach(async () => {
    await Promise.all(caches.map(async (cache) => cache.close()))
    const keys = await redis.keys(`*${prefix}*`)
    if (keys.length > 0) await redis.del(keys)
    redis.disconnect()
  })
  const handles = () => {
    const [first, second] = caches as [Cache, Cache]
    return [first.open(space), second.open(space)] as const
  }
  const turn = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

  test('two processes that replace one version make one load, and both drop the old value', async () => {
    const [first, second] = handles()
    await first.set(one, 'old')
    const version = (await second.find(one))?.version ?? ''
    let loads = 0
    const load = async (): Promise<string> => {
      loads += 1
      for (let turns = 0; turns < 20; turns += 1) await turn()
      return 'new'
    }
    const given = await Promise.all(
      handles().map(async (handle) => handle.getOrLoad(one, load, { replacing: version })),
    )
    expect([given, loads]).toEqual([['new', 'new'], 1])
    for (const handle of handles()) while ((await handle.get(one)) !== 'new') await turn()
  })

  test('a load is announced: a process that had the old value in memory and asks for nothing new sees it', async () => {
    const [first, second] = handles()
    await first.set(one, 'old')
    const version = (await first.find(one))?.version ?? ''
    expect(await second.get(one)).toBe('old')
    await first.getOrLoad(one, async () => 'new', { replacing: version })
    while (second.peek(one) === 'old') await turn()
    expect(await second.get(one)).toBe('new')
  })

  test('a version is removed from the store only while it is there, and the load under way is kept', async () => {
    const [first, second] = handles()
    await first.set(one, 'old')
    const version = (await second.find(one))?.version ?? ''
    let end: (value: string) => void = () => {}
    const loading = new Promise<void>((started) => {
      void first.getOrLoad(
        one,
        async () => {
          started()
          return new Promise<string>((resolve) => void (end = resolve))
        },
        { replacing: version },
      )
    })
    await loading
    expect(await second.delete(one, { version })).toBe(true)
    expect(await second.get(one)).toBeUndefined()
    end('new')
    while ((await second.get(one)) !== 'new') await turn()
    expect(await second.delete(one, { version })).toBe(false)
    expect(await second.get(one)).toBe('new')
  })
})
