/** The real co-wechat-api against the stand-in, with its own storage and through the hooks. */
import { createRequire } from 'node:module'
import { createCache, systemClock } from '@reprise/cache'
import {
  type CoWechatClient,
  type CoWechatStore,
  type Tokens,
  assistantCatalog,
  createTokens,
  wechat,
} from '@reprise/tokens'
import { type AppView, type StandInPlatform, startStandIn } from '@reprise/tokens/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { secretOf } from './rig.ts'

/** What these tests use of co-wechat-api, which has no types. */
interface Api extends CoWechatClient {
  prefix: string
  ensureAccessToken(): Promise<{ accessToken: string }>
  getIp(): Promise<{ ip_list: string[] }>
}
type Hooks = Pick<CoWechatStore, 'getToken' | 'saveToken'>
const API = createRequire(import.meta.url)('co-wechat-api') as new (
  appId: string,
  secret: string,
  getToken?: Hooks['getToken'],
  saveToken?: Hooks['saveToken'],
) => Api

const ref = { channel: 'wechat', appId: 'wx1' }
let platform: StandInPlatform
let app: AppView
let tokens: Tokens
let close: () => Promise<void>

beforeEach(async () => {
  platform = await startStandIn()
  app = platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  const cache = await createCache({ catalog: assistantCatalog(), clock: systemClock, sweepEvery: 0 })
  tokens = createTokens({
    cache,
    providers: [wechat({ apps: { wx1: { secret: secretOf('wx1') } }, baseUrl: platform.address('wechat') })],
  })
  close = async () => {
    await cache.close()
    await platform.close()
  }
})
afterEach(async () => close())

function client(hooks?: Hooks): Api {
  const api = new API('wx1', secretOf('wx1'), hooks?.getToken, hooks?.saveToken)
  api.prefix = `${platform.address('wechat')}/cgi-bin/`
  return api
}
const times = async <T>(count: number, run: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, run))

describe('co-wechat-api', () => {
  test('with its own storage: 20 cold calls are 20 fetches', async () => {
    const api = client()
    await times(20, async () => api.ensureAccessToken())
    expect(app.fetches).toHaveLength(20)
  })

  test('through the hooks: 1 000 cold calls of several clients are one fetch, the token issued last', async () => {
    const clients = await times(4, async () => client(tokens.coWechatStore(ref)))
    const given = await Promise.all(
      clients.map(async (api) => times(250, async () => api.ensureAccessToken())),
    )
    expect(new Set(given.flat().map(({ accessToken }) => accessToken))).toEqual(new Set([app.last]))
    expect(app.fetches).toHaveLength(1)
  })

  test('through the hooks: a refused token is dropped, and what the client fetched itself is kept', async () => {
    const api = client(tokens.coWechatStore(ref))
    await api.getIp()
    app.revoke()
    expect(await api.getIp()).toEqual({ ip_list: ['127.0.0.1'] })
    expect(await tokens.get(ref)).toBe(app.last)
    expect(app.fetches).toHaveLength(2)
  })

  test('late news of a refusal does not drop the token that has come since', async () => {
    const store = tokens.coWechatStore(ref)
    const { accessToken: first } = await store.getToken()
    await store.saveToken(null)
    const { accessToken: second } = await store.getToken()
    await Promise.all([store.saveToken(null), store.saveToken(null)])
    expect(await tokens.get(ref)).toBe(second)
    expect(second).not.toBe(first)
    await store.saveToken({ accessToken: 'older', expireTime: Date.now() + 60_000 })
    expect(await tokens.get(ref)).toBe(second)
  })

  test('adopted: 20 calls that are refused at once are one fetch', async () => {
    const store = tokens.coWechatStore(ref)
    const api = store.adopt(client(store))
    await api.getIp()
    // Twice in a row: by value, no refusal is taken for late news of the one before.
    for (const fetches of [2, 3]) {
      app.revoke()
      const answers = await times(20, async () => api.getIp())
      expect(answers.every(({ ip_list }) => ip_list.length === 1)).toBe(true)
      expect(app.fetches).toHaveLength(fetches)
    }
    expect(await tokens.get(ref)).toBe(app.last)
  })
})
