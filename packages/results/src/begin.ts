// A generation is a row with the status generating. Its id is its fence: only one row of a target can be generating (a
// unique index says so), a takeover fails the old row before it makes a new one, and what has left that status takes no
// value. Clocks decide only when somebody may try to take over, never whether a late value is kept.
import { type Change, change, lockShelf } from './change.ts'
import { type Described, type Description, describe, parametersOf, writeLabels } from './content.ts'
import { ResultsError, quote } from './errors.ts'
import { type ResultRecord, type ResultRow, type StoredResult, toRecord, toResult } from './result.ts'
import * as statements from './statements.ts'
import { type Place, shown } from './place.ts'
import { type Store, assertOpen } from './store.ts'

/** How a generation begins: it is this call's, somebody else's, or not needed since there is a newer result. */
export type Begun =
  | { readonly kind: 'mine' | 'theirs'; readonly record: ResultRecord }
  | { readonly kind: 'there'; readonly result: StoredResult }

/** What a generation begins with. */
export interface Beginning extends Description {
  /** Do not begin where there is a valid result with a higher number than this. @default Infinity, begin anyway */
  readonly unlessAfter?: number
}

/** Begins a generation, or finds the one that is under way; one whose lease is over is taken over (row D5). */
export async function begin(store: Store, place: Place, beginning: Beginning): Promise<Begun> {
  const said = describe(beginning)
  const { unlessAfter = Infinity } = beginning
  const { site, type, target } = place
  const begun = await change(store, { site }, async (within): Promise<Begun> => {
    await lockShelf(within, type)
    const { now, transaction } = within
    const running = (await transaction.query<ResultRow>(statements.running, [site, type, target])).rows[0]
    if (running?.lease_until !== undefined && (running.lease_until as Date) > now) {
      return { kind: 'theirs', record: toRecord(running) }
    }
    if (unlessAfter < Infinity) {
      const { rows } = await transaction.query<ResultRow>(statements.latest, [site, now, type, target])
      if (rows[0] !== undefined && rows[0].number > unlessAfter)
        return { kind: 'there', result: toResult(rows[0]) }
    }
    if (running !== undefined) {
      const ended = (running.lease_until as Date).toISOString()
      const why = `its lease ended at ${ended} and ${store.settings.holder} took over`
      await transaction.query(statements.fail, [site, running.id, why, true])
    }
    const lease = new Date(now.getTime() + store.settings.lease)
    const parameters = [site, type, target, now, ...parametersOf(said), store.settings.holder, lease]
    const { rows } = await transaction.query<ResultRow>(statements.insertGenerating, parameters)
    const row = rows[0] as ResultRow
    await writeLabels(within, row.id, said.labels)
    return { kind: 'mine', record: toRecord(row) }
  })
  if (store.closed && begun.kind === 'mine') {
    // Nobody is left to keep its lease; what cannot be marked now is found by its lease.
    await fail(store, begun.record.id, { site, reason: 'the results were closed', abandoned: true }).catch(
      () => {},
    )
  }
  assertOpen(store)
  return begun
}

/** A heartbeat: the lease of a generation is full again; false when the generation is over. */
export async function beat(store: Store, site: string, id: number): Promise<boolean> {
  return store.database.transaction(async (transaction) => {
    await transaction.query(statements.name, [site])
    const { rows } = await transaction.query(statements.beat, [site, id, store.time(), store.settings.lease])
    return rows.length > 0
  })
}

/** Ends a generation without a value; `abandoned` lets whoever waits try again. @throws E_RESULT_FENCED when it is over already */
export async function fail(
  store: Store,
  id: number,
  { site, reason, abandoned = false }: { site: string; reason: unknown; abandoned?: boolean },
): Promise<void> {
  const why = reason instanceof Error ? reason.message : String(reason)
  const refused = await change(store, { site }, async (within) => {
    const row = await standing(within, id)
    await lockShelf(within, row.type)
    const { rows } = await within.transaction.query(statements.fail, [
      site,
      id,
      why.replaceAll('\0', '').slice(0, 2_000),
      abandoned,
    ])
    return rows.length > 0 ? undefined : fenced(await standing(within, id))
  })
  if (refused !== undefined) throw refused
}

/** A row as a change must know it, and who generates its target now. */
export interface Standing extends ResultRow {
  readonly begun_after: number
  readonly held_by: string | null
  readonly held_as: number | null
}

/** @throws E_RESULT_UNKNOWN */
export async function standing({ transaction, site }: Change, id: number): Promise<Standing> {
  const { rows } = await transaction.query<Standing>(statements.standing, [site, id])
  if (rows[0] !== undefined) return rows[0]
  throw unknownError(site, id)
}

/** The error of an id that a site does not have. */
export function unknownError(site: string, id: number): ResultsError {
  return new ResultsError(
    'E_RESULT_UNKNOWN',
    `site ${quote(site)} has no result ${id}: it is another site's, or it was trimmed`,
  )
}

/** Why a generation takes no value any more, and who has its target. */
export function fenced(row: Standing): ResultsError {
  const { id, status } = row
  const holder =
    row.held_by === null
      ? 'nobody generates it now: begin again'
      : `${row.held_by} generates it now as result ${row.held_as}: its value will be the one that counts`
  if (status === 'invalidated')
    return invalidatedError(row, { by: row.invalidated_by, reason: row.reason, holder })
  const why = status === 'failed' ? `failed: ${row.failure}` : `is ${status}`
  return new ResultsError('E_RESULT_FENCED', `result ${id}, ${shown(row)}, ${why}; ${holder}`)
}

/** The error of a generation that an invalidation overtook. */
export function invalidatedError(
  row: Standing,
  { by, reason, holder }: { by: string | null; reason: string | null; holder: string },
): ResultsError {
  const who = by === null ? '' : ` by ${by}`
  const why = reason === null ? '' : ` (${reason})`
  return new ResultsError(
    'E_RESULT_INVALIDATED',
    `result ${row.id}, ${shown(row)}, was invalidated${who}${why} while it was generated; ${holder}`,
  )
}

/** What was said when a generation began. */
export function saidBefore(row: ResultRow): Described {
  const { derivation, tags, triggeredBy } = toRecord(row)
  return { derivation, tags, triggeredBy, labels: [] }
}
