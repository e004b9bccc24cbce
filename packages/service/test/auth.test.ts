import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '@reprise/database'
import { createSigner } from 'fast-jwt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../src/auth/passwords.ts'
import { type TestService, bearer, startService } from './start-service.ts'

let running: TestService | undefined
let database: Database
beforeAll(async () => {
  database = await openDatabase({})
})
afterEach(async () => running?.stop())
afterAll(async () => database.close())

async function start(options: Parameters<typeof startService>[0] = {}): Promise<TestService> {
  running = await startService({ ...options, database })
  return running
}

async function login(password: string, username = 'admin', remoteAddress = '127.0.0.1') {
  const response = await (running as TestService).service.app.inject({
    method: 'POST',
    url: '/api/auth/login',
    payload: { username, password },
    remoteAddress,
  })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

async function me(authorization?: string) {
  const response = await (running as TestService).service.app.inject({
    url: '/api/auth/me',
    headers: authorization === undefined ? {} : { authorization },
  })
  return { status: response.statusCode, body: response.json() }
}

async function setPassword(token: string, payload: object) {
  const response = await (running as TestService).service.app.inject({
    method: 'POST',
    url: '/api/auth/password',
    headers: bearer(token),
    payload,
  })
  return { status: response.statusCode, body: response.json() }
}

test('the administrator logs in with the configured password, however often', async () => {
  const { service } = await start({ env: { REPRISE_ADMIN_PASSWORD: 'correct horse' } })
  expect(await service.ensureAdministrator()).toEqual({ username: 'admin' })
  for (let time = 0; time < 8; time += 1) expect((await login('correct horse')).status).toBe(200)
  const { body } = await login('correct horse')
  expect(body.data).toMatchObject({
    token_type: 'Bearer',
    expires_in: 86_400,
    user: { username: 'admin', role: 'admin' },
    must_change_password: false,
  })
  expect((await me(`Bearer ${body.data.token}`)).body.data).toMatchObject({
    username: 'admin',
    role: 'admin',
    last_login_at: expect.any(String),
  })
})

test('a changed configured password replaces the old one and ends its tokens; the same one does not', async () => {
  const first = await start({ env: { REPRISE_ADMIN_PASSWORD: 'first password' } })
  await first.service.ensureAdministrator()
  const { token } = (await login('first password')).body.data
  await first.service.ensureAdministrator()
  expect((await me(`Bearer ${token}`)).status).toBe(200)
  const { ensureAdministrator } = await import('../src/auth/administrator.ts')
  await ensureAdministrator(first.service.users, 'second password')
  expect((await me(`Bearer ${token}`)).body.message).toBe('Invalid token')
  expect((await login('first password')).status).toBe(401)
  expect((await login('second password')).status).toBe(200)
})

test('a one-time password is good for one login, whose token sets a lasting one', async () => {
  const { service } = await start()
  const early = (await service.ensureAdministrator()).oneTimePassword as string
  const once = (await service.ensureAdministrator()).oneTimePassword as string
  expect(once).not.toBe(early)
  expect((await login(early)).status).toBe(401)
  const both = await Promise.all([login(once), login(once)])
  expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['200', '401'])
  const first = both.find(({ status }) => status === 200)?.body.data
  expect(first.must_change_password).toBe(true)
  expect((await login(once)).status).toBe(401)
  expect((await setPassword(first.token, { new_password: 'short' })).status).toBe(422)
  const changed = await setPassword(first.token, { new_password: 'a lasting one' })
  expect(changed.body).toMatchObject({ success: true, data: { must_change_password: false } })
  expect((await me(`Bearer ${first.token}`)).status).toBe(401)
  expect((await me(`Bearer ${changed.body.data.token}`)).status).toBe(200)
  expect((await login('a lasting one')).status).toBe(200)
  expect(await service.ensureAdministrator()).toEqual({ username: 'admin' })
  expect((await login('a lasting one')).status).toBe(200)
})

test('a lasting password is replaced only with the current one', async () => {
  const { service } = await start({ env: { REPRISE_ADMIN_PASSWORD: 'correct horse' } })
  await service.ensureAdministrator()
  const token = await service.issueToken('admin')
  const missing = await setPassword(token, { new_password: 'another horse' })
  expect(missing.body.error.details).toEqual([{ field: 'current_password', message: expect.any(String) }])
  expect(
    (await setPassword(token, { current_password: 'wrong', new_password: 'another horse' })).status,
  ).toBe(403)
  expect(
    (await setPassword(token, { current_password: 'correct horse', new_password: 'another horse' })).status,
  ).toBe(200)
  expect((await login('another horse')).status).toBe(200)
})

function sign(key: string, payload: object, options: object = {}): string {
  return createSigner({ key, algorithm: 'HS256', iss: 'reprise', expiresIn: 60_000, ...options })(payload)
}

