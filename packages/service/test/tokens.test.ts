import { afterEach, expect, test, vi } from 'vitest'
import { createTokens } from '../src/auth/tokens.ts'

const secret = 'a secret of a test, of more than 32 characters'
const ann = { id: '7', username: 'ann', role: 'viewer', token_version: 3 } as const

afterEach(() => vi.useRealTimers())

test('a token that was found good is refused once its life is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  const tokens = createTokens({ secret, life: 60_000 })
  const token = tokens.issue(ann, 's1')
  const claims = { issuer: 'own', sub: '7', version: 3, session: 's1' }
  for (let use = 0; use < 3; use += 1) expect(await tokens.verify(token)).toEqual(claims)
  vi.setSystemTime(1_800_000_059_000)
  expect(await tokens.verify(token)).toEqual(claims)
  vi.setSystemTime(1_800_000_060_001)
  for (let use = 0; use < 3; use += 1) expect(await tokens.verify(token)).toBeUndefined()
})

test('a good token makes no other one good, and many push out the first', async () => {
  const tokens = createTokens({ secret, life: 60_000 })
  const other = createTokens({ secret: secret.toUpperCase(), life: 60_000 })
  const token = tokens.issue(ann)
  expect(await tokens.verify(token)).toMatchObject({ sub: '7' })
  const [head, body] = token.split('.')
  const forged = [
    other.issue(ann),
    `${token}x`,
    `${head}.${body}.`,
    `${head}.${Buffer.from('{"sub":"1"}').toString('base64url')}.${token.split('.')[2]}`,
  ]
  for (const one of forged) expect(await tokens.verify(one)).toBeUndefined()
  for (let at = 0; at < 1_100; at += 1) {
    const id = String(at)
    expect(await tokens.verify(tokens.issue({ ...ann, id }))).toMatchObject({ sub: id })
  }
  expect(await tokens.verify(token)).toMatchObject({ sub: '7' })
})
