/** Real processes on one Redis: one fetch for all, and one more when the platform has ended the token. */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AppView, type StandInPlatform, startStandIn } from '@reprise/tokens/testing'
import { type Process, startProcess } from './processes/start.ts'
import { secretOf } from './rig.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
let platform: StandInPlatform
let app: AppView
let redis: Redis
let prefix: string
let processes: readonly Process[]

beforeEach(async () => {
  prefix = `tokens-${randomUUID().slice(0, 8)}`
  platform = await startStandIn()
  app = platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  redis = new Redis(url)
  const setup = { url, prefix, baseUrl: platform.address('wechat'), secret: secretOf('wx1') }
  processes = await Promise.all(Array.from({ length: 4 }, async () => startProcess(setup)))
})
afterEach(async () => {
  await Promise.all(processes.map(async (one) => one.close()))
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  redis.disconnect()
  await platform.close()
})

const all = async (order: Parameters<Process['ask']>[0]): Promise<ReadonlySet<string>> =>
  new Set((await Promise.all(processes.map(async (one) => one.ask(order)))).flat())

/** Resolves when Redis has a token: callers have their answer before that. */
async function stored(value: string): Promise<void> {
  let found: string | null = null
  while (found !== value) found = await redis.get(`${prefix}:access_token:wechat:wx1`)
}

describe('4 processes on one Redis', () => {
  test('1 000 cold reads are one fetch: all get that token, and it is the one that is stored', async () => {
    platform.delay(200)
    expect(await all({ do: 'read', times: 250 })).toEqual(new Set([app.last]))
    expect(app.fetches).toHaveLength(1)
    // Plain text at the plain key, for programs in other languages; for as long as the platform said.
    await stored(app.last ?? '')
    const left = await redis.pttl(`${prefix}:access_token:wechat:wx1`)
    expect(left).toBeGreaterThan(7_190_000)
    expect(left).toBeLessThanOrEqual(7_200_000)
  })

  test('a token that the platform has ended is refused to 400 calls, and fetched once', async () => {
    await all({ do: 'read', times: 1 })
    app.revoke()
    platform.delay(100)
    expect(await all({ do: 'use', times: 100 })).toEqual(new Set(['{"ip_list":["127.0.0.1"]}']))
    expect(app.fetches).toHaveLength(2)
    await stored(app.last ?? '')
    expect(await all({ do: 'read', times: 1 })).toEqual(new Set([app.last]))
  })
})
