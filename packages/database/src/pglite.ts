import type { PGlite } from '@electric-sql/pglite'
import { createChannels, quoteChannel } from './channels.ts'
import type { Database, Queryable, Rows } from './database.ts'
import { encodeParameter } from './encode.ts'
import { startPglite } from './pglite-folder.ts'
import { type RoundTrips, createRoundTrips } from './pglite-round-trip.ts'
import { readPgliteSettings } from './settings.ts'
import type { PgliteOptions } from './settings.ts'
import { closedError, statementError } from './statement-error.ts'
import { sessionSettings } from './statements.ts'
import { createTransactionGuard, refuseTransactionControl } from './transaction-scope.ts'

/**
 * Opens an embedded PGlite database, in a folder or in memory. It has one connection: transactions run one after
 * another. Throws E_DATABASE_OPTION (a template that cannot be read, too), E_DATABASE_LOCKED when another process has the folder, E_DATABASE_UNREACHABLE.
 */
export async function openPglite(options: PgliteOptions = {}): Promise<Database> {
  const settings = readPgliteSettings(options)
  const { pglite, release } = await startPglite(settings)
  const where = `PGlite in ${settings.dataDir ?? 'memory'}`
  await pglite.exec(sessionSettings)
  const channels = createChannels(settings.onError)
  pglite.onNotification((channel, payload) => channels.deliver(channel, payload))
  const guard = createTransactionGuard()
  const { Mutex } = await import('@electric-sql/pglite')
  /** Transactions, and statements outside of them, one after another. */
  const turns = new Mutex()
  const trips = await createRoundTrips(pglite)
  const session = sessionOf(pglite, trips, where)
  let closing: Promise<void> | undefined

  function assertUsable(): void {
    guard.assertOutside()
    if (closing !== undefined) throw closedError(where)
  }

  const database: Database = {
    engine: 'pglite',
    async query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Rows<Row>> {
      assertUsable()
      return turns.runExclusive(() => session.query<Row>(text, parameters))
    },
    async script(text) {
      assertUsable()
      await turns.runExclusive(() => session.script(text))
    },
    async transaction(work, { isolation = 'read committed' } = {}) {
      assertUsable()
      let workFailed = false
      try {
        return await turns.runExclusive(async () => {
          try {
            return await pglite.transaction(async (transaction) => {
              await transaction.exec(`set transaction isolation level ${isolation}`)
              try {
                return await guard.run(sessionOf(transaction, trips, where), work)
              } catch (error) {
                workFailed = true
                throw error
              }
            })
          } catch (error) {
            // What plans were made for may be undone with it; a PGlite that cannot drop them says so at the next statement.
            await trips.forgetPlans().catch(() => undefined)
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
      await turns.runExclusive(() => session.script(`listen ${name}`))
      return async () => {
        if (channels.remove(channel, listener) && closing === undefined) {
          await turns.runExclusive(() => session.script(`unlisten ${name}`))
        }
      }
    },
    async ping() {
      await database.query('select 1')
    },
    async close() {
      guard.assertOutside()
      closing ??= turns.runExclusive(() => pglite.close()).finally(release)
      await closing
    },
  }
  return database
}

function sessionOf(driver: Pick<PGlite, 'exec'>, trips: RoundTrips, where: string): Queryable {
  return {
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Rows<Row>> {
      refuseTransactionControl(text)
      const values = parameters.map(encodeParameter)
      try {
        return await trips.run<Row>(text, values)
      } catch (error) {
        throw statementError(error, text, where)
      }
    },
    async script(text) {
      try {
        await trips.forgetPlans()
        await driver.exec(text)
      } catch (error) {
        throw statementError(error, text, where)
      }
    },
  }
}
