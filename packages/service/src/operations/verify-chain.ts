// Walks the chain from its anchor to its end. What it finds: a row that says something else than when it was written, a
// row that is not there, one that was put in or moved, rows cut off at the end, and rows cut off at the beginning that no
// row of the log tells of. What no chain of plain hashes can find by itself is one that was written anew from some row on
// to its end; that takes a witness: a position and its hash that were noted somewhere else.
import type { Database } from '@reprise/database'
import { type Link, hashOf } from './chain.ts'
import type { OperationRow } from './operation.ts'
import * as statements from './statements.ts'

/** What a walk along the chain found. */
export type Verdict =
  | {
      readonly intact: true
      /** How many rows were looked at. */
      readonly rows: number
      /** The last one looked at: worth noting elsewhere, as the witness of a later walk. */
      readonly end: Link
    }
  | {
      readonly intact: false
      /** How many rows were looked at before. */
      readonly rows: number
      /** Of the first row that is not as it was written, or that is missing. */
      readonly position: number
      readonly reason: string
    }

interface Chain extends Link {
  readonly anchor_position: number
  readonly anchor_hash: string
  readonly newest: number | null
}

/** The action of the row that tells what was pruned. */
export const pruneAction = 'operations.prune'

const pageSize = 1000

/** Walks the chain up to `through`, or all of it; `witness` is a position and its hash that were noted before. */
export async function verifyChain(
  database: Database,
  options: { readonly through?: number | undefined; readonly witness?: Link | undefined } = {},
): Promise<Verdict> {
  const { witness } = options
  const chain = await readChain(database)
  const until = Math.min(options.through ?? chain.position, chain.position)
  let anchor = anchorOf(chain)
  let end = anchor
  let rows = 0
  let told = anchor.position === 0

  const broken = (position: number, reason: string): Verdict => ({ intact: false, rows, position, reason })

  if ((chain.newest ?? chain.position) > chain.position)
    return broken(chain.position + 1, 'was put in after the end of the chain')
  if (witness !== undefined && witness.position > chain.position)
    return broken(chain.position + 1, `was cut off: there was a row ${witness.position}`)
  while (end.position < until) {
    const page = await database.query<OperationRow>(statements.selectSpan, [end.position, until, pageSize])
    if (page.rows[0]?.position !== end.position + 1) {
      // It may have been pruned since the last page.
      const moved = anchorOf(await readChain(database))
      if (moved.position <= end.position) return broken(end.position + 1, 'is missing')
      anchor = end = moved
      told = false
      continue
    }
    for (const row of page.rows) {
      if (row.position !== end.position + 1) return broken(end.position + 1, 'is missing')
      if (row.previous !== end.hash) return broken(row.position, 'does not follow the row before it')
      if (hashOf(row) !== row.hash) return broken(row.position, 'was changed')
      if (witness?.position === row.position && witness.hash !== row.hash)
        return broken(row.position, 'is not the row that was noted')
      told ||= tellsOf(row, anchor)
      end = { position: row.position, hash: row.hash }
      rows += 1
    }
  }
  if (options.through !== undefined) return { intact: true, rows, end }
  if (end.hash !== chain.hash) return broken(end.position, 'is not where the chain ended')
  return told
    ? { intact: true, rows, end }
    : broken(anchor.position + 1, 'is the first one, and no row tells that those before it were pruned')
}

function tellsOf(row: OperationRow, anchor: Link): boolean {
  const { through, hash } = row.details
  return row.action === pruneAction && through === anchor.position && hash === anchor.hash
}

function anchorOf({ anchor_position: position, anchor_hash: hash }: Chain): Link {
  return { position, hash }
}

async function readChain(database: Database): Promise<Chain> {
  const { rows } = await database.query<Chain>(statements.selectChain)
  if (rows[0] === undefined)
    throw new Error('service_operation_chain has lost its row: restore it from a backup')
  return rows[0]
}
