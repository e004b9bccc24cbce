import { type Client, createClient } from '@reprise/api'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, beforeEach, afterEach, describe, expect, test } from 'vitest'
import { fetchInto } from '../src/cli/inject-fetch.ts'
import { type TestService, startService } from './start-service.ts'

const database: Database = await openDatabase({})
let time: number
let running: TestService
let admin: Client
beforeEach(async () => {
  time = Date.parse('2026-11-21T08:00:00Z')
  running = await startService({
    database,
    env: { REPRISE_ADMIN_PASSWORD: 'correct horse' },
    service: { now: () => time },
  })
  await running.service.ensureAdministrator()
  await database.query('delete from service_api_tokens')
  admin = clientOf((await login('admin', 'correct horse')).token)
})
afterEach(async () => running.stop())
afterAll(async () => database.close())

/** A client that calls the service without a network. */
function clientOf(token?: string): Client {
  return createClient({
    baseUrl: 'http://127.0.0.1',
    ...(token === undefined ? {} : { token }),
    fetch: fetchInto(running.service.app),
  })
}

async function login(username: string, password: string) {
  return clientOf().call('login', { body: { username, password } })
}

async function lastOperations(limit: number) {
  return (await admin.call('operations', { query: { limit: String(limit) } })).items
}

const refused = (status: number, message: string) => ({
  status,
  message: expect.stringContaining(message) as string,
})