test('every reason of a refused token has its message', async () => {
  const { service } = await start()
  const token = await service.users.ensure('u', 'viewer').then(() => service.issueToken('u'))
  const secret = 'a secret of more than thirty-two characters'
  const user = await service.users.findByName('u')
  const claims = { sub: user?.id, ver: 0 }
  const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll('=', '')
  expect((await me()).body.message).toBe('No authorization header')
  for (const header of ['Basic abc', token, 'Bearer', 'Bearer a b', 'Bearer a.b.c.d']) {
    expect((await me(header)).body.message).toBe('Invalid authorization format')
  }
  for (const bad of [
    'a.b.c',
    none,
    `${token}x`,
    sign('another secret of more than thirty-two characters', claims),
    sign(secret, claims, { iss: 'somebody' }),
    sign(secret, claims, { expiresIn: 1, clockTimestamp: 1000 }),
    sign(secret, claims, { algorithm: 'HS512' }),
    sign(secret, { sub: user?.id }),
    createSigner({ key: secret, algorithm: 'HS256', iss: 'reprise' })(claims),
  ]) {
    expect((await me(`Bearer ${bad}`)).body).toMatchObject({
      message: 'Invalid token',
      error: { code: 'UNAUTHORIZED' },
    })
  }
  expect((await me(`Bearer ${sign(secret, claims)}`)).status).toBe(200)
  expect((await me(`Bearer ${sign(secret, { sub: '999', ver: 0 })}`)).body.message).toBe('User not found')
  expect((await me(`Bearer ${sign(secret, { sub: "1' or 1=1", ver: 0 })}`)).body.message).toBe(
    'User not found',
  )
  await service.users.setActive('u', false)
  expect((await me(`Bearer ${token}`)).body.message).toBe('User is inactive')
})

test('the role in the table counts, not the one in the token', async () => {
  const { service } = await start()
  await service.users.ensure('u', 'admin')
  const token = await service.issueToken('u')
  await service.users.setRole('u', 'viewer')
  const response = await service.app.inject({
    method: 'DELETE',
    url: '/api/cache/clear',
    headers: bearer(token),
  })
  expect(response.statusCode).toBe(403)
})

test('wrong logins are counted by user and address, also many at once, and the wait is told', async () => {
  const times = { now: 1_000_000 }
  const { service } = await start({
    env: { REPRISE_ADMIN_PASSWORD: 'correct horse' },
    service: { now: () => times.now },
  })
  await service.ensureAdministrator()
  const tries = await Promise.all(Array.from({ length: 8 }, async () => login('wrong')))
  expect(tries.filter(({ status }) => status === 401)).toHaveLength(5)
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(3)
  const limited = await login('correct horse')
  expect(limited.status).toBe(429)
  expect(limited.headers['retry-after']).toBe('60')
  expect((await login('correct horse', 'admin', '10.0.0.1')).status).toBe(200)
  expect((await login('wrong', 'nobody')).body.message).toBe('Invalid username or password')
  times.now += 60_001
  expect((await login('correct horse')).status).toBe(200)
})

test('bad logins are refused by field', async () => {
  const { service } = await start()
  for (const payload of [
    {},
    { username: 'a' },
    { username: 1, password: 'x' },
    { username: 'a'.repeat(10_000), password: 'x' },
    { username: 'a\n', password: 'x' },
    { username: 'a', password: 'x', admin: true },
    [],
  ]) {
    const response = await service.app.inject({ method: 'POST', url: '/api/auth/login', payload })
    expect(response.statusCode).toBe(422)
    expect(response.json().error.details.length).toBeGreaterThan(0)
  }
})

test('without a configured secret one is made for the owner only, and kept', async () => {
  const { dataDir, service } = await start({ env: { JWT_SECRET: '' } })
  const file = join(dataDir, 'jwt-secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await service.users.ensure('u', 'viewer')
  expect((await me(`Bearer ${await service.issueToken('u')}`)).status).toBe(200)
  const { readJwtSecret } = await import('../src/auth/jwt-secret.ts')
  expect(readJwtSecret({ dataDir })).toBe(readJwtSecret({ dataDir }))
  expect(readJwtSecret({ dataDir }).length).toBeGreaterThanOrEqual(64)
})

test('a password hash carries its parameters and matches its password alone', async () => {
  const hash = await hashPassword('pässword')
  expect(hash).toMatch(/^scrypt\$16384\$8\$1\$/)
  expect(await hashPassword('pässword')).not.toBe(hash)
  expect(await verifyPassword('pässword', hash)).toBe(true)
  expect(await verifyPassword('password', hash)).toBe(false)
  expect(await verifyPassword('', null)).toBe(false)
})
