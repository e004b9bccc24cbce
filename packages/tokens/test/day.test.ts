/** A simulated day, and the platform away around a renewal. */
import { onEvent } from '@reprise/cache'
import { afterEach, describe, expect, test } from 'vitest'
import { type Rig, secretOf, startRig } from './rig.ts'

let rig: Rig
afterEach(async () => rig.end())

const wx = { channel: 'wechat', appId: 'wx1' }
const seconds = 1_000
const minutes = 60_000
const hours = 3_600_000

/** What a read gives without waiting for anything but itself; `waited` when it does wait. */
async function atOnce(read: Promise<string>): Promise<string> {
  const later = new Promise<string>((resolve) => setImmediate(() => resolve('waited')))
  return Promise.race([read, later])
}

describe.for([
  ['with renewal running', true],
  ['driven by reads alone', false],
] as const)('a day %s', ([, running]) => {
  test('7 200 reads an hour of a token of two hours: at most 13 fetches, none on the way of a caller but the first', async () => {
    rig = await startRig()
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    await rig.tokens.get(wx)
    if (running) await rig.tokens.start()
    let waited = 0
    let bad = 0
    for (let read = 1; read < 24 * 7_200; read += 1) {
      // Twice a second; time moves in steps of five seconds, which saves most of the test's own.
      if (read % 10 === 0) await rig.clock.advance(5 * seconds)
      const fetched = app.fetches.length
      const value = await atOnce(rig.tokens.get(wx))
      if (value === 'waited') waited += 1
      else if (app.state(value) !== 'good') bad += 1
      if (app.fetches.length !== fetched || read % 600 === 0) await rig.idle()
    }
    expect({ waited, bad }).toEqual({ waited: 0, bad: 0 })
    expect(app.fetches.length).toBeLessThanOrEqual(13)
    expect(app.fetches.length).toBeGreaterThanOrEqual(12)
  })
})

describe('the platform is away', () => {
  async function startOutage(
    from: number,
  ): Promise<{ app: ReturnType<Rig['platform']['register']>; start: number }> {
    rig = await startRig()
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    const start = rig.clock.now()
    await rig.tokens.get(wx)
    await rig.tokens.start()
    await rig.pass(start + from - rig.clock.now(), 10 * minutes)
    rig.platform.misbehave({ status: 502 })
    return { app, start }
  }

  test('for 10 minutes around a renewal: nobody fails while the old token lives, fetches follow the backoff, one interval later all is well', async () => {
    // The renewal is due 5.5 minutes before the end of two hours; the outage is from 10 minutes before to the end.
    const { app, start } = await startOutage(110 * minutes)
    const failed: unknown[] = []
    while (rig.clock.now() < start + 120 * minutes - 1 * seconds) {
      await rig.pass(1 * seconds)
      const value = await rig.tokens.get(wx).catch((error: unknown) => void failed.push(error))
      expect(app.state(value ?? '')).toBe('good')
    }
    expect(failed).toEqual([])
    const tries = app.fetches.slice(1).map((at) => at - start)
    expect(Math.min(...tries)).toBeGreaterThanOrEqual(120 * minutes - 330 * seconds)
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
    // 1, 2, 4, 8, 16 s and then 30 s, of which up to a half is drawn away; a try waits for the next look, 1 s at most here.
    for (const [index, pause] of pauses.entries())
      expect(pause).toBeGreaterThanOrEqual(Math.min(2 ** index, 30) * 500)
    expect(tries.length).toBeLessThanOrEqual(5 + Math.ceil(330 / 15))
    rig.platform.heal()
    const healed = rig.clock.now()
    while (app.issued.length === 1) await rig.pass(1 * seconds)
    expect(rig.clock.now() - healed).toBeLessThanOrEqual(35 * seconds)
    expect(await rig.tokens.get(wx)).toBe(app.last)
  })

  test('past the end of the old token callers are told so, and served again within one interval', async () => {
    const { app, start } = await startOutage(113 * minutes)
    await rig.pass(start + 2 * hours + 1 * seconds - rig.clock.now())
    const error: unknown = await rig.tokens.get(wx).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'E_TOKEN_BACKOFF', status: 503, retryable: true })
    await rig.pass(4 * minutes)
    rig.platform.heal()
    // Nobody asks: renewal alone brings it back.
    await rig.pass(35 * seconds)
    expect(await atOnce(rig.tokens.get(wx))).toBe(app.last)
  })

  test('a platform that does not answer is given up after 10 s', async () => {
    rig = await startRig()
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    rig.platform.misbehave('hang')
    const read = rig.tokens.get(wx).catch((failure: unknown) => failure)
    while (app.fetches.length === 0) await rig.clock.settle()
    await rig.clock.advance(9_999)
    expect(await Promise.race([read, Promise.resolve('waits')])).toBe('waits')
    await rig.clock.advance(1)
    expect(await read).toMatchObject({
      code: 'E_TOKEN_UNREACHABLE',
      message: expect.stringContaining('10000 ms'),
    })
  })
})

describe('renewal', () => {
  test('leaves a token to end that nobody has asked for in a day', async () => {
    rig = await startRig()
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    await rig.tokens.start({ warm: [wx] })
    await rig.pass(24 * hours, 1 * minutes)
    const { length } = app.fetches
    expect(length).toBe(13)
    await rig.pass(6 * hours, 1 * minutes)
    expect(app.fetches).toHaveLength(length)
    expect(await rig.tokens.get(wx)).toBe(app.last)
  })

  test('warm: every configured token is there before anybody asks; one that fails does not stop the others', async () => {
    rig = await startRig()
    rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    rig.platform.register({ platform: 'dingtalk', id: 'ding1', secret: 'wrong' })
    rig.platform.register({ platform: 'oauth', id: 'client1', secret: secretOf('client1') })
    await rig.tokens.start({ warm: true })
    const listed = (await rig.tokens.list()).map(({ channel }) => channel)
    expect(listed.toSorted()).toEqual(['graph', 'wechat'])
  })

  test('stops: no timer is left, and nothing is fetched', async () => {
    rig = await startRig()
    const app = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    await rig.tokens.start({ warm: [wx] })
    rig.tokens.stop()
    expect(rig.clock.pending).toBe(0)
    await rig.pass(3 * hours, 10 * minutes)
    expect(app.fetches).toHaveLength(1)
  })

  test('many tokens made at once are not renewed at once', async () => {
    let draw = 0
    rig = await startRig({ random: () => (draw = (draw + 0.37) % 1) })
    rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
    rig.platform.register({ platform: 'wecom', id: 'ww1', secret: secretOf('ww1:1') })
    rig.platform.register({ platform: 'oauth', id: 'client1', secret: secretOf('client1') })
    rig.platform.register({ platform: 'dingtalk', id: 'ding1', secret: secretOf('ding1') })
    const loads: number[] = []
    const stop = onEvent('load-started', () => loads.push(rig.clock.now()))
    await rig.tokens.start({ warm: true })
    loads.length = 0
    await rig.pass(115 * minutes, 1 * minutes)
    stop()
    expect(new Set(loads).size).toBeGreaterThanOrEqual(3)
  })
})
