import { type Cache, createCache, defineCatalog, onEvent } from '@reprise/cache'
import { type RedisShared, redisShared } from '@reprise/cache/redis'
import { wrapLanguageModel } from 'ai'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheModelCalls } from '../src/ai-sdk/middleware.ts'
import { invalidateCalls } from '../src/call-tags.ts'
import { redisRelay } from '../src/relay/redis-relay.ts'
import { modelCallSpace } from '../src/spaces.ts'
import { read, said, standIn, streamOf } from './model.ts'
import { listener, relayCases, until } from './relay-conformance.ts'
import { ask, endOf, markOf, textOf } from './rig.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `ai-relay-${process.pid}`
const redis = new Redis(url)

/** What a process of its own would have; several of them stand here side by side. */
async function openProcess() {
  const shared: RedisShared = redisShared({ url, prefix, descriptor: 'model calls', deadline: '2s' })
  const cache: Cache = await createCache({
    catalog: defineCatalog({ prefix, spaces: [modelCallSpace({ ttl: '1h' })] }),
    shared,
    sweepEvery: 0,
  })
  const relay = redisRelay(shared)
  const upstream = standIn()
  const middleware = cacheModelCalls({ cache, tenant: 'shop', relay })
  return { cache, relay, upstream, model: wrapLanguageModel({ model: upstream, middleware }) }
}

let one: Awaited<ReturnType<typeof openProcess>>
let other: Awaited<ReturnType<typeof openProcess>>

beforeEach(async () => {
  one = await openProcess()
  other = await openProcess()
})
afterEach(async () => {
  await Promise.all([one.cache.close({ timeout: 0 }), other.cache.close({ timeout: 0 })])
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
})

test.for(relayCases)('in Redis: %s', async ([, run], { task }) => run(one.relay, `${prefix}:${task.id}`))

/** A part of a stream of its own, once it was asked for. */
async function feedOf({ upstream }: typeof one, index = 0) {
  while (upstream.feeds[index] === undefined) await new Promise((resolve) => setImmediate(resolve))
  return upstream.feeds[index]
}

describe('a stream that another process makes', () => {
  test('comes as it is made; who is late gets what was and follows on; one pays', async () => {
    const first = one.model.doStream(ask('live'))
    const feed = await feedOf(one)
    const parts = streamOf('one ', 'two ', 'three')
    feed.push(...parts.slice(0, 3))
    const early = (await other.model.doStream(ask('live'))).stream.getReader()
    const seen = [await early.read(), await early.read(), await early.read()]
    expect(seen.map(({ value }) => value)).toEqual(parts.slice(0, 3))
    const late = other.model.doStream(ask('live'))
    const whole = other.model.doGenerate(ask('live'))
    feed.push(...parts.slice(3))
    feed.end()
    const [mine, theirs] = [await read((await first).stream), await read((await late).stream)]
    expect([textOf(mine), textOf(theirs)]).toEqual(['one two three', 'one two three'])
    expect((await whole).content).toEqual([{ type: 'text', text: 'one two three' }])
    expect([one.upstream.calls.length, other.upstream.calls.length]).toEqual([1, 0])
    expect([endOf(mine).usage.outputTokens.total, endOf(theirs).usage.outputTokens.total]).toEqual([5, 0])
    expect(markOf(endOf(theirs))).toMatchObject({ cache: 'shared', avoided: { outputTokens: 5 } })
  })

  test('an answer that is not kept is given to all who wait, in every process', async () => {
    let finish!: () => void
    const cutShort = { ...said('half'), finishReason: { unified: 'length' as const, raw: 'max' } }
    one.upstream.answer = async () => {
      await new Promise<void>((resolve) => (finish = resolve))
      return cutShort
    }
    const first = one.model.doGenerate(ask('refused'))
    while (one.upstream.calls.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const waited = new Promise<void>((resolve) => {
      const stop = onEvent('lease-waited', () => {
        stop()
        resolve()
      })
    })
    const theirs = [other.model.doGenerate(ask('refused')), other.model.doGenerate(ask('refused'))]
    await waited
    finish()
    for (const result of [await first, ...(await Promise.all(theirs))])
      expect(result.content).toEqual(cutShort.content)
    expect(other.upstream.calls.length).toBe(0)
  })

  test('when it breaks, who follows gets what came and then the error', async () => {
    const first = one.model.doStream(ask('breaks'))
    const feed = await feedOf(one)
    feed.push(...streamOf('half').slice(0, 3))
    const follower = (await other.model.doStream(ask('breaks'))).stream.getReader()
    for (let part = 0; part < 3; part += 1) await follower.read()
    feed.fail(new Error('connection reset'))
    await expect(follower.read()).rejects.toMatchObject({
      code: 'E_CALL_ELSEWHERE',
      message: 'connection reset',
    })
    await expect(read((await first).stream)).rejects.toThrow('connection reset')
    other.upstream.parts = streamOf('whole')
    expect(textOf(await read((await other.model.doStream(ask('breaks'))).stream))).toBe('whole')
  })

  test('its first client leaves: nothing is lost for those elsewhere', async () => {
    const first = one.model.doStream(ask('leaves'))
    const feed = await feedOf(one)
    feed.push(...streamOf('one ').slice(0, 3))
    const theirs = read((await other.model.doStream(ask('leaves'))).stream)
    await (await first).stream.cancel()
    feed.push(...streamOf('two').slice(2))
    feed.end()
    expect(textOf(await theirs)).toBe('one two')
    expect(other.upstream.calls.length).toBe(0)
  })

  test('after an invalidation nobody gets the old one, whoever had it keeps it', async () => {
    const before = one.model.doStream(ask('changes'))
    const feed = await feedOf(one)
    feed.push(...streamOf('old').slice(0, 3))
    const had = (await other.model.doStream(ask('changes'))).stream
    await invalidateCalls(one.cache, { model: 'm-1' })
    other.upstream.parts = streamOf('new')
    const third = await openProcess()
    third.upstream.parts = streamOf('new')
    const after = third.model.doStream(ask('changes'))
    feed.push(...streamOf('').slice(3))
    feed.end()
    expect(textOf(await read((await after).stream))).toBe('new')
    expect([textOf(await read((await before).stream)), textOf(await read(had))]).toEqual(['old', 'old'])
    await third.cache.close()
  })

  test('who asks for a new answer does not follow the one that is under way', async () => {
    const first = one.model.doStream(ask('anew'))
    const feed = await feedOf(one)
    feed.push(...streamOf('old').slice(0, 3))
    other.upstream.parts = streamOf('new')
    const regenerated = other.model.doStream(
      ask('anew', { providerOptions: { reprise: { regenerate: true } } }),
    )
    feed.push(...streamOf('').slice(3))
    feed.end()
    expect(textOf(await read((await first).stream))).toBe('old')
    expect(textOf(await read((await regenerated).stream))).toBe('new')
  })
})

test('a stream that no longer grows is gone after its time, and one that is too long is told no further', async () => {
  const shared = redisShared({ url, prefix, descriptor: 'model calls', deadline: '2s' })
  await shared.open()
  const relay = redisRelay(shared, { keepFor: 60_000, maxBytes: 20 })
  const key = `${prefix}:long`
  const writer = await relay.begin(key)
  const follower = listener(relay, key)
  writer.push('a')
  await until(follower, 2)
  writer.push('b'.repeat(30))
  writer.push('c')
  await writer.answered()
  await follower.catchUp()
  expect(follower.heard).toEqual(['begun', 'a'])
  expect(await redis.pttl(`{${key}}:p`)).toBeGreaterThan(50_000)
  follower.stop()
  await shared.close()
})
