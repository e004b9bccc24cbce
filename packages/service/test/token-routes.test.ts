import { createBackground } from '@reprise/cache'
import { type Tokens, createTokens, openAssistantCache, wechat, wecom } from '@reprise/tokens'
import { type StandInPlatform, startStandIn } from '@reprise/tokens/testing'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestService, bearer, startService } from './start-service.ts'

const secrets = ['the-secret-of-wx1-0123456789', 'the-secret-of-ww1-0123456789']
let running: TestService
let platform: StandInPlatform
let tokens: Tokens
let as: Record<'viewer' | 'operator' | 'admin', string>
/** Everything that anybody was told: answers, headers, lines of the log. */
const told: string[] = []
const closers: (() => unknown)[] = []
const background = createBackground({ limit: 2 })

beforeAll(async () => {
  platform = await startStandIn()
  platform.register({ platform: 'wechat', id: 'wx1', secret: secrets[0] ?? '' })
  platform.register({ platform: 'wecom', id: 'ww1', secret: secrets[1] ?? '' })
  const cache = await openAssistantCache({ env: {} })
  tokens = createTokens({
    cache,
    providers: [
      wechat({ apps: { wx1: { secret: secrets[0] ?? '' } }, baseUrl: platform.address('wechat') }),
      wecom({ apps: { ww1: { corpId: 'ww1', secret: 'wrong' } }, baseUrl: platform.address('wecom') }),
    ],
  })
  const logger = pino({ level: 'trace' }, { write: (line: string) => void told.push(line) })
  running = await startService({ service: { tokens, background, logger } })
  as = {
    viewer: await running.token('viewer'),
    operator: await running.token('operator'),
    admin: await running.token('admin'),
  }
  closers.push(
    () => running.stop(),
    () => cache.close(),
    () => platform.close(),
  )
})
afterAll(async () => {
  for (const close of closers) await close()
})

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, token: keyof typeof as = 'admin') {
  const response = await running.service.app.inject({ method, url, headers: bearer(as[token]) })
  told.push(response.body, JSON.stringify(response.headers))
  return { status: response.statusCode, text: response.body }
}

async function list() {
  const { text } = await call('GET', '/api/v1/tokens', 'viewer')
  return JSON.parse(text).data.items
}

test('tokens are listed with their state, renewed and dropped, and are told nowhere', async () => {
  expect(await list()).toMatchObject([
    { channel: 'wechat', app_id: 'wx1', state: 'missing', fingerprint: null, seconds_left: null, fetches: 0 },
    { channel: 'wecom', app_id: 'ww1', state: 'missing' },
  ])
  await tokens.get({ channel: 'wechat', appId: 'wx1' })
  const [fresh] = await list()
  expect(fresh).toMatchObject({ state: 'fresh', fetches: 1, failures: 0, last_error: null })
  expect(fresh.seconds_left).toBeGreaterThan(7_000)
  expect(Date.parse(fresh.renews_at)).toBeLessThan(Date.parse(fresh.expires_at))

  expect((await call('POST', '/api/v1/tokens/wechat/wx1/renew', 'viewer')).status).toBe(403)
  const renewed = JSON.parse((await call('POST', '/api/v1/tokens/wechat/wx1/renew', 'operator')).text).data
  expect(renewed).toMatchObject({ state: 'fresh', fetches: 2 })
  expect(renewed.fingerprint).not.toBe(fresh.fingerprint)

  const failed = await call('POST', '/api/v1/tokens/wecom/ww1/renew')
  expect([failed.status, JSON.parse(failed.text).error.code]).toEqual([502, 'E_TOKEN_CREDENTIALS'])
  expect((await list())[1]).toMatchObject({ state: 'failing', last_error: { code: 'E_TOKEN_CREDENTIALS' } })
  expect((await call('POST', '/api/v1/tokens/nobody/x/renew')).status).toBe(404)

  const drop = '/api/v1/tokens/wechat/wx1?fingerprint='
  expect((await call('DELETE', `${drop}${renewed.fingerprint}`, 'operator')).status).toBe(403)
  expect((await call('DELETE', `${drop}nothex`)).status).toBe(422)
  expect(JSON.parse((await call('DELETE', `${drop}${fresh.fingerprint}`)).text).data).toEqual({
    dropped: false,
  })
  expect(JSON.parse((await call('DELETE', `${drop}${renewed.fingerprint}`)).text).data).toEqual({
    dropped: true,
  })
  expect((await list())[0].state).toBe('missing')

  told.push((await call('GET', '/metrics')).text)
  expect(platform.issued.length).toBe(2)
  expect(told.length).toBeGreaterThan(20)
  for (const secret of [...secrets, ...platform.issued]) {
    expect(told.filter((text) => text.includes(secret))).toEqual([])
  }
})

test('background work is told while it runs and counted when it has ended', async () => {
  const read = async () => JSON.parse((await call('GET', '/api/v1/background', 'viewer')).text).data
  let end = (): void => {}
  background.run('premium_cache_1a2b3c4d', () => new Promise<void>((resolve) => (end = resolve)))
  background.run('broken', () => Promise.reject(new Error('no')))
  background.run('too much', () => Promise.resolve())
  await expect.poll(async () => (await read()).ended.failed).toBe(1)
  const data = await read()
  expect(data).toMatchObject({ limit: 2, refused: 1, ended: { finished: 0, failed: 1, timed_out: 0 } })
  expect(data.running).toMatchObject([{ name: 'premium_cache_1a2b3c4d' }])
  expect(data.running[0].seconds).toBeGreaterThanOrEqual(0)
  end()
  await expect.poll(async () => (await read()).ended.finished).toBe(1)
  expect((await read()).running).toEqual([])
})
