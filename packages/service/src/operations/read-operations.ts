import type { Database } from '@reprise/database'
import type { OperationResult, OperationRow } from './operation.ts'
import * as statements from './statements.ts'

/** Which rows are meant; what is absent chooses all. */
export interface OperationFilter {
  readonly user?: string | undefined
  /** An action such as `cache.clear`, or a type such as `cache`. */
  readonly action?: string | undefined
  readonly result?: OperationResult | undefined
  /** From this moment on. */
  readonly from?: Date | undefined
  /** Before this moment. */
  readonly to?: Date | undefined
  /** Somewhere in a row, whatever its letters' case. */
  readonly text?: string | undefined
  readonly tenant?: string | undefined
}

/** How many rows there are of each name, the most first. */
export interface OperationCounts {
  readonly type: Readonly<Record<string, number>>
  /** By hour of the day in UTC, `00` to `23`. */
  readonly hour: Readonly<Record<string, number>>
  readonly result: Readonly<Record<string, number>>
}

/** Reads the log. Every call throws what `Database.query` throws. */
export interface OperationReader {
  /** The newest rows before a position. */
  newest(
    filter: OperationFilter,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly OperationRow[]>
  get(position: number): Promise<OperationRow | undefined>
  count(filter: OperationFilter): Promise<OperationCounts>
  /** All rows there are now, the oldest first, read in pages. */
  all(filter: OperationFilter): AsyncIterable<OperationRow>
}

const pageSize = 500

/** Makes the reader of a migrated database. */
export function createOperationReader(database: Database): OperationReader {
  return {
    async newest(filter, { before, limit }) {
      const parameters = [...parametersOf(filter), before ?? null, limit]
      return (await database.query<OperationRow>(statements.selectNewest, parameters)).rows
    },
    async get(position) {
      return (await database.query<OperationRow>(statements.selectRow, [position])).rows[0]
    },
    async count(filter) {
      const { rows } = await database.query<{ by: string; name: string; count: number }>(
        statements.count,
        parametersOf(filter),
      )
      const of = (by: string): Record<string, number> =>
        Object.fromEntries(rows.filter((row) => row.by === by).map(({ name, count }) => [name, count]))
      return { type: of('type'), hour: of('hour'), result: of('result') }
    },
    async *all(filter) {
      const { rows } = await database.query<{ position: number }>(statements.selectChain)
      const end = rows[0]?.position ?? 0
      let after = 0
      for (;;) {
        const parameters = [...parametersOf(filter), after, end, pageSize]
        const page = await database.query<OperationRow>(statements.selectOldest, parameters)
        yield* page.rows
        const last = page.rows.at(-1)
        if (last === undefined || page.rows.length < pageSize) return
        after = last.position
      }
    },
  }
}

function parametersOf(filter: OperationFilter): unknown[] {
  const { user, action, result, from, to, text, tenant } = filter
  return [user, action, result, from, to, text, tenant].map((value) => value ?? null)
}
