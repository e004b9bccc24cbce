import { createCache } from '@reprise/cache'
import { TokenError, assistantCatalog, createTokens, wechat } from '@reprise/tokens'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Rig, secretOf, startRig } from './rig.ts'

let rig: Rig
beforeEach(async () => void (rig = await startRig()))
afterEach(async () => rig.end())

const wx = { channel: 'wechat', appId: 'wx1' }
const minute = 60_000

describe('one fetch', () => {
  test('1 000 cold reads at once are one fetch, and all get the token that was issued last', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const values = await Promise.all(Array.from({ length: 1_000 }, async () => rig.tokens.get(wx)))
    expect(new Set(values)).toEqual(new Set([app.last]))
    expect(app.fetches).toHaveLength(1)
  })

  test('two applications of one corporation have a token each', async () => {
    const one = rig.platform.register({ platform: 'wecom', id: 'ww1', secret: secretOf('ww1:1') })
    const two = rig.platform.register({ platform: 'wecom', id: 'ww1', secret: secretOf('ww1:2') })
    const first = await rig.tokens.get({ channel: 'wecom', appId: 'ww1:1' })
    const second = await rig.tokens.get({ channel: 'wecom', appId: 'ww1:2' })
    expect([first, second]).toEqual([one.last, two.last])
    expect(first).not.toBe(second)
  })

  test('a deleted token is fetched anew', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const first = await rig.tokens.get(wx)
    expect([await rig.tokens.delete(wx), await rig.tokens.delete(wx)]).toEqual([true, false])
    expect(await rig.tokens.get(wx)).not.toBe(first)
    expect(app.fetches).toHaveLength(2)
  })

  test('no two channels and applications share a token, whatever their names are made of', async () => {
    const name = fc.string({
      unit: fc.constantFrom(':', '%', '3', 'A', 'a', '{', '}', '*', '企', ' ', '\ud800'),
      minLength: 1,
      maxLength: 6,
    })
    const refs = fc.uniqueArray(fc.record({ channel: name, appId: name }), {
      minLength: 2,
      maxLength: 8,
      selector: ({ channel, appId }) => JSON.stringify([channel, appId]),
    })
    await fc.assert(
      fc.asyncProperty(refs, async (given) => {
        const channels = [...new Set(given.map(({ channel }) => channel))]
        const providers = channels.map((channel) => ({
          channel,
          appIds: [],
          extendsLife: false,
          ask: async (appId: string) => ({ value: `of ${JSON.stringify([channel, appId])}`, expiresIn: 60 }),
          refuses: () => false,
        }))
        const cache = await createCache({ catalog: assistantCatalog(), sweepEvery: 0 })
        const tokens = createTokens({ cache, providers })
        for (const ref of given) await tokens.get(ref)
        for (const { channel, appId } of given)
          expect(await tokens.get({ channel, appId })).toBe(`of ${JSON.stringify([channel, appId])}`)
        const listed = (await tokens.list()).map(({ channel, appId }) => JSON.stringify([channel, appId]))
        expect(listed.toSorted()).toEqual(
          given.map(({ channel, appId }) => JSON.stringify([channel, appId])).toSorted(),
        )
        await cache.close()
      }),
      { numRuns: 60 },
    )
  })
})

describe('life', () => {
  test.for([
    ['7200 s: renewed 5.5 minutes before the end, half of the jitter early', 7_200, 7_200 - 330],
    ['300 s: a tenth before the end, and a tenth of that', 300, 300 - 33],
    ['20 s', 20, 20 - 2.2],
  ] as const)('%s', async ([, life, renewsAfter]) => {
    rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1'), life })
    const start = rig.clock.now()
    const { expiresAt } = await rig.tokens.read(wx)
    expect(expiresAt - start).toBe(life * 1_000)
    const [item] = await rig.tokens.list()
    expect(item).toMatchObject({ ...wx, createdAt: start, expiresAt, renewsAt: start + renewsAfter * 1_000 })
  })

  test('a token that is good for no time, or less, is given and not kept', async () => {
    for (const life of [0, -60]) {
      rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1'), life })
      expect(await rig.tokens.get(wx)).toMatch(/^\d+_/)
      expect(await rig.tokens.list()).toEqual([])
    }
  })

  test('time on the way counts: a life begins when the token is asked for', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1'), life: 100 })
    rig.platform.delay(5_000)
    const start = rig.clock.now()
    const reading = rig.tokens.read(wx)
    while (app.fetches.length === 0) await rig.clock.settle()
    await rig.clock.advance(5_000)
    expect((await reading).expiresAt).toBe(start + 100_000)
  })

  test('near its end a token is renewed in the background, and served until the next is there', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const first = await rig.tokens.get(wx)
    await rig.pass((7_200 - 331) * 1_000, 60 * minute)
    expect(await rig.tokens.get(wx)).toBe(first)
    await rig.idle()
    expect(app.fetches).toHaveLength(1)
    await rig.pass(2_000)
    expect(await rig.tokens.get(wx)).toBe(first)
    await rig.idle()
    expect(app.fetches).toHaveLength(2)
    expect(await rig.tokens.get(wx)).toBe(app.last)
    expect(app.state(first)).toBe('good')
  })

  test('a platform that gives the same token again does not lengthen its life, whatever it says; one that does, does', async () => {
    const ww = { channel: 'wecom', appId: 'ww1:1' }
    const ding = { channel: 'dingtalk', appId: 'ding1' }
    rig.platform.register({ platform: 'wecom', id: 'ww1', secret: secretOf('ww1:1') })
    rig.platform.register({ platform: 'dingtalk', id: 'ding1', secret: secretOf('ding1') })
    const start = rig.clock.now()
    const before = [await rig.tokens.get(ww), await rig.tokens.get(ding)]
    await rig.pass((7_200 - 329) * 1_000, 60 * minute)
    expect([await rig.tokens.get(ww), await rig.tokens.get(ding)]).toEqual(before)
    await rig.idle()
    const ends = [await rig.tokens.read(ww), await rig.tokens.read(ding)].map(
      ({ expiresAt }) => expiresAt - start,
    )
    expect(ends).toEqual([7_200_000, 7_200_000 + (7_200 - 329) * 1_000])
    expect([await rig.tokens.get(ww), await rig.tokens.get(ding)]).toEqual(before)
  })
})

