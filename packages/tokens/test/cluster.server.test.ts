/** Tokens of several caches on one Redis: what other programs see there, and what one tells the others. */
import { randomUUID } from 'node:crypto'
import { onEvent } from '@reprise/cache'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Tokens, createTokens, openAssistantCache, wechat } from '@reprise/tokens'
import { type AppView, type StandInPlatform, startStandIn } from '@reprise/tokens/testing'
import { secretOf } from './rig.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const wx = { channel: 'wechat', appId: 'wx1' }
let platform: StandInPlatform
let app: AppView
let redis: Redis
let prefix: string
let key: string
const ends: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  prefix = `tokens-${randomUUID().slice(0, 8)}`
  key = `${prefix}:access_token:wechat:wx1`
  platform = await startStandIn()
  app = platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  redis = new Redis(url)
})
afterEach(async () => {
  await Promise.all(ends.splice(0).map(async (end) => end()))
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  redis.disconnect()
  await platform.close()
})

async function join(options: Parameters<typeof openAssistantCache>[0] = {}): Promise<Tokens> {
  const cache = await openAssistantCache({ env: { REDIS_URL: url }, prefix, deadline: '5s', ...options })
  ends.push(async () => cache.close())
  const providers = [
    wechat({ apps: { wx1: { secret: secretOf('wx1') } }, baseUrl: platform.address('wechat') }),
  ]
  return createTokens({ cache, providers })
}

/** Resolves when Redis has a token: callers have their answer before that. */
async function stored(value: string): Promise<void> {
  let found: string | null = null
  while (found !== value) found = await redis.get(key)
}

/** Reads until a token is another one; the record of the log is on its way. */
async function changed(tokens: Tokens, from: string): Promise<string> {
  for (;;) {
    const value = await tokens.get(wx)
    if (value !== from) return value
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a token that another program put at the plain key is used, and dropped by value when it is refused', async () => {
  const one = await join()
  await redis.set(key, '12345678901234567890', 'EX', 600)
  expect(await one.get(wx)).toBe('12345678901234567890')
  expect(app.fetches).toHaveLength(0)
  expect(await one.reject('12345678901234567890')).toBe(true)
  expect(await redis.exists(key)).toBe(0)
  expect(await one.get(wx)).toBe(app.last)
  await stored(app.last ?? '')
})

test('a refused token is dropped only where the store still holds it', async () => {
  const [one, other] = [await join(), await join()]
  const first = await one.get(wx)
  expect(await other.get(wx)).toBe(first)
  expect(await one.reject(first)).toBe(true)
  const second = await one.get(wx)
  // It drops its own copy, where the log has not done so yet, and nothing else.
  await other.reject(first)
  await stored(second)
  expect([await one.get(wx), await changed(other, first)]).toEqual([second, second])
  expect(app.fetches).toHaveLength(2)
})

test('the next token reaches the memory of the others by the log, before the end of the one before', async () => {
  const [one, other] = [await join(), await join()]
  const first = await one.get(wx)
  expect(await other.get(wx)).toBe(first)
  // Only this process is told that the token is bad; the other would have served it for two hours.
  await one.reject(first)
  const second = await one.get(wx)
  expect(await changed(other, first)).toBe(second)
  expect(app.fetches).toHaveLength(2)
})

test('sealed: no token is readable in Redis, and a process with the keys reads it', async () => {
  const encryptionKeys = [{ id: 'k1', key: Buffer.alloc(32, 7) }]
  const one = await join({ encryptionKeys })
  const value = await one.get(wx)
  const names = await redis.keys(`*${prefix}*`)
  const kinds = await Promise.all(names.map(async (name) => [name, await redis.type(name)] as const))
  const texts = kinds.filter(([, kind]) => kind === 'string').map(([name]) => name)
  expect(texts).toContain(key)
  for (const name of texts) expect((await redis.getBuffer(name))?.includes(value)).toBe(false)
  const other = await join({ encryptionKeys })
  expect(await other.get(wx)).toBe(value)
  expect(app.fetches).toHaveLength(1)
})

test('what fails in one process is not asked for by the others until its time', async () => {
  const [one, other] = [await join(), await join()]
  platform.misbehave({ status: 502 })
  expect(await one.get(wx).catch((error: unknown) => error)).toMatchObject({ code: 'E_TOKEN_PLATFORM' })
  // The failure is told to the store after the caller has it.
  let told = 0
  while (told === 0) told = await redis.exists(`{${key}}:f`)
  const held = new Promise<string>((resolve) => {
    const stop = onEvent('load-held-back', (event) => {
      stop()
      resolve(event.key)
    })
  })
  expect(await other.get(wx).catch((error: unknown) => error)).toMatchObject({ code: 'E_TOKEN_BACKOFF' })
  expect(await held).toBe(key)
  expect(app.fetches).toHaveLength(1)
})
