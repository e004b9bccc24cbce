import type { DataOf, Routes } from '@reprise/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../service/call.ts'

/** What the cache did in one span of time. */
export type HistoryRow = DataOf<Routes['cacheHistory']>['rows'][number]

/** How often what is new is read, in milliseconds. */
const every = 2000
/** Rows of an hour. */
const most = 361

/**
 * The last hour, of all spaces or of one, the oldest row first; undefined before it is there. Only what is new is read
 * again: the last row, which was not over, and those after it.
 */
export function useHistory(space?: string): readonly HistoryRow[] | undefined {
  const queries = useQueryClient()
  const queryKey = ['history', space]
  const { data } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<readonly HistoryRow[]>(queryKey) ?? []
      const since = known.at(-1)?.from
      const query = { ...(space === undefined ? {} : { space }), ...(since === undefined ? {} : { since }) }
      const { rows } = await call('cacheHistory', { query }, signal)
      const first = rows[0]?.from
      const before = first === undefined ? known : known.filter(({ from }) => from < first)
      return [...before, ...rows].slice(-most)
    },
    refetchInterval: every,
  })
  return data
}

/** The share of fresh answers among the reads of each span that had any, from 0 to 1. */
export function hitRates(rows: readonly HistoryRow[]): readonly number[] {
  return rows.flatMap(({ hits, misses, stale_serves }) => {
    const reads = hits + misses + stale_serves
    return reads === 0 ? [] : [hits / reads]
  })
}
