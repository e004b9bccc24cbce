import { afterEach, expect, test } from 'vitest'
import { type Rig, secretOf, startRig } from './rig.ts'

let rig: Rig
afterEach(async () => rig.end())

const ref = { channel: 'wechat', appId: 'wx1' }
async function wechatState() {
  const states = await rig.tokens.states()
  return states.find(({ channel }) => channel === 'wechat')
}

test('a configured token is missing, then fresh, then due, and renewed on demand', async () => {
  rig = await startRig()
  const account = rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  expect(await wechatState()).toEqual({ ...ref, state: 'missing', fetches: 0, failures: 0 })
  const first = await rig.over(rig.tokens.get(ref))
  const fresh = await wechatState()
  expect(fresh).toMatchObject({
    state: 'fresh',
    fetches: 1,
    kept: { expiresAt: rig.clock.now() + 7_200_000 },
  })
  await rig.clock.advance(fresh?.kept === undefined ? 0 : fresh.kept.renewsAt - rig.clock.now())
  expect((await wechatState())?.state).toBe('due')
  const renewed = await rig.over(rig.tokens.renew(ref))
  expect(renewed).toMatchObject({ state: 'fresh', fetches: 2 })
  expect(renewed.kept?.fingerprint).not.toBe(fresh?.kept?.fingerprint)
  expect(account.fetches.length).toBe(2)
  expect(await rig.over(rig.tokens.get(ref))).not.toBe(first)
})

test('a renewal that fails says so, and the token that is kept is still served', async () => {
  rig = await startRig()
  rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  const first = await rig.over(rig.tokens.get(ref))
  rig.platform.misbehave({ status: 500 })
  await expect(rig.over(rig.tokens.renew(ref))).rejects.toMatchObject({ code: 'E_TOKEN_PLATFORM' })
  expect(await wechatState()).toMatchObject({
    state: 'failing',
    fetches: 1,
    lastError: { code: 'E_TOKEN_PLATFORM', at: rig.clock.now() },
  })
  expect(await rig.over(rig.tokens.get(ref))).toBe(first)
  rig.platform.heal()
  await rig.pass(60_000)
  await rig.over(rig.tokens.renew(ref))
  expect((await wechatState())?.state).toBe('fresh')
  expect(await wechatState()).not.toHaveProperty('lastError')
})

test('a token is dropped by its fingerprint, and not the one that came in its place', async () => {
  rig = await startRig()
  rig.platform.register({ platform: 'wechat', id: 'wx1', secret: secretOf('wx1') })
  await rig.over(rig.tokens.get(ref))
  const old = (await wechatState())?.kept?.fingerprint ?? ''
  await rig.over(rig.tokens.renew(ref))
  expect(await rig.tokens.drop(ref, old)).toBe(false)
  expect((await wechatState())?.state).toBe('fresh')
  expect(await rig.tokens.drop(ref, (await wechatState())?.kept?.fingerprint ?? '')).toBe(true)
  expect((await wechatState())?.state).toBe('missing')
  await expect(rig.tokens.renew({ channel: 'nobody', appId: 'x' })).rejects.toMatchObject({
    code: 'E_TOKEN_UNKNOWN',
  })
})
