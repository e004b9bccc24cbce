/** Nothing that this package or the cache tells of a full run has a secret or a token in it. */
import { inspect } from 'node:util'
import { createCache, memoryLog, onEveryEvent } from '@reprise/cache'
import { mapTier } from '@reprise/cache/testing'
import { afterEach, expect, test } from 'vitest'
import { type AccessTokenSpace, assistantCatalog, createTokens } from '@reprise/tokens'
import { type Rig, secretOf, startRig } from './rig.ts'

const heard: string[] = []
const hear = (...things: unknown[]): void => {
  for (const thing of things) heard.push(inspect(thing, { depth: 12, maxStringLength: null }))
}

let rig: Rig
const undo: (() => void)[] = []
afterEach(async () => {
  for (const one of undo.splice(0)) one()
  await rig.end()
})

/** Everything that a process writes, warns of or publishes is heard. */
function listen(): void {
  undo.push(onEveryEvent((name, event) => hear(name, event)))
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const before = console[method]
    console[method] = (...things: unknown[]) => hear(...things)
    undo.push(() => void (console[method] = before))
  }
  for (const stream of [process.stdout, process.stderr]) {
    const before = stream.write
    stream.write = (chunk: unknown) => {
      hear(chunk)
      return true
    }
    undo.push(() => void (stream.write = before))
  }
  for (const name of ['warning', 'unhandledRejection', 'uncaughtExceptionMonitor'] as const) {
    const listener = (thing: unknown): void => hear(thing)
    process.on(name as 'warning', listener)
    undo.push(() => process.off(name, listener))
  }
}

const refs = [
  { channel: 'wechat', appId: 'wx1' },
  { channel: 'wecom', appId: 'ww1:1' },
  { channel: 'dingtalk', appId: 'ding1' },
  { channel: 'graph', appId: 'client1' },
]

test('a full run: fetches, failures of every kind, refusals, renewal, lists, figures', async () => {
  rig = await startRig({ retryEvery: '30s' })
  listen()
  const { platform, tokens, cache } = rig
  const register = (): void => {
    platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    platform.register({ platform: 'wecom', id: 'ww1', secret: secretOf('ww1:1') })
    platform.register({ platform: 'dingtalk', id: 'ding1', secret: secretOf('ding1') })
    platform.register({ platform: 'oauth', id: 'client1', secret: secretOf('client1') })
  }
  const secrets = ['wx1', 'ww1:1', 'ding1', 'client1'].map(secretOf)
  const attempt = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      hear('answer', (await rig.over(run())) === undefined)
    } catch (error) {
      hear(error, error instanceof Error ? [error.message, error.stack, error.cause] : error)
    }
  }
  // Wrong credentials, then each way of going wrong, twice: the second read meets the backoff.
  for (const how of [
    undefined,
    'busy',
    'limit',
    'cut',
    { status: 502, text: `{"access_token":"${secrets[0]}` },
    { status: 200, text: JSON.stringify({ errcode: 40125, errmsg: `bad ${secrets.join(' ')}` }) },
  ] as const) {
    if (how !== undefined) platform.misbehave(how)
    for (const ref of refs)
      for (let twice = 0; twice < 2; twice += 1) await attempt(async () => tokens.get(ref))
    await rig.pass(61_000, 61_000)
  }
  platform.heal()
  register()
  await rig.pass(61_000, 61_000)
  await rig.over(tokens.start({ warm: true }))
  for (const ref of refs) {
    const value = await tokens.get(ref)
    await attempt(async () =>
      tokens.withToken(ref, async (token) =>
        Promise.reject(
          Object.assign(new Error('refused'), { status: 401, code: 40001, length: token.length }),
        ),
      ),
    )
    hear(await tokens.reject(value))
    await rig.over(tokens.get(ref))
  }
  platform.misbehave('cut')
  await rig.pass(7_300_000, 60_000)
  platform.heal()
  await rig.pass(120_000, 10_000)
  hear(
    await tokens.list(),
    cache.stats(),
    cache.hotKeys(),
    cache.advise(),
    await cache.entries(),
    await cache.tiers(),
  )
  const space = cache.catalog.find('access_token').space as AccessTokenSpace
  for (const { channel, appId } of refs) hear(await cache.explain(space, { channel, app_id: appId }))
  hear(
    Object.keys(tokens),
    rig.providers.map(({ channel, appIds }) => [channel, appIds]),
  )
  for (const one of undo.splice(0)) one()

  expect(platform.issued.length).toBeGreaterThan(8)
  const text = heard.join('\n')
  expect(text.length).toBeGreaterThan(50_000)
  for (const secret of [...secrets, ...platform.issued]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
    expect(text).not.toContain(Buffer.from(secret).toString('base64'))
  }
})

test('sealed: what a store below memory holds is not readable, and an old key still opens it', async () => {
  rig = await startRig()
  rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  const tier = { ...mapTier({ clock: rig.clock }), durable: false }
  const wx = { channel: 'wechat', appId: 'wx1' }
  const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) })
  const log = memoryLog()
  const open = async (keys: readonly { id: string; key: Uint8Array }[]) => {
    const cache = await createCache({
      catalog: assistantCatalog({ sealed: true }),
      tiers: [tier],
      log,
      clock: rig.clock,
      encryption: { keys, allowPlainDocuments: true },
      sweepEvery: 0,
    })
    return { cache, tokens: createTokens({ cache, providers: rig.providers, clock: rig.clock }) }
  }
  const first = await open([key('2025', 1)])
  const value = await first.tokens.get(wx)
  const [record] = await tier.read(['ai_assistant:access_token:wechat:wx1'])
  const stored = Buffer.from(record?.body as Uint8Array)
  expect(stored.length).toBeGreaterThan(value.length)
  expect(stored.includes(value)).toBe(false)
  const rotated = await open([key('2026', 2), key('2025', 1)])
  expect(await rotated.tokens.get(wx)).toBe(value)
  const stranger = await open([key('2026', 2)])
  expect(await stranger.tokens.get(wx)).not.toBe(value)
  expect(rig.platform.fetches).toBe(2)
})
