import type { DataOf, Routes } from '@reprise/api'

/** A row of the log of invalidations (row A20). */
export interface InvalidationRow {
  readonly invalidation_id: string
  /** `api`, or what else asked for it. */
  readonly origin: string
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly spaces: readonly string[]
  readonly tenant: string | null
  /** The change that caused it, where one did. */
  readonly event: Readonly<Record<string, unknown>> | null
  /** What the change was made to, such as `intents/5`; '' for nothing. */
  readonly about: string
  readonly operator_id: string
  readonly reason: string
  readonly visible_to: string | null
  readonly status: 'pending' | 'processing' | 'completed' | 'failed'
  readonly attempts: number
  readonly error: string | null
  readonly created_at: Date
  readonly next_attempt_at: Date
  readonly completed_at: Date | null
  /** Where the cache's log stood once it was carried out. */
  readonly log_era: string | null
  readonly log_n: number | null
}

type Shown = DataOf<Routes['invalidationRead']>['invalidation']

/** A row as the API shows it. */
export function showRow(row: InvalidationRow): Shown {
  const { invalidation_id, origin, tenant, operator_id, reason, status, attempts, error } = row
  return {
    invalidation_id,
    origin,
    keys: [...row.keys],
    tags: [...row.tags],
    spaces: [...row.spaces],
    tenant,
    event: row.event === null ? null : (JSON.parse(JSON.stringify(row.event)) as Shown['event']),
    operator_id,
    reason,
    status,
    attempts,
    error,
    created_at: row.created_at.toISOString(),
    next_attempt_at: status === 'pending' ? row.next_attempt_at.toISOString() : null,
    completed_at: row.completed_at?.toISOString() ?? null,
  }
}
