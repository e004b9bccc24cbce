import { createCache, defineCatalog } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import { langgraphCache, langgraphSpace } from '../src/langgraph/cache.ts'
import { mastraCache } from '../src/mastra/server-cache.ts'
import { langgraphCases } from './langgraph-cases.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `ai-adapters-${process.pid}`
const redis = new Redis(url)

async function openProcess() {
  const shared = redisShared({ url, prefix, descriptor: 'adapters', deadline: '2s' })
  const catalog = defineCatalog({ prefix, spaces: [langgraphSpace({ ttl: '1d' })] })
  return { shared, cache: await createCache({ catalog, shared, sweepEvery: 0 }) }
}
const one = await openProcess()
const other = await openProcess()

afterAll(async () => {
  await Promise.all([one.cache.close(), other.cache.close()])
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  await redis.quit()
})

describe('LangGraph in Redis', () => {
  test.for(langgraphCases)('%s', async ([name, run]) =>
    run(await langgraphCache({ cache: one.cache, tenant: name })),
  )

  test('what one process sets the others have, and what one clears they have no more', async () => {
    const [here, there] = await Promise.all(
      [one, other].map(async ({ cache }) => langgraphCache({ cache, tenant: 'shop' })),
    )
    await here?.set([{ key: [['n'], 'k'], value: { n: 1 } }])
    expect(await there?.get([[['n'], 'k']])).toEqual([{ key: [['n'], 'k'], value: { n: 1 } }])
    await here?.clear([['n']])
    expect(await here?.get([[['n'], 'k']])).toEqual([])
  })
})

/** As Mastra's own class: a name, and nothing that is used here. */
abstract class MastraServerCache {
  readonly name: string
  constructor({ name }: { name: string }) {
    this.name = name
  }
}

describe('Mastra in Redis', () => {
  const here = mastraCache(MastraServerCache, { shared: one.shared, prefix: `${prefix}-m` })
  const there = mastraCache(MastraServerCache, { shared: other.shared, prefix: `${prefix}-m` })

  test('values, lists and counters are those of all processes', async () => {
    expect(here).toBeInstanceOf(MastraServerCache)
    await here.set('v', { at: new Date(5), bytes: new Uint8Array([1]) })
    expect(await there.get('v')).toEqual({ at: new Date(5), bytes: new Uint8Array([1]) })
    expect(await there.get('none')).toBeUndefined()
    const counted = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => (at % 2 ? here : there).increment('n')),
    )
    expect(counted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    for (const event of ['a', 'b', 'c', 'd']) await here.listPush('l', { event })
    expect(await there.listLength('l')).toBe(4)
    expect(await there.listFromTo('l', 1, 2)).toEqual([{ event: 'b' }, { event: 'c' }])
    expect(await there.listFromTo('l', 2)).toEqual([{ event: 'c' }, { event: 'd' }])
    await here.delete('v')
    expect(await there.get('v')).toBeUndefined()
  })

  test('they have an end, and clearing takes all of them and nothing else', async () => {
    await here.set('w', 1)
    expect(await redis.pttl(`${prefix}-m:{w}`)).toBeGreaterThan(3_500_000)
    await here.set('w', 1, 60_000)
    expect(await redis.pttl(`${prefix}-m:{w}`)).toBeLessThanOrEqual(60_000)
    await here.set('w', 1, 0)
    expect(await redis.pttl(`${prefix}-m:{w}`)).toBe(-1)
    await redis.set(`${prefix}-n:{w}`, 'of another')
    await here.clear()
    expect([await here.get('w'), await here.listLength('l')]).toEqual([undefined, 0])
    expect(await redis.get(`${prefix}-n:{w}`)).toBe('of another')
  })

  test('Redis is away: reads find nothing, writes say so', async () => {
    const away = redisShared({ url: 'redis://127.0.0.1:1', prefix, descriptor: 'adapters' })
    const cache = mastraCache(MastraServerCache, { shared: away })
    expect([await cache.get('v'), await cache.listFromTo('l', 0), await cache.listLength('l')]).toEqual([
      undefined,
      [],
      0,
    ])
    await expect(cache.increment('n')).rejects.toMatchObject({ code: 'E_TIER_READ' })
    await away.close()
  })
})