describe('a token that the platform refused', () => {
  const use = async (token: string) => {
    const reply = await fetch(`${rig.platform.address('wechat')}/cgi-bin/getcallbackip?access_token=${token}`)
    return (await reply.json()) as { errcode?: number; ip_list?: string[] }
  }

  test('is dropped by value and fetched once, however many calls it was refused to', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    await rig.tokens.get(wx)
    app.revoke()
    const answers = await Promise.all(Array.from({ length: 50 }, async () => rig.tokens.withToken(wx, use)))
    expect(answers.every(({ ip_list }) => ip_list?.length === 1)).toBe(true)
    expect(app.fetches).toHaveLength(2)
    expect(rig.cache.stats().total.deletes).toBe(1)
  })

  test('stays dropped only where it is still the one that is kept', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const first = await rig.tokens.get(wx)
    expect(await rig.tokens.reject(first)).toBe(true)
    const second = await rig.tokens.get(wx)
    expect(await rig.tokens.reject(first)).toBe(false)
    expect(await rig.tokens.reject('never seen')).toBe(false)
    expect(await rig.tokens.get(wx)).toBe(second)
    expect(app.fetches).toHaveLength(2)
  })

  test('refused while the next one is being fetched: that one is kept', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const first = await rig.tokens.get(wx)
    await rig.pass((7_200 - 329) * 1_000, 60 * minute)
    rig.platform.delay(1_000)
    await rig.tokens.get(wx)
    while (app.fetches.length < 2) await rig.clock.settle()
    expect(await rig.tokens.reject(first)).toBe(true)
    const next = rig.tokens.get(wx)
    await rig.clock.advance(1_000)
    expect(await next).toBe(app.last)
    await rig.idle()
    expect(await rig.tokens.get(wx)).toBe(app.last)
    expect(app.fetches).toHaveLength(2)
  })

  test('is known by answers, errors, and replies of fetch, which can still be read', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const calls = [
      async () => ({ errcode: 42001 }),
      async () => Promise.reject(Object.assign(new Error('x'), { code: 40014 })),
      async () => Promise.reject(Object.assign(new Error('x'), { response: { data: { errcode: 40001 } } })),
      async () => Response.json({ errcode: 40001, errmsg: 'invalid credential' }),
    ]
    for (const [index, call] of calls.entries()) {
      const seen: string[] = []
      const answer = await rig.tokens.withToken(wx, async (token): Promise<unknown> => {
        seen.push(token)
        return seen.length === 1 ? call() : 'fine'
      })
      expect([answer, new Set(seen).size, app.fetches.length]).toEqual(['fine', 2, index + 2])
    }
    const reply = await rig.tokens.withToken(wx, async () => Response.json({ errcode: 0, data: 'kept' }))
    expect(await reply.json()).toEqual({ errcode: 0, data: 'kept' })
  })

  test('a second refusal, and any other failure, is the caller’s', async () => {
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    let calls = 0
    const refuse = async () => {
      calls += 1
      return { errcode: 40001 }
    }
    expect(await rig.tokens.withToken(wx, refuse)).toEqual({ errcode: 40001 })
    expect(calls).toBe(2)
    const other = Object.assign(new Error('no rights'), { code: 48001 })
    await expect(rig.tokens.withToken(wx, async () => Promise.reject(other))).rejects.toBe(other)
    expect(app.fetches).toHaveLength(2)
  })
})

describe('failures', () => {
  test('say what was wrong, once for all who asked, and the platform is left alone for a while', async () => {
    rig.platform.register({ platform: 'wechat', id: 'wx1', secret: 'another secret than ours' })
    const failures = await Promise.all(
      Array.from({ length: 20 }, async () => rig.tokens.get(wx).catch((error: unknown) => error)),
    )
    for (const error of failures) {
      expect(TokenError.is(error, 'E_TOKEN_CREDENTIALS')).toBe(true)
      expect(error).toMatchObject({ platformCode: 40125, status: 502 })
    }
    const held = await rig.tokens.get(wx).catch((error: unknown) => error)
    expect(TokenError.is(held, 'E_TOKEN_BACKOFF')).toBe(true)
    // A wrong secret does not mend itself: a minute, not the backoff of a second.
    expect((held as TokenError).retryAfterMs).toBe(60_000)
    expect(rig.platform.fetches).toBe(1)
  })

  test('what cannot be asked for is refused at once', async () => {
    const codes = await Promise.all(
      [
        { channel: 'telegram', appId: 'x' },
        { channel: 'wechat', appId: 'nobody' },
        { channel: 'wechat', appId: '' },
      ].map(async (ref) => rig.tokens.get(ref).catch((error: TokenError) => error.code)),
    )
    expect(codes).toEqual(['E_TOKEN_UNKNOWN', 'E_TOKEN_UNKNOWN', 'E_TOKEN_OPTION'])
    const twice = () => createTokens({ cache: rig.cache, providers: [...rig.providers, ...rig.providers] })
    expect(twice).toThrow('two providers for the channel "wechat"')
    expect(() => wechat({ apps: {}, baseUrl: 'http://example.com' })).toThrow('https://host')
  })
})
