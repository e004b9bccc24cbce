import { type Cache, createCache } from '@reprise/cache'
import { type FakeClock, createFakeClock } from '@reprise/cache/testing'
import { assistantCatalog, createAssistantData, msalCacheClient, openAssistantCache } from '@reprise/tokens'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let cache: Cache
let clock: FakeClock
beforeEach(async () => {
  clock = createFakeClock()
  cache = await createCache({ catalog: assistantCatalog(), clock, sweepEvery: 0 })
})
afterEach(async () => cache.close())

describe("the assistant's data", () => {
  test('keys and lives are those of the document (rows C2 to C4)', async () => {
    const { conversations, aiConfigs, general } = createAssistantData(cache)
    await conversations.set('conv_123', { messages: ['hi'], context: {} })
    await aiConfigs.set('user:7', { model: 'm' })
    await general.set('greeting', 'hello')
    const { items } = await cache.entries()
    const lives = items.map(({ key, freshUntil }) => [key, (freshUntil - clock.now()) / 1_000])
    expect(Object.fromEntries(lives)).toEqual({
      'ai_assistant:conversation:conv_123': 3_600,
      'ai_assistant:ai_config:user%3A7': 300,
      'ai_assistant:greeting': 300,
    })
    await clock.advance(300_000)
    expect([await aiConfigs.get('user:7'), await general.get('greeting')]).toEqual([undefined, undefined])
    expect(await conversations.get('conv_123')).toEqual({ messages: ['hi'], context: {} })
    expect([await conversations.delete('conv_123'), await conversations.delete('conv_123')]).toEqual([
      true,
      false,
    ])
  })

  test('0, "", {}, [], false and null are values; a miss is the default; a TTL of 0 means "do not keep"', async () => {
    const { general } = createAssistantData(cache)
    for (const value of [0, '', {}, [], false, null]) {
      await general.set('k', value)
      expect(await general.get('k', 'the default')).toEqual(value)
    }
    await general.set('k', 'old')
    await general.set('k', 'new', { ttl: 0 })
    expect(await general.get('k', 'the default')).toBe('the default')
    expect(await general.get('k')).toBeUndefined()
  })

  test('warm-up loads each configuration once, says which failed, and who reads then does not wait (row C7)', async () => {
    const { aiConfigs, warm } = createAssistantData(cache)
    const loaded: string[] = []
    const load = async (user: string) => {
      loaded.push(user)
      if (user === 'u2') throw new Error('no such user')
      return { model: `of ${user}` }
    }
    const report = await warm(['u1', 'u2', 'u3'], load)
    expect(report.done).toBe(2)
    expect(report.failed.map(({ name }) => name)).toEqual(['ai_config:u2'])
    expect(await aiConfigs.getOrLoad('u1', load)).toEqual({ model: 'of u1' })
    expect(loaded.toSorted()).toEqual(['u1', 'u2', 'u3'])
  })

  test('prefix and lives come from configuration (row C6)', async () => {
    const other = await openAssistantCache({
      env: {},
      prefix: 'blbs_erp',
      overrides: { general: { ttl: '1m' } },
      clock,
    })
    await createAssistantData(other).general.set('k', 1)
    const [item] = (await other.entries()).items
    expect([item?.key, (item?.freshUntil ?? 0) - clock.now()]).toEqual(['blbs_erp:k', 60_000])
    await other.close()
  })
})

describe('msalCacheClient', () => {
  test('gives a partition as it was set, and the empty text for none', async () => {
    const client = msalCacheClient(cache)
    expect(await client.get('home:1')).toBe('')
    const text = JSON.stringify({ AccessToken: {}, RefreshToken: {} })
    expect(await client.set('home:1', text)).toBe(text)
    expect(await client.get('home:1')).toBe(text)
    expect(await client.get('home:2')).toBe('')
  })
})
