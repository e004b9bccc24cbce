import type { UserQueue } from '../gate.ts'
import { type TaskCounts, type TaskProgress, type TaskRecord, type TaskStatus, noTasks } from '../task.ts'

/** A row of `service_tasks`; instants are milliseconds since 1970. */
export interface TaskRow {
  readonly id: string
  readonly seq: number
  readonly user_id: string
  readonly username: string
  readonly kind: string
  readonly input: unknown
  readonly status: TaskStatus
  readonly batch_id: string | null
  readonly attempt: number
  readonly tries: number
  readonly max_tries: number
  readonly cancel_requested: boolean
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly due_at: number | null
  readonly result: unknown
  readonly error: string | null
  readonly progress: TaskProgress | null
}

/** How many tasks have a status. */
export interface CountRow {
  readonly status: TaskStatus
  readonly count: number
}

/** A task of a row. */
export function readTask(row: TaskRow): TaskRecord {
  return {
    id: row.id,
    seq: row.seq,
    user: row.user_id,
    username: row.username,
    kind: row.kind,
    input: row.input,
    status: row.status,
    attempt: row.attempt,
    tries: row.tries,
    maxTries: row.max_tries,
    cancelRequested: row.cancel_requested,
    createdAt: Math.round(row.created_at),
    ...(row.batch_id === null ? {} : { batch: row.batch_id }),
    ...(row.started_at === null ? {} : { startedAt: Math.round(row.started_at) }),
    ...(row.ended_at === null ? {} : { endedAt: Math.round(row.ended_at) }),
    ...(row.due_at === null ? {} : { dueAt: Math.round(row.due_at) }),
    ...(row.status === 'completed' ? { result: row.result } : {}),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.progress === null ? {} : { progress: row.progress }),
  }
}

/** Sums of rows by status. */
export function readCounts(rows: readonly CountRow[]): TaskCounts {
  const counts = { ...noTasks }
  for (const { status, count } of rows) counts[status] += count
  return counts
}

/** Rows by user, which they are ordered by. */
export function readQueues(rows: readonly (CountRow & { readonly user_id: string })[]): UserQueue[] {
  const users = [...new Set(rows.map(({ user_id }) => user_id))]
  return users.map((user) => ({ user, counts: readCounts(rows.filter(({ user_id }) => user_id === user)) }))
}
