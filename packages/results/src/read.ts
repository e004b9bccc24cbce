import { ResultsError, quote } from './errors.ts'
import type { Looked } from './answers.ts'
import { type ResultRecord, type ResultRow, type StoredResult, toRecord, toResult } from './result.ts'
import * as statements from './statements.ts'
import type { Place } from './place.ts'
import type { Store } from './store.ts'

type Found = ResultRow & { readonly now: Date; readonly alive?: boolean | null }

async function one(
  store: Store,
  statement: string,
  parameters: readonly unknown[],
): Promise<Found | undefined> {
  return (await store.database.query<Found>(statement, parameters)).rows[0]
}

/** The newest valid and unexpired result of a place, by one index probe. */
async function look(store: Store, { site, type, target }: Place): Promise<Looked> {
  const before = store.clock.now()
  const row = await one(store, statements.latest, [site, store.time(), type, target])
  if (row === undefined) return { result: null, until: Infinity }
  // The rest of its life counts from before the question, so that no answer outlives the result.
  const until = row.expires_at === null ? Infinity : before + row.expires_at.getTime() - row.now.getTime()
  return { result: toResult(row), until }
}

/** The newest valid and unexpired result of a place, or null (row D1); from the cache where there is one. */
export function getLatest(store: Store, place: Place): Promise<StoredResult | null> {
  return store.answers.read(place, () => look(store, place))
}

/** The newest result that was valid and was not invalidated, unless it ended more than `within` milliseconds ago. */
export async function getPrevious(store: Store, place: Place, within: number): Promise<StoredResult | null> {
  const { site, type, target } = place
  const row = await one(store, statements.previous, [site, store.time(), type, target])
  if (row === undefined) return null
  const ended = row.expires_at === null ? 0 : row.now.getTime() - row.expires_at.getTime()
  return ended > within ? null : toResult(row)
}

/** Options of `getHistory`. */
export interface HistoryOptions {
  /** Most results, 1 to 1000. @default 2, what the next prompt is shown */
  readonly limit?: number
  /** As it was at that instant: what was finished by then and not invalidated by then. @default now */
  readonly asOf?: Date | string
}

/** Finished results that were not invalidated, newest first; expired ones are among them (row D2). @throws E_RESULT_OPTION */
export async function getHistory(
  store: Store,
  place: Place,
  { limit = 2, asOf }: HistoryOptions,
): Promise<readonly StoredResult[]> {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000) {
    throw new ResultsError('E_RESULT_OPTION', `limit is ${quote(limit)}: give a whole number from 1 to 1000`)
  }
  const at = asOf === undefined ? null : new Date(asOf)
  if (Number.isNaN(at?.getTime())) {
    throw new ResultsError('E_RESULT_OPTION', `asOf is ${quote(asOf)}: give a Date or an ISO instant`)
  }
  const { site, type, target } = place
  const { rows } = await store.database.query<ResultRow>(statements.history, [
    site,
    null,
    type,
    target,
    limit,
    at,
  ])
  return rows.map((row) => toResult(row))
}

/** A row whatever its status, or null. */
export async function find(store: Store, site: string, id: number): Promise<ResultRecord | null> {
  const row = await one(store, statements.find, [site, store.time(), id])
  return row === undefined ? null : toRecord(row)
}

/** How a generation stands: its row, and whether its generator is believed to live. */
export async function observe(
  store: Store,
  site: string,
  id: number,
): Promise<{ readonly row: ResultRow; readonly alive: boolean } | undefined> {
  const row = await one(store, statements.find, [site, store.time(), id])
  return row === undefined ? undefined : { row, alive: row.alive === true }
}
