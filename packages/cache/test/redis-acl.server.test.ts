/** A user of the access control list: what it must be allowed, no more and no less, and what a wrong password looks like. */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RepriseError } from '../src/errors.ts'
import { type RedisSharedOptions, redisShared } from '../src/redis/index.ts'
import { until } from '../src/testing/correctness/waiting.ts'
import { exercise } from './redis-exercise.ts'
import { type OwnRedis, freePort, startOwnRedis } from './redis-server.ts'

const host = '127.0.0.1'
const user = 'app-user'
const password = 'open-sesame/7'
const prefix = 'exercise'

/** The rules as the page on tiers shows them: those for one server and Sentinels, and what a Cluster needs beside. */
const page = readFileSync(new URL('../../../docs/tiers.md', import.meta.url), 'utf8')
const [rules = [], clusterRules = []] = [...page.matchAll(/^ACL SETUSER reprise (.*)$/gm)].map(
  ([, text = '']) => text.split(' ').filter((rule) => rule !== 'on' && rule !== '>PASSWORD'),
)
/** Rules for the prefix of these tests. */
const named = (list: readonly string[]): string[] => list.map((rule) => rule.replaceAll('shop', prefix))
const commands = (list: readonly string[]): string[] => list.filter((rule) => rule.startsWith('+'))

const allow = (admin: Redis, list: readonly string[]): Promise<unknown> =>
  admin.call('ACL', 'SETUSER', user, 'reset', 'on', `>${password}`, ...named(list))

/** What the server refused this user since the log was emptied. */
async function refusals(admin: Redis): Promise<readonly string[]> {
  const entries = (await admin.call('ACL', 'LOG')) as readonly (readonly unknown[])[]
  const field = (entry: readonly unknown[], name: string): string => String(entry[entry.indexOf(name) + 1])
  return entries.map((entry) => `${field(entry, 'reason')} ${field(entry, 'object')}`)
}

/** Refused without harm: the client introduces itself, and the store asks whether it may be evicted from. */
const harmless = new Set(['command client|setinfo', 'command client|setname', 'command config|get'])

/** Everything a store does, and what of it was refused; the store may live through a refusal or not. */
async function tryOut(
  admin: Redis,
  options: Omit<RedisSharedOptions, 'prefix' | 'descriptor'>,
): Promise<unknown> {
  await admin.call('ACL', 'LOG', 'RESET')
  const result = await exercise({ ...options, username: user, password, patience: 300 }).then(
    () => 'all of it',
    (error: unknown) => error,
  )
  const refused = (await refusals(admin)).filter((refusal) => !harmless.has(refusal))
  return refused.length === 0 ? result : refused
}

describe('on one server', () => {
  let server: OwnRedis
  let admin: Redis
  beforeAll(async () => {
    server = await startOwnRedis()
    admin = new Redis(server.url)
  })
  beforeEach(async () => void (await admin.flushall()))
  afterAll(async () => {
    admin.disconnect()
    await server.stop()
  })

  test('the rules of the page are enough', async () => {
    expect(commands(rules).length).toBeGreaterThan(10)
    await allow(admin, rules)
    expect(await tryOut(admin, { host, port: server.port })).toBe('all of it')
  })

  test.each(rules)('and %s is needed', async (rule) => {
    await admin.call('SCRIPT', 'FLUSH')
    await allow(
      admin,
      rules.filter((other) => other !== rule),
    )
    expect(await tryOut(admin, { host, port: server.port })).not.toBe('all of it')
  })

  test('by the address, and a password with a slash in it', async () => {
    await allow(admin, rules)
    const url = `redis://${user}:${encodeURIComponent(password)}@${host}:${server.port}`
    await exercise({ url })
  })

  test.each([
    ['a wrong password', { username: user, password: 'wrong-secret' }, `user "${user}"`],
    ['by the address', { url: `redis://${user}:wrong-secret@` }, `user "${user}"`],
    ['a user that does not exist', { username: 'nobody', password: 'wrong-secret' }, 'user "nobody"'],
    ['a wrong password of the default user', { password: 'wrong-secret' }, 'user "default"'],
  ])('%s: open() names the user at once, and nothing names the password', async (_, address, expected) => {
    await allow(admin, rules)
    const guard = await startOwnRedis()
    const owner = new Redis(guard.url)
    const errors: unknown[] = []
    try {
      await allow(owner, rules)
      await owner.call('ACL', 'SETUSER', 'default', 'resetpass', '>another')
      const where =
        'url' in address ? { url: `${address.url}${host}:${guard.port}` } : { host, port: guard.port }
      const store = redisShared({
        ...address,
        ...where,
        prefix,
        descriptor: 'd',
        patience: '10s',
        onError: (error) => errors.push(error),
      })
      const started = performance.now()
      const error: unknown = await store.open().catch((reason: unknown) => reason)
      await store.close()
      expect(performance.now() - started).toBeLessThan(5_000)
      expect(RepriseError.is(error, 'E_TIER_READ')).toBe(true)
      expect((error as Error).message).toContain(expected)
      expect((error as Error).message).toContain('WRONGPASS')
      expect(errors).not.toEqual([])
      const shown = inspect([error, errors], { depth: Infinity, showHidden: true })
      expect(shown).not.toContain('wrong-secret')
    } finally {
      owner.disconnect()
      await guard.stop()
    }
  })

  test('an address that cannot be read is not shown with its password', async () => {
    const store = redisShared({ url: `redis://${user}:wrong-secret@${host}:x`, prefix, descriptor: 'd' })
    const error: unknown = await store.open().catch((reason: unknown) => reason)
    await store.close()
    expect(error).toMatchObject({ code: 'E_TIER_READ', message: 'redis open: Invalid URL' })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('wrong-secret')
  })
})

describe('on a Cluster', () => {
  let server: OwnRedis
  let admin: Redis
  beforeAll(async () => {
    const config = ['--cluster-config-file', `nodes-${await freePort()}.conf`, '--cluster-announce-ip', host]
    server = await startOwnRedis(['--cluster-enabled', 'yes', ...config])
    admin = new Redis(server.url)
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    const agreed = async (): Promise<boolean> =>
      String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok')
    if (!(await until(agreed, 10_000))) throw new Error('the Cluster of one node is not up')
  })
  beforeEach(async () => void (await admin.flushall()))
  afterAll(async () => {
    admin.disconnect()
    await server.stop()
  })
  const cluster = (): Pick<RedisSharedOptions, 'cluster'> => ({ cluster: [{ host, port: server.port }] })

  test('the rules of the page are enough', async () => {
    await allow(admin, [...rules, ...clusterRules])
    expect(await tryOut(admin, cluster())).toBe('all of it')
  })

  test.each(clusterRules.slice(0, 2))('and %s is needed', async (rule) => {
    await allow(
      admin,
      [...rules, ...clusterRules].filter((other) => other !== rule),
    )
    expect(await tryOut(admin, cluster())).not.toBe('all of it')
  })

  test('a wrong password: open() names the user', async () => {
    await allow(admin, rules)
    const wrong = { ...cluster(), username: user, password: 'wrong-secret' }
    const store = redisShared({ ...wrong, prefix, descriptor: 'd', patience: '5s' })
    const error: unknown = await store.open().catch((reason: unknown) => reason)
    await store.close()
    expect((error as Error).message).toContain(`user "${user}"`)
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('wrong-secret')
  })
})
