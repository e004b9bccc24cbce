import type { DataOf, Routes } from '@reprise/api'
import type { Cache, LogStanding } from '@reprise/cache'
import { type ProcessStanding, type Processes, silence } from '../processes/processes.ts'
import type { InvalidationRow } from './row.ts'

type Shown = DataOf<Routes['invalidationDeliveries']>
type State = Shown['processes'][number]['state']
type Position = LogStanding['position']

/** Which processes have applied an invalidation, told by where they stand in the log. */
export async function showDeliveries(
  row: InvalidationRow,
  { cache, processes }: { readonly cache: Cache; readonly processes: Processes },
): Promise<Shown> {
  const standings = await processes.list()
  const position = row.log_era === null || row.log_n === null ? undefined : { era: row.log_era, n: row.log_n }
  const astray = position !== undefined && standings.some((one) => one.position.era !== position.era)
  // Eras have no order of their own: only the log itself can say which is the newest. While it is away nothing is claimed.
  const current = astray ? (await cache.head().catch(() => undefined))?.era : undefined
  const shown = standings.map((one) => ({
    process: one.process,
    own: one.own,
    state: stateOf(one, position, current),
    position: one.position,
    behind: position?.era === one.position.era ? Math.max(0, position.n - one.position.n) : null,
    seen_at: one.seenAt.toISOString(),
  }))
  const count = (state: State): number => shown.filter((one) => one.state === state).length
  return {
    invalidation_id: row.invalidation_id,
    status: row.status,
    position: position ?? null,
    applied: count('applied'),
    pending: count('pending'),
    silent: count('silent'),
    processes: shown,
  }
}

/** A process in the log's newest era has dropped whatever is older; in the invalidation's own era the number decides. */
function stateOf(
  { position: at, quiet }: ProcessStanding,
  position: Position | undefined,
  current: string | undefined,
): State {
  if (position !== undefined && (at.era === position.era ? at.n >= position.n : at.era === current))
    return 'applied'
  return quiet > silence ? 'silent' : 'pending'
}
