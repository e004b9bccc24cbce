import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../src/index.ts'
import type { Database, DatabaseOptions } from '../src/index.ts'
import { failure } from './failure.ts'
import { createTestSchema } from './postgres-schema.ts'
import { signal } from './signal.ts'

const schema = await createTestSchema('database_connection')
let observer: Database
beforeAll(async () => {
  observer = await openDatabase({ url: schema.url, applicationName: 'observer', poolSize: 1 })
})
afterAll(async () => {
  await observer.close()
  await schema.drop()
})

async function open(options: DatabaseOptions = {}): Promise<{ database: Database; errors: Error[] }> {
  const errors: Error[] = []
  const onError = (error: Error): void => void errors.push(error)
  const database = await openDatabase({ url: schema.url, onError, ...options })
  onTestFinished(() => database.close())
  return { database, errors }
}

function terminate(applicationName: string): Promise<unknown> {
  return observer.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
    [applicationName],
  )
}

async function connections(applicationName: string): Promise<number | undefined> {
  const { rows } = await observer.query<{ count: number }>(
    'select count(*) from pg_stat_activity where application_name = $1',
    [applicationName],
  )
  return rows[0]?.count
}

function withAddress(change: (url: URL) => void): string {
  const url = new URL(schema.server)
  url.password = 'hunter2'
  change(url)
  return url.href
}

describe('a server that cannot be reached', () => {
  test('is named by host, port and database, never by password', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const address = free.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    free.close()
    await once(free, 'close')
    const url = `postgres://someone:hunter2@127.0.0.1:${port}/ledger`
    const error = await failure(openDatabase({ url }))
    expect(error.code).toBe('E_DATABASE_UNREACHABLE')
    expect(error.message).toContain(`127.0.0.1:${port}/ledger`)
    expect(error.message).not.toContain('hunter2')
    expect(error.cause).toHaveProperty('code', 'ECONNREFUSED')
  })

  test('that accepts and says nothing is given up after connectTimeoutMs', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const url = `postgres://127.0.0.1:${port}/ledger`
    expect((await failure(openDatabase({ url, connectTimeoutMs: 50 }))).code).toBe('E_DATABASE_UNREACHABLE')
  })

  test('because the database is missing says so', async () => {
    const error = await failure(
      openDatabase({ url: withAddress((url) => (url.pathname = '/no_such_ledger')) }),
    )
    expect(error).toMatchObject({ code: 'E_DATABASE_UNREACHABLE', sqlState: '3D000' })
    expect(error.message).toContain('create the database')
    expect(error.message).not.toContain('hunter2')
  })

  test.each(['mysql://a:hunter2@b/c', 'hunter2', 'postgres://a:hunter2@host:port/c', ''])(
    'because the URL is %o is refused without quoting it',
    async (url) => {
      const error = await failure(openDatabase({ url }))
      expect(error.code).toBe('E_DATABASE_OPTION')
      expect(`${error.message} ${String(error.cause)}`).not.toContain('hunter2')
    },
  )

  test.each([{ poolSize: 0 }, { poolSize: 1.5 }, { connectTimeoutMs: -1 }, { dataDir: 'data' }])(
    'because of the options %o is refused',
    async (options) => {
      expect((await failure(openDatabase({ url: schema.url, ...options }))).code).toBe('E_DATABASE_OPTION')
    },
  )
})

