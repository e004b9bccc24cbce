import { randomUUID } from 'node:crypto'
import type { Queryable } from '@reprise/database'
import type { InvalidationNotice, InvalidationRecord } from '../catalog/invalidation.ts'
import * as statements from './statements.ts'

/** The channel on which processes tell each other that there is a new event. */
export const eventChannel = 'assistant_configuration'

/** A change of one row of the configuration, to be published. */
export interface Change {
  readonly table: string
  readonly record: string
  readonly operation: InvalidationRecord['operation']
  /** The row before and after, as far as there are. */
  readonly data: { readonly before?: unknown; readonly after?: unknown }
  readonly subject: string
  readonly target: string
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly operator: string
  readonly reason: string
}

/** An event as its log row has it. */
export interface EventRow {
  readonly invalidation_id: string
  readonly table_name: string
  readonly record_id: string
  readonly operation: InvalidationRecord['operation']
  readonly data: InvalidationRecord['data']
  readonly subject: string
  readonly target: string
  readonly cache_keys: string[]
  readonly cache_tags: string[]
  readonly operator_id: string
  readonly reason: string
  readonly status: InvalidationRecord['status']
  readonly attempts: number
  readonly error: string | null
  readonly created_at: Date
  readonly completed_at: Date | null
}

/**
 * Writes the event of a change into the transaction that makes it (row A20), and returns its id. Other processes
 * hear of it when, and only if, the transaction commits.
 */
export async function publishChange(transaction: Queryable, change: Change, now: Date): Promise<string> {
  const id = `inv_${randomUUID()}`
  await transaction.query(statements.insertEvent, [
    id,
    change.table,
    change.record,
    change.operation,
    change.data,
    change.subject,
    change.target,
    [...new Set(change.keys)],
    [...new Set(change.tags)],
    change.operator,
    change.reason,
    now,
    eventChannel,
  ])
  return id
}

/** An event as section 15.1 has it, with its status and keys. */
export function toRecord(row: EventRow): InvalidationRecord {
  return {
    event_type: 'cache_invalidation',
    table_name: row.table_name,
    record_id: /^\d{1,9}$/.test(row.record_id) ? Number(row.record_id) : row.record_id,
    operation: row.operation,
    data: row.data,
    timestamp: row.created_at.toISOString(),
    invalidation_id: row.invalidation_id,
    status: row.status,
    cache_keys: row.cache_keys,
  }
}

/** An event as section 11.1 has it. */
export function toNotice(row: EventRow): InvalidationNotice {
  return {
    invalidation_id: row.invalidation_id,
    type: row.subject,
    action: row.operation.toLowerCase(),
    target: row.target,
    affected_keys: row.cache_keys,
    timestamp: row.created_at.toISOString(),
    operator_id: row.operator_id,
    reason: row.reason,
  }
}
