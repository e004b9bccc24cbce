import type { Database, Queryable } from '@reprise/database'
import { type Link, link } from './chain.ts'
import { type Operation, type OperationFacts, factsOf } from './operation.ts'
import { type Pruned, pruneOperations } from './prune.ts'
import { type OperationReader, createOperationReader } from './read-operations.ts'
import * as statements from './statements.ts'
import { type Verdict, verifyChain } from './verify-chain.ts'

/** The operation log of a database (row B9): every process that has the database writes one chain. */
export interface Operations extends OperationReader {
  /**
   * Writes what was done. With a `transaction` (read committed), the row is there exactly when the transaction is: make
   * it the last statement, since everybody else who writes the log waits until it commits. Without one, resolves when
   * the row is committed; what many callers give at once is written together. Throws what `Database.query` throws.
   */
  record(operation: Operation, transaction?: Queryable): Promise<void>
  /** Walks the chain; `witness` is a position and its hash that were noted before. Throws what `Database.query` throws. */
  verify(witness?: Link): Promise<Verdict>
  /** Removes exported rows: see `pruneOperations`. */
  prune(options: Parameters<typeof pruneOperations>[1]): Promise<Pruned>
}

/** Most rows that are written in one transaction. */
const largestBatch = 200

interface Waiting {
  readonly facts: OperationFacts
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** What a log works with. */
export interface OperationsOptions {
  readonly now: () => number
  /** Told of rows when they are committed; not of those that a caller's own transaction carries. @default nobody */
  readonly onRecorded?: (facts: OperationFacts) => void
}

/** Opens the log of a migrated database. */
export function openOperations(database: Database, options: OperationsOptions): Operations {
  const { now, onRecorded } = options
  let waiting: Waiting[] = []
  let writing = false

  async function writeWaiting(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch)
      waiting = waiting.slice(largestBatch)
      try {
        await database.transaction((transaction) =>
          append(
            transaction,
            batch.map(({ facts }) => facts),
          ),
        )
        for (const { facts, resolve } of batch) {
          onRecorded?.(facts)
          resolve()
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    writing = false
  }

  return {
    ...createOperationReader(database),
    verify: (witness) => verifyChain(database, { witness }),
    prune: (pruning) => pruneOperations(database, pruning),
    async record(operation, transaction) {
      const facts = factsOf(operation, now())
      if (transaction !== undefined) return append(transaction, [facts])
      return new Promise((resolve, reject) => {
        waiting.push({ facts, resolve, reject })
        if (!writing) void writeWaiting()
      })
    },
  }
}

/** Adds rows at the end of the chain, which stays locked until the transaction ends. */
async function append(transaction: Queryable, facts: readonly OperationFacts[]): Promise<void> {
  const { rows } = await transaction.query<Link>(statements.lockChain)
  const [end] = rows
  if (end === undefined) {
    throw new Error('service_operation_chain has lost its row: restore it from a backup')
  }
  const added = link(end, facts)
  const last = added.at(-1) ?? end
  await transaction.query(statements.append, [JSON.stringify(added), last.position, last.hash])
}
