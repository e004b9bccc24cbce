import type { Database, Queryable } from '@reprise/database'
import { HttpError } from '../http/http-error.ts'
import type { Link } from './chain.ts'
import type { OperationRow } from './operation.ts'
import * as statements from './statements.ts'
import { verifyChain } from './verify-chain.ts'

/** What was removed, as the row that tells of it has it in its details. */
export interface Pruned {
  readonly through: number
  readonly hash: string
  readonly rows: number
}

/**
 * Removes the rows up to one whose hash the caller knows, since it has exported it; the chain then begins after it.
 * `record` writes the row that tells of it, in the same transaction, with action `operations.prune` and these details.
 * @throws HttpError 404 without such a row, 409 when the hash is not its own, it is younger than `before`, or rows up to it are not as they were written
 */
export async function pruneOperations(
  database: Database,
  options: {
    readonly mark: Link
    readonly before: Date
    readonly record: (pruned: Pruned, transaction: Queryable) => Promise<void>
  },
): Promise<Pruned> {
  const { mark, before, record } = options
  const verdict = await verifyChain(database, { through: mark.position })
  if (!verdict.intact) {
    const { position, reason } = verdict
    throw new HttpError(409, `Row ${position} ${reason}: nothing is removed, so that it can be looked into`)
  }
  return database.transaction(async (transaction) => {
    await transaction.query(statements.lockChain)
    const { rows } = await transaction.query<OperationRow>(statements.selectRow, [mark.position])
    const [row] = rows
    if (row === undefined) throw new HttpError(404, `There is no row ${mark.position}`)
    if (row.hash !== mark.hash) {
      throw new HttpError(409, `That is not the hash of row ${mark.position}: export the rows first`)
    }
    if (row.at >= before) {
      throw new HttpError(
        409,
        `Row ${mark.position} is of ${row.at.toISOString()}; rows are kept until ${before.toISOString()}`,
      )
    }
    const { rowCount } = await transaction.query(statements.removeThrough, [mark.position])
    await transaction.query(statements.moveAnchor, [mark.position, mark.hash])
    const pruned = { through: mark.position, hash: mark.hash, rows: rowCount }
    await record(pruned, transaction)
    return pruned
  })
}