describe('a pool', () => {
  test('with nothing free says so after connectTimeoutMs', async () => {
    const { database } = await open({ poolSize: 1, connectTimeoutMs: 100 })
    const started = signal()
    const enough = signal()
    const holding = database.transaction(() => {
      started.fire()
      return enough.fired
    })
    await started.fired
    const error = await failure(database.ping())
    expect(error.code).toBe('E_DATABASE_UNREACHABLE')
    expect(error.message).toContain('pool of 1, waited 100 ms')
    enough.fire()
    await holding
    await database.ping()
  })

  test('survives its idle connections being ended, and reports them', async () => {
    const reported = signal()
    const errors: Error[] = []
    const onError = (error: Error): void => {
      errors.push(error)
      reported.fire()
    }
    const { database } = await open({ applicationName: 'idle', onError })
    await terminate('idle')
    await reported.fired
    expect(errors).toEqual([expect.objectContaining({ code: 'E_DATABASE_UNREACHABLE', sqlState: '57P01' })])
    await database.ping()
  })

  test('gives an error, and then a new connection, when one is ended inside a transaction', async () => {
    const { database } = await open({ applicationName: 'inside', poolSize: 1 })
    const error = await failure(
      database.transaction(async (transaction) => {
        await terminate('inside')
        await expect.poll(() => connections('inside')).toBe(0)
        await transaction.query('select 1')
      }),
    )
    expect(error.code).toBe('E_DATABASE_UNREACHABLE')
    await database.ping()
  })

  test('never lends a connection that a script left inside a transaction', async () => {
    const { database } = await open({ poolSize: 1 })
    await database.script('begin; create table leaked ()')
    const { rows } = await database.query("select to_regclass('leaked') as leaked")
    expect(rows).toEqual([{ leaked: null }])
  })

  test('shows its application name and works in UTC', async () => {
    const { database } = await open({ applicationName: 'named' })
    const { rows } = await database.query(
      "select current_setting('application_name') as name, current_setting('timezone') as zone",
    )
    expect(rows).toEqual([{ name: 'named', zone: 'UTC' }])
  })

  test('retries nothing by itself: a serialization failure carries its SQLSTATE', async () => {
    const { database } = await open()
    await database.script('create table balance (amount int); insert into balance values (1)')
    const both = [signal(), signal()]
    const withdraw = (mine: number) =>
      database.transaction(
        async (transaction) => {
          await transaction.query('select * from balance')
          both[mine]?.fire()
          await Promise.all(both.map(({ fired }) => fired))
          await transaction.query('update balance set amount = amount - 1')
        },
        { isolation: 'serializable' },
      )
    const results = await Promise.allSettled([withdraw(0), withdraw(1)])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'E_DATABASE_QUERY', sqlState: '40001' },
    })
  })
})

describe('a listener', () => {
  test('listens again after its connection was lost, and says that it did', async () => {
    const back = signal()
    const heard = signal()
    const { database, errors } = await open({ applicationName: 'listening' })
    const payloads: string[] = []
    await database.listen(
      'news',
      (payload) => {
        payloads.push(payload)
        heard.fire()
      },
      { onReconnect: back.fire },
    )
    const still = await database.listen('other', () => undefined)
    await still()
    await terminate('listening')
    await back.fired
    await observer.query("select pg_notify('news', 'after'), pg_notify('other', 'unheard')")
    await heard.fired
    expect(payloads).toEqual(['after'])
    expect(errors.length).toBeGreaterThan(0)
  })

  test('that throws is reported and keeps listening', async () => {
    const heard = signal()
    const { database, errors } = await open()
    await database.listen('news', (payload) => {
      if (payload === 'last') heard.fire()
      else throw new Error(`cannot read ${payload}`)
    })
    await database.query("select pg_notify('news', 'first')")
    await database.query("select pg_notify('news', 'last')")
    await heard.fired
    expect(errors.map(({ message }) => message)).toEqual(['cannot read first'])
  })

  test('uses no connection before the first listen and after the last unlisten', async () => {
    const { database } = await open({ applicationName: 'counted', poolSize: 1 })
    expect(await connections('counted')).toBe(1)
    const stops = await Promise.all(['a', 'b', 'a'].map((name) => database.listen(name, () => undefined)))
    expect(await connections('counted')).toBe(2)
    await Promise.all(stops.map((stop) => stop()))
    await expect.poll(() => connections('counted')).toBe(1)
  })
})
