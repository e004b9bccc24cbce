import type { Database } from '@reprise/database'
import { coalesce } from '../coalesce.ts'
import type { Delivery, TaskRunner } from '../runner.ts'
import { type GateOptions, readGateSettings } from '../settings.ts'
import type { Claim } from '../task.ts'
import { sqlGate } from './sql-gate.ts'
import { notify } from './statements.ts'

/** What a runner on a database is made with. */
export interface DatabaseRunnerOptions extends GateOptions {
  /** With the service's tables. */
  readonly database: Database
}

/** All processes of a database listen here: `wake`, or `cancel` and an id. */
const channel = 'reprise_tasks'

/**
 * Tasks that are kept in a database, PGlite or PostgreSQL: each worker lets through as many as it has room for. Workers
 * wake each other by NOTIFY. @throws E_TASKS_OPTION
 */
export function databaseRunner(options: DatabaseRunnerOptions): TaskRunner {
  const { database } = options
  const settings = readGateSettings(options)
  const gate = sqlGate(database, settings)
  const say = async (message: string): Promise<void> => {
    await database.query(notify, [channel, message])
  }

  return {
    name: 'database',
    gate,
    lease: settings.lease,
    wake: () => say('wake'),
    announceCancel: (id) => say(`cancel ${id}`),
    async deliver({ concurrency, run, onCancel, onError }): Promise<Delivery> {
      const running = new Set<Promise<void>>()
      /** Let through earlier by somebody who is gone. */
      let overdue: Claim[] = []
      let stopped = false

      const hand = (claim: Claim): void => {
        const ended = run(claim).then(() => {
          running.delete(ended)
          wake()
        })
        running.add(ended)
      }
      const pump = coalesce(async () => {
        for (;;) {
          const room = stopped ? 0 : concurrency - running.size
          if (room <= 0) return
          const claims = overdue.length > 0 ? overdue.slice(0, room) : await gate.release(room)
          overdue = overdue.slice(claims.length)
          if (claims.length === 0) return
          claims.forEach(hand)
        }
      })
      const wake = (): void => void pump().catch(onError)
      const stopListening = await database.listen(
        channel,
        (message) => {
          if (message.startsWith('cancel ')) onCancel(message.slice('cancel '.length))
          else wake()
        },
        { onReconnect: wake },
      )
      wake()
      return {
        async sweep() {
          const { undelivered } = await gate.sweep()
          overdue.push(...undelivered)
          await pump()
        },
        async stop() {
          stopped = true
          await stopListening()
          await pump().catch(onError)
          while (running.size > 0) await Promise.all(running)
        },
      }
    },
    close: async () => {},
  }
}
