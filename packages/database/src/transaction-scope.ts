import { AsyncLocalStorage } from 'node:async_hooks'
import type { Queryable, Rows } from './database.ts'
import { DatabaseError } from './errors.ts'

/** The guard around one database's transactions. */
export interface TransactionGuard {
  /** Runs `work` with a transaction over `session` that stops working, loudly, once `work` has ended. */
  run<T>(session: Queryable, work: (transaction: Queryable) => Promise<T>): Promise<T>
  /** Throws E_DATABASE_NESTED when called from inside the `work` of a transaction that is still open. */
  assertOutside(): void
}

/** Makes the guard of one database. */
export function createTransactionGuard(): TransactionGuard {
  const current = new AsyncLocalStorage<{ open: boolean }>()
  let running = 0

  return {
    async run(session, work) {
      const scope = { open: true }
      // One statement at a time: pg deprecates a second query on a busy client.
      let tail: Promise<unknown> = Promise.resolve()
      function inOrder<T>(statement: () => Promise<T>): Promise<T> {
        if (!scope.open) return Promise.reject(ended())
        const result = tail.then(statement)
        tail = result.catch(() => undefined)
        return result
      }
      const transaction: Queryable = {
        query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Rows<Row>> {
          return inOrder(() => session.query<Row>(text, parameters))
        },
        script: (text) => inOrder(() => session.script(text)),
      }
      running += 1
      try {
        return await current.run(scope, () => work(transaction))
      } finally {
        scope.open = false
        await tail
        running -= 1
        // Up to Node 22 every promise of the process pays for being followed, whether it is in a transaction or not.
        if (running === 0) current.disable()
      }
    },
    assertOutside() {
      if (current.getStore()?.open !== true) return
      throw new DatabaseError(
        'E_DATABASE_NESTED',
        'The database was used inside transaction(): call query() on the transaction that the work is given',
      )
    },
  }
}

function ended(): DatabaseError {
  return new DatabaseError(
    'E_DATABASE_CLOSED',
    'This transaction has ended: await every query before its work returns',
  )
}

const control =
  /^\s*(begin|start\s+transaction|commit|end|abort|rollback(?!\s+((work|transaction)\s+)?to\b))\b/i

/** Throws E_DATABASE_OPTION when a single statement would begin or end a transaction behind `transaction()`'s back. */
export function refuseTransactionControl(text: string): void {
  const word = control.exec(text)?.[1]
  if (word === undefined) return
  throw new DatabaseError(
    'E_DATABASE_OPTION',
    `query() cannot run ${JSON.stringify(word.toUpperCase())}: use transaction(), whose work commits by returning and rolls back by throwing`,
  )
}
