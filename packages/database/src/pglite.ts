import type { PGlite } from '@electric-sql/pglite'
import { createChannels, quoteChannel } from './channels.ts'
import type { Database, Queryable, Rows } from './database.ts'
import { decoders } from './decode.ts'
import { encodeParameter } from './encode.ts'
import { startPglite } from './pglite-folder.ts'
import { readPgliteSettings } from './settings.ts'
import type { PgliteOptions } from './settings.ts'
import { closedError, statementError } from './statement-error.ts'
import { sessionSettings } from './statements.ts'
import { createTransactionGuard, refuseTransactionControl } from './transaction-scope.ts'

// The driver's own conversions are replaced: values arrive encoded, and go by the same table as with PostgreSQL.
const decodersByType = Object.fromEntries(decoders)
const asEncoded = new Proxy<Record<number, (value: unknown) => string>>(
  {},
  { get: () => (value: unknown) => value },
)

/**
 * Opens an embedded PGlite database, in a folder or in memory. It has one connection: transactions run one after
 * another. Throws E_DATABASE_OPTION (a template that cannot be read, too), E_DATABASE_LOCKED when another process has the folder, E_DATABASE_UNREACHABLE.
 */
export async function openPglite(options: PgliteOptions = {}): Promise<Database> {
  const settings = readPgliteSettings(options)
  const { pglite, release } = await startPglite(settings)
  const where = `PGlite in ${settings.dataDir ?? 'memory'}`
  pglite.serializers = asEncoded
  pglite.parsers = decodersByType
  await pglite.exec(sessionSettings)
  const channels = createChannels(settings.onError)
  pglite.onNotification((channel, payload) => channels.deliver(channel, payload))
  const guard = createTransactionGuard()
  const session = sessionOf(pglite, where)
  let closing: Promise<void> | undefined

  function assertUsable(): void {
    guard.assertOutside()
    if (closing !== undefined) throw closedError(where)
  }

  const database: Database = {
    engine: 'pglite',
    async query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Rows<Row>> {
      assertUsable()
      return session.query<Row>(text, parameters)
    },
    async script(text) {
      assertUsable()
      await session.script(text)
    },
    async transaction(work, { isolation = 'read committed' } = {}) {
      assertUsable()
      let workFailed = false
      try {
        return await pglite.transaction(async (transaction) => {
          await transaction.exec(`set transaction isolation level ${isolation}`)
          try {
            return await guard.run(sessionOf(transaction, where), work)
          } catch (error) {
            workFailed = true
            throw error
          }
        })
      } catch (error) {
        throw workFailed ? error : statementError(error, 'commit', where)
      }
    },
    async listen(channel, onMessage) {
      assertUsable()
      const name = quoteChannel(channel)
      const listener = { onMessage }
      channels.add(channel, listener)
      await session.script(`listen ${name}`)
      return async () => {
        if (channels.remove(channel, listener) && closing === undefined) {
          await session.script(`unlisten ${name}`)
        }
      }
    },
    async ping() {
      await database.query('select 1')
    },
    async close() {
      guard.assertOutside()
      closing ??= pglite.close().finally(release)
      await closing
    },
  }
  return database
}

function sessionOf(driver: Pick<PGlite, 'query' | 'exec'>, where: string): Queryable {
  return {
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Rows<Row>> {
      refuseTransactionControl(text)
      const values = parameters.map(encodeParameter)
      try {
        const { rows, rowCount = 0 } = await driver.query<Row>(text, values)
        return { rows, rowCount }
      } catch (error) {
        throw statementError(withoutParameters(error), text, where)
      }
    },
    async script(text) {
      try {
        await driver.exec(text)
      } catch (error) {
        throw statementError(error, text, where)
      }
    },
  }
}

// PGlite puts the parameter values, which may be secrets, on its errors, where a logger would print them.
function withoutParameters(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'params')
  return error
}
