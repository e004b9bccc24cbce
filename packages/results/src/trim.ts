// A trim deletes one range of the index `results_spare`, which holds just what may be deleted: neither generations nor
// the newest valid result of a target. The range ends `keep` numbers below the newest, numbers of a shelf having no
// gaps but those of trims; so nothing that is kept is counted, read or locked.
import { type Change, change, crown, lockShelf } from './change.ts'
import * as retention from './retention-statements.ts'
import type { ResultRecord } from './result.ts'
import { type Store, typeOf } from './store.ts'

/** Rows that one transaction changes at most, so that none holds its shelf for long. */
export const batchSize = 1_000

/** A type at a site. */
export interface Shelf {
  readonly site: string
  readonly type: string
}

/** What a batch changed, and whether there may be more. */
export interface Batch {
  readonly rows: number
  readonly more: boolean
}

/** Runs batches until there is no more, and tells how many rows they changed. */
export async function inBatches(run: () => Promise<Batch>): Promise<number> {
  for (let total = 0; ;) {
    const { rows, more } = await run()
    total += rows
    if (!more) return total
  }
}

/**
 * Makes valid results expired that are over, and generations failed whose lease is over. Trims do it first: which
 * result of a target is the newest valid one must be told by statuses alone.
 */
export async function expireBatch(within: Change, type: string): Promise<Batch> {
  const { transaction, site, now } = within
  const over = await transaction.query<{ target: string }>(retention.expire, [site, type, now, batchSize])
  await crown(within, type, [...new Set(over.rows.map(({ target }) => target))])
  const why = `its lease was over at ${now.toISOString()}: its generator died or lost the database`
  const dead = await transaction.query(retention.failDead, [site, type, now, batchSize, why])
  return {
    rows: over.rowCount + dead.rowCount,
    more: over.rowCount === batchSize || dead.rowCount === batchSize,
  }
}

/** Runs one statement that removes a batch of a shelf, when nothing of the shelf is over. */
function trim(
  store: Store,
  { site, type }: Shelf,
  remove: (within: Change, last: number) => Promise<{ readonly rowCount: number }>,
): Promise<Batch> {
  return change(store, { site }, async (within) => {
    const last = await lockShelf(within, type)
    if ((await expireBatch(within, type)).more) return { rows: 0, more: true }
    const { rowCount } = await remove(within, last)
    return { rows: rowCount, more: rowCount === batchSize }
  })
}

/** Removes a batch of what is neither among the newest `keep` of its shelf nor in use (row D4). */
export function trimCount(store: Store, shelf: Shelf): Promise<Batch> {
  const { site, type } = shelf
  const { keep } = typeOf(store, type)
  return trim(store, shelf, ({ transaction }, last) =>
    transaction.query(retention.trimCount, [site, type, last - keep, batchSize]),
  )
}

/** Removes a batch of what is older than `keepFor` and not in use. */
export async function trimAge(store: Store, shelf: Shelf): Promise<Batch> {
  const { site, type } = shelf
  const { keepFor } = typeOf(store, type)
  if (keepFor === Infinity) return { rows: 0, more: false }
  return trim(store, shelf, ({ transaction, now }) =>
    transaction.query(retention.trimAge, [site, type, new Date(now.getTime() - keepFor), batchSize]),
  )
}

/** Trims a shelf behind a write: at every hundredth number, or hundredth part of what is kept, when that is less. */
export function trimAfterWrite(store: Store, { site, type, number }: ResultRecord): void {
  const { keep } = typeOf(store, type)
  if (number <= keep || number % Math.ceil(Math.min(keep, 10_000) / 100) !== 0) return
  store.behind(
    inBatches(() => trimCount(store, { site, type })),
    `${type} of site ${site} was not trimmed`,
  )
}