describe('users', () => {
  test('are made with a password for one login, changed, and removed; each is recorded', async () => {
    const made = await admin.call('userCreate', {
      body: { username: 'ann', role: 'viewer', tenant: 'north' },
    })
    expect(made.user).toMatchObject({ username: 'ann', role: 'viewer', tenant: 'north', is_active: true })
    const session = await login('ann', made.one_time_password)
    expect(session).toMatchObject({ must_change_password: true, user: { role: 'viewer' } })
    const ann = clientOf(session.token)
    expect(await ann.call('me')).toMatchObject({ username: 'ann', tenant: 'north' })
    const params = { user_id: made.user.id }
    await admin.call('userChange', { params, body: { role: 'operator', tenant: null } })
    expect(await ann.call('me')).toMatchObject({ role: 'operator', tenant: null })
    await admin.call('userChange', { params, body: { is_active: false } })
    await expect(ann.call('me')).rejects.toMatchObject(refused(401, 'User is inactive'))
    await admin.call('userRemove', { params })
    await expect(ann.call('me')).rejects.toMatchObject(refused(401, 'User not found'))
    await expect(admin.call('userRemove', { params })).rejects.toMatchObject({ status: 404 })
    expect(await lastOperations(6)).toMatchObject([
      { action: 'users.remove', result: 'refused', status: 404 },
      { action: 'users.remove', target: 'ann', result: 'done' },
      { action: 'users.change', target: 'ann', details: { is_active: false } },
      { action: 'users.change', target: 'ann', details: { role: 'operator', tenant: null } },
      { action: 'auth.login', target: 'ann', username: 'ann', tenant: 'north' },
      { action: 'users.create', target: 'ann', username: 'admin', details: { role: 'viewer' } },
    ])
    expect(JSON.stringify(await lastOperations(6))).not.toContain(made.one_time_password)
  })

  test('have names of their own, and are listed by page', async () => {
    for (const username of ['ann', 'bob', 'cid'])
      await admin.call('userCreate', { body: { username, role: 'viewer' } })
    await expect(
      admin.call('userCreate', { body: { username: 'ann', role: 'admin' } }),
    ).rejects.toMatchObject(refused(409, 'already'))
    const first = await admin.call('users', { query: { limit: '3' } })
    const second = await admin.call('users', { query: { limit: '3', cursor: first.next_cursor ?? '' } })
    expect([...first.items, ...second.items].map(({ username }) => username)).toEqual([
      'admin',
      'ann',
      'bob',
      'cid',
    ])
    expect(second.next_cursor).toBeNull()
  })

  test('get a new password from an administrator, which ends their tokens', async () => {
    const made = await admin.call('userCreate', { body: { username: 'ann', role: 'viewer' } })
    const before = await login('ann', made.one_time_password)
    const params = { user_id: made.user.id }
    const { one_time_password: password } = await admin.call('userPassword', { params })
    await expect(clientOf(before.token).call('me')).rejects.toMatchObject({ status: 401 })
    await expect(
      clientOf().call('refresh', { body: { refresh_token: before.refresh_token } }),
    ).rejects.toMatchObject(refused(401, 'over'))
    expect((await login('ann', password)).must_change_password).toBe(true)
  })

  test('never lose the last administrator who can log in, not even when two remove each other', async () => {
    const { items } = await admin.call('users')
    const own = { user_id: items[0]?.id ?? '' }
    for (const body of [{ role: 'viewer' }, { is_active: false }, { tenant: 'north' }] as const) {
      await expect(admin.call('userChange', { params: own, body })).rejects.toMatchObject(
        refused(409, 'the last administrator'),
      )
    }
    await expect(admin.call('userRemove', { params: own })).rejects.toMatchObject({ status: 409 })
    const made = await admin.call('userCreate', { body: { username: 'bob', role: 'admin' } })
    const bob = clientOf((await login('bob', made.one_time_password)).token)
    const both = await Promise.allSettled([
      bob.call('userChange', { params: own, body: { role: 'viewer' } }),
      admin.call('userChange', { params: { user_id: made.user.id }, body: { role: 'viewer' } }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('of a tenant are the business of its administrators, and only they', async () => {
    const north = await admin.call('userCreate', {
      body: { username: 'nora', role: 'admin', tenant: 'north' },
    })
    const other = await admin.call('userCreate', {
      body: { username: 'sam', role: 'viewer', tenant: 'south' },
    })
    const nora = clientOf((await login('nora', north.one_time_password)).token)
    expect((await nora.call('users')).items.map(({ username }) => username)).toEqual(['nora'])
    const made = await nora.call('userCreate', { body: { username: 'nils', role: 'viewer' } })
    expect(made.user.tenant).toBe('north')
    const params = { user_id: other.user.id }
    for (const call of [
      async () => nora.call('users', { query: { tenant: 'south' } }),
      async () => nora.call('userCreate', { body: { username: 'x', role: 'viewer', tenant: 'south' } }),
      async () => nora.call('userChange', { params: { user_id: made.user.id }, body: { tenant: null } }),
      async () => nora.call('userChange', { params: { user_id: made.user.id }, body: { tenant: 'south' } }),
    ]) {
      await expect(call()).rejects.toMatchObject({ status: 403 })
    }
    for (const call of [
      async () => nora.call('userChange', { params, body: { role: 'admin' } }),
      async () => nora.call('userPassword', { params }),
      async () => nora.call('userSessionsEnd', { params }),
      async () => nora.call('userRemove', { params }),
    ]) {
      await expect(call()).rejects.toMatchObject({ status: 404 })
    }
  })
})

describe('a session', () => {
  test('goes on by refresh tokens, each good for one use', async () => {
    const first = await login('admin', 'correct horse')
    const second = await clientOf().call('refresh', { body: { refresh_token: first.refresh_token } })
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await clientOf(second.token).call('me')).toMatchObject({ username: 'admin' })
    expect(first.refresh_expires_in).toBe(30 * 86_400)
  })

  test('ends when a refresh token comes back that was used before', async () => {
    const first = await login('admin', 'correct horse')
    const refresh = async (refresh_token: string) => clientOf().call('refresh', { body: { refresh_token } })
    const second = await refresh(first.refresh_token)
    await expect(refresh(first.refresh_token)).rejects.toMatchObject(refused(401, 'a moment ago'))
    expect(await clientOf(second.token).call('me')).toMatchObject({ username: 'admin' })
    time += 11_000
    await expect(refresh(first.refresh_token)).rejects.toMatchObject(refused(401, 'used before'))
    await expect(refresh(second.refresh_token)).rejects.toMatchObject(refused(401, 'over'))
    for (const { token } of [first, second]) {
      await expect(clientOf(token).call('me')).rejects.toMatchObject(refused(401, 'This session has ended'))
    }
    expect(await admin.call('me')).toMatchObject({ username: 'admin' })
  })

  test('ends when it is not refreshed for long, and what is no refresh token is refused', async () => {
    const { refresh_token } = await login('admin', 'correct horse')
    const [id] = refresh_token.split('.')
    for (const bad of [
      'x',
      `${id}.${'a'.repeat(43)}x`,
      `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}.${'a'.repeat(43)}`,
    ]) {
      await expect(clientOf().call('refresh', { body: { refresh_token: bad } })).rejects.toMatchObject({
        status: 401,
      })
    }
    time += 30 * 86_400_000
    await expect(clientOf().call('refresh', { body: { refresh_token } })).rejects.toMatchObject(
      refused(401, 'over'),
    )
  })

  test('ends at logout, alone or with all others', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map(async () => login('admin', 'correct horse')))
    const clients = [one, two, three].map((session) => clientOf(session?.token))
    await clients[0]?.call('logout', { body: {} })
    await expect(clients[0]?.call('me')).rejects.toMatchObject(refused(401, 'ended'))
    expect(await clients[1]?.call('me')).toMatchObject({ username: 'admin' })
    await clients[1]?.call('logout', { body: { everywhere: true } })
    for (const client of [...clients, admin])
      await expect(client.call('me')).rejects.toMatchObject({ status: 401 })
  })

  test('is kept without anything that could continue it', async () => {
    const { refresh_token } = await login('admin', 'correct horse')
    const { rows } = await database.query('select * from service_sessions')
    expect(JSON.stringify(rows)).not.toContain(refresh_token.split('.')[1])
  })
})

describe('a token of a program', () => {
  test('is shown once, has a role and an end, and stops at once when it is removed', async () => {
    const body = { name: 'nightly', role: 'operator', days: 7 } as const
    const made = await admin.call('apiTokenCreate', { body })
    const program = clientOf(made.token)
    expect(await program.call('me')).toMatchObject({ username: 'token:nightly', role: 'operator' })
    await expect(program.call('users')).rejects.toMatchObject({ status: 403 })
    await expect(program.call('logout', { body: {} })).rejects.toMatchObject({ status: 403 })
    await expect(admin.call('apiTokenCreate', { body })).rejects.toMatchObject({ status: 409 })
    const { items } = await admin.call('apiTokens')
    expect(items).toMatchObject([{ name: 'nightly', created_by: 'admin', last_used_at: expect.any(String) }])
    expect(JSON.stringify([items, await lastOperations(10)])).not.toContain(made.token.slice(-43))
    await expect(clientOf(`${made.token.slice(0, -1)}!`).call('me')).rejects.toMatchObject({ status: 401 })
    const wrong = made.token.slice(0, -43) + 'a'.repeat(43)
    await expect(clientOf(wrong).call('me')).rejects.toMatchObject(refused(401, 'Invalid token'))
    time += 7 * 86_400_000
    await expect(program.call('me')).rejects.toMatchObject(refused(401, 'Invalid token'))
    time -= 1000
    expect(await program.call('me')).toMatchObject({ role: 'operator' })
    await admin.call('apiTokenRemove', { params: { token_id: made.api_token.id } })
    await expect(program.call('me')).rejects.toMatchObject({ status: 401 })
  })

  test('of a tenant is bound to it', async () => {
    const made = await admin.call('apiTokenCreate', { body: { name: 'n', role: 'admin', tenant: 'north' } })
    const program = clientOf(made.token)
    expect(await program.call('me')).toMatchObject({ tenant: 'north' })
    await expect(program.call('cacheStats')).rejects.toMatchObject(refused(403, 'bound to "north"'))
    expect((await program.call('apiTokens')).items.map(({ name }) => name)).toEqual(['n'])
  })
})
