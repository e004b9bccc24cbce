// Every change is one transaction that goes in this order: the site's lock (shared, but alone for an invalidation),
// the shelf of the type, then rows. So changes of one type and site come one after another, an invalidation sees all
// that was finished before it, whoever finishes after it sees the invalidation, and no two changes can wait in a circle.
import type { Queryable } from '@reprise/database'
import * as statements from './statements.ts'
import type { Store } from './store.ts'

/** A transaction inside one site. */
export interface Change {
  readonly transaction: Queryable
  readonly site: string
  /** The instant of the change. */
  readonly now: Date
}

/** Runs a change of a site; `alone` keeps every other change of the site out. */
export function change<T>(
  store: Store,
  { site, alone = false }: { readonly site: string; readonly alone?: boolean },
  work: (change: Change) => Promise<T>,
): Promise<T> {
  return store.database.transaction(async (transaction) => {
    const enter = alone ? statements.enterAlone : statements.enter
    const { rows } = await transaction.query<{ now: Date }>(enter, [site, store.time()])
    return work({ transaction, site, now: (rows[0] as { now: Date }).now })
  })
}

/** Locks the shelf of a type, and tells the highest number given on it. */
export async function lockShelf({ transaction, site }: Change, type: string): Promise<number> {
  const { rows } = await transaction.query<{ last_number: number }>(statements.lockShelf, [site, type])
  return (rows[0] as { last_number: number }).last_number
}

/** Makes the newest valid result of each target its head. */
export async function crown(
  { transaction, site }: Change,
  type: string,
  targets: readonly string[],
): Promise<void> {
  if (targets.length > 0) await transaction.query(statements.crown, [site, type, targets])
}
