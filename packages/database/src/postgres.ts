import { Pool } from 'pg'
import type { ClientBase, PoolClient } from 'pg'
import type { Database, Queryable, Rows } from './database.ts'
import { decoderOf } from './decode.ts'
import { encodeParameter } from './encode.ts'
import { DatabaseError } from './errors.ts'
import { connectError, readAddress } from './postgres-address.ts'
import { createPostgresListener } from './postgres-listener.ts'
import { readPostgresSettings } from './settings.ts'
import type { PostgresOptions } from './settings.ts'
import { closedError, statementError } from './statement-error.ts'
import { sessionSettings } from './statements.ts'
import { createTransactionGuard, refuseTransactionControl } from './transaction-scope.ts'

type ClientWork<T> = (session: Queryable, client: PoolClient) => Promise<T>

const types = { getTypeParser: (type: number) => decoderOf(type) }

/**
 * Opens a PostgreSQL database (14 or newer) through a pool of connections, and checks that it answers.
 * Throws E_DATABASE_OPTION, or E_DATABASE_UNREACHABLE naming `host:port/database` but never the password.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const settings = readPostgresSettings(options)
  const address = readAddress(settings.url)
  const waiting = `pool of ${settings.poolSize}, waited ${settings.connectTimeoutMs} ms`
  const connection = {
    connectionString: settings.url,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
  }
  const pool = new Pool({
    ...connection,
    max: settings.poolSize,
    types,
    // oxlint-disable-next-line no-misused-promises -- pg-pool awaits it; only its types say otherwise
    onConnect: prepareSession,
  })
  pool.on('error', (error) => settings.onError(connectError(error, address, waiting)))
  // Without this a connection that dies while it is checked out would end the process; its queries reject anyway.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const listener = createPostgresListener({ connection, address, onError: settings.onError })
  const guard = createTransactionGuard()
  const running = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  async function checkOut(): Promise<PoolClient> {
    guard.assertOutside()
    if (closing !== undefined) throw closedError(`PostgreSQL at ${address}`)
    try {
      return await pool.connect()
    } catch (error) {
      throw connectError(error, address, waiting)
    }
  }

  function withClient<T>(work: ClientWork<T>): Promise<T> {
    const result = useClient(work)
    running.add(result)
    const settled = (): void => void running.delete(result)
    result.then(settled, settled)
    return result
  }

  async function useClient<T>(work: ClientWork<T>): Promise<T> {
    const client = await checkOut()
    let broken = true
    try {
      const result = await work(sessionOf(client, address), client)
      broken = false
      return result
    } catch (error) {
      broken = DatabaseError.is(error, 'E_DATABASE_UNREACHABLE')
      throw error
    } finally {
      // A connection still inside a transaction must not be lent to anybody else.
      client.release(broken || client.getTransactionStatus() !== 'I')
    }
  }

  async function finish(): Promise<void> {
    await listener.close()
    // pg-pool forgets those that still wait for a connection when it ends.
    await Promise.allSettled(running)
    await pool.end()
  }

  const database: Database = {
    engine: 'postgres',
    query: <Row extends object>(text: string, parameters?: readonly unknown[]) =>
      withClient((session) => session.query<Row>(text, parameters)),
    script: (text) => withClient((session) => session.script(text)),
    transaction: (work, { isolation = 'read committed' } = {}) =>
      withClient(async (session, client) => {
        await session.script(`begin isolation level ${isolation}`)
        try {
          const result = await guard.run(session, work)
          await commit(client, address)
          return result
        } catch (error) {
          // The error of the work is the one that matters; a connection that cannot roll back is dropped.
          await client.query('rollback').catch(() => undefined)
          throw error
        }
      }),
    async listen(channel, onMessage, { onReconnect } = {}) {
      guard.assertOutside()
      if (closing !== undefined) throw closedError(`PostgreSQL at ${address}`)
      return listener.listen(channel, { onMessage, onReconnect })
    },
    async ping() {
      await database.query('select 1')
    },
    async close() {
      guard.assertOutside()
      closing ??= finish()
      await closing
    },
  }
  try {
    await database.ping()
  } catch (error) {
    await pool.end()
    throw error
  }
  return database
}

async function prepareSession(client: ClientBase): Promise<void> {
  await client.query(sessionSettings)
}

function sessionOf(client: PoolClient, address: string): Queryable {
  return {
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Rows<Row>> {
      refuseTransactionControl(text)
      const values = parameters.map(encodeParameter)
      try {
        // 'extended' also without parameters: one statement only, as in PGlite.
        const statement = { text, values, queryMode: 'extended' }
        const { rows, rowCount } = await client.query<Row, typeof values>(statement)
        return { rows, rowCount: rowCount ?? 0 }
      } catch (error) {
        throw statementError(error, text, address)
      }
    },
    async script(text) {
      try {
        await client.query(text)
      } catch (error) {
        throw statementError(error, text, address)
      }
    },
  }
}

async function commit(client: PoolClient, address: string): Promise<void> {
  let command: string
  try {
    command = (await client.query('commit')).command
  } catch (error) {
    throw statementError(error, 'commit', address)
  }
  if (command === 'ROLLBACK') {
    throw new DatabaseError(
      'E_DATABASE_QUERY',
      'The transaction was rolled back instead of committed, because a statement in it failed: let that error pass',
      { sqlState: '25P02' },
    )
  }
}
