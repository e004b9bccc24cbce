// What an operator sees of a site's results. Nothing here is asked by the application itself, and nothing is changed.
import * as statements from './browse-statements.ts'
import { ResultsError, quote } from './errors.ts'
import { type ResultRecord, type ResultRow, type Status, toRecord } from './result.ts'
import { type Store, typeOf } from './store.ts'
import { inBatches, trimAge, trimCount } from './trim.ts'

/** Which results of a site are wanted. */
export interface ListOptions {
  readonly type?: string | undefined
  readonly target?: string | undefined
  /** As `ResultRecord.status` here: a result whose life is over is expired, whether it has been marked yet or not. */
  readonly status?: Status | undefined
  /** Only results with a lower id, such as the last one of the page before. */
  readonly before?: number | undefined
  /** 1 to 1000. @default 50 */
  readonly limit?: number | undefined
}

/** A result in any state; its value is null where it has none. */
export interface ResultWithValue extends ResultRecord {
  readonly value: unknown
}

/** What a site holds of a type, and what is kept of it (row D4). Instants are ISO text. */
export interface ShelfFigures {
  readonly type: string
  readonly results: Readonly<Record<Status, number>>
  /** Generations whose lease is over. */
  readonly stuck: number
  readonly oldestAt: string | null
  readonly newestAt: string | null
  /** Undefined for a type that is not declared any more. `keepFor` in milliseconds. */
  readonly kept: { readonly keep: number; readonly keepFor: number } | undefined
  /** What a trim by count would remove now. */
  readonly surplus: number
}

/** Results of a site in any state, the newest first, without their values. @throws E_RESULT_OPTION */
export async function list(
  store: Store,
  site: string,
  options: ListOptions,
): Promise<readonly ResultRecord[]> {
  const { type = null, target = null, status = null, before = Number.MAX_SAFE_INTEGER, limit = 50 } = options
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000)
    throw new ResultsError('E_RESULT_OPTION', `limit is ${quote(limit)}: give a whole number from 1 to 1000`)
  const asked = [site, store.time(), type, target, status, before, limit]
  const { rows } = await store.database.query<ResultRow>(statements.list, asked)
  return rows.map((row) => toRecord(row))
}

/** One result in any state with its value, or null. */
export async function readWithValue(store: Store, site: string, id: number): Promise<ResultWithValue | null> {
  const { rows } = await store.database.query<ResultRow>(statements.read, [site, store.time(), id])
  const [row] = rows
  return row === undefined ? null : { ...toRecord(row), value: row.value ?? null }
}

interface CountRow {
  readonly type: string
  readonly status: Status
  readonly results: number
  readonly stuck: number
  readonly oldest: Date
  readonly newest: Date
}

/** What a site holds of each type, by name. */
export async function shelves(store: Store, site: string): Promise<readonly ShelfFigures[]> {
  const { database, settings } = store
  const found = await database.query<{ type: string; last_number: number }>(statements.shelves, [site])
  const { rows } = await database.query<CountRow>(statements.count, [site, store.time()])
  return Promise.all(
    found.rows.map(async ({ type, last_number: last }): Promise<ShelfFigures> => {
      const own = rows.filter((row) => row.type === type)
      const rules = settings.types.get(type)
      const surplus =
        rules === undefined || last <= rules.keep
          ? 0
          : await countOf(store, statements.surplus, [site, type, last - rules.keep])
      const times = own.flatMap(({ oldest, newest }) => [oldest, newest]).toSorted((a, b) => +a - +b)
      return {
        type,
        results: { generating: 0, valid: 0, expired: 0, invalidated: 0, failed: 0, ...byStatus(own) },
        stuck: own.reduce((sum, row) => sum + row.stuck, 0),
        oldestAt: times[0]?.toISOString() ?? null,
        newestAt: times.at(-1)?.toISOString() ?? null,
        kept: rules && { keep: rules.keep, keepFor: rules.keepFor },
        surplus,
      }
    }),
  )
}

function byStatus(rows: readonly CountRow[]): Partial<Record<Status, number>> {
  return Object.fromEntries(rows.map(({ status, results }) => [status, results]))
}

async function countOf(store: Store, statement: string, parameters: readonly unknown[]): Promise<number> {
  const { rows } = await store.database.query<{ results: number }>(statement, parameters)
  return rows[0]?.results ?? 0
}

/** Sites that have ever had results, by name, after one of them. */
export async function sites(store: Store, after: string, limit: number): Promise<readonly string[]> {
  const { rows } = await store.database.query<{ site: string }>(statements.sites, ['*', after, limit])
  return rows.map(({ site }) => site)
}

/** Generations of all sites whose generator is believed to be dead. */
export function stuck(store: Store): Promise<number> {
  return countOf(store, statements.stuck, [store.time()])
}

/** Trims a type of a site by count and by age, as the nightly task does; tells how many results were removed or marked. @throws E_RESULT_OPTION */
export async function trimNow(store: Store, site: string, type: string): Promise<number> {
  typeOf(store, type)
  const shelf = { site, type }
  return (await inBatches(() => trimCount(store, shelf))) + (await inBatches(() => trimAge(store, shelf)))
}
