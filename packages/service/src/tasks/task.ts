/**
 * Where a task is. `pending` waits for its turn, `delayed` to be tried again, `processing` was let through the gate;
 * `completed`, `cancelled` and `dead` (failed for good, kept apart) are the ends.
 */
export const taskStatuses = ['pending', 'delayed', 'processing', 'completed', 'dead', 'cancelled'] as const

/** One of `taskStatuses`. */
export type TaskStatus = (typeof taskStatuses)[number]

/** How many tasks have each status. */
export type TaskCounts = Readonly<Record<TaskStatus, number>>

/** One step of a task, as it is seen while the task runs; times are milliseconds. */
export interface TaskStep {
  readonly name: string
  readonly state: 'running' | 'done' | 'failed'
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly took?: number
}

/** How far a task is. */
export interface TaskProgress {
  readonly done: number
  /** Absent where it is not known beforehand. */
  readonly total?: number
  readonly message?: string
  readonly steps: readonly TaskStep[]
}

/** A task as the gate keeps it; instants are milliseconds since 1970 by the server's clock. */
export interface TaskRecord {
  readonly id: string
  /** Its place in the order of arrival. */
  readonly seq: number
  /** Id of the user whose task it is. */
  readonly user: string
  readonly username: string
  readonly kind: string
  readonly input: unknown
  readonly status: TaskStatus
  readonly batch?: string
  /** How often it was let through; with the id it names one run, and fences what earlier runs still say. */
  readonly attempt: number
  /** Runs that count against `maxTries`. */
  readonly tries: number
  readonly maxTries: number
  /** It was told to end and runs until it hears of it: it will be cancelled, whatever it comes to. */
  readonly cancelRequested: boolean
  readonly createdAt: number
  readonly startedAt?: number
  readonly endedAt?: number
  /** When it is tried again. */
  readonly dueAt?: number
  readonly result?: unknown
  readonly error?: string
  readonly progress?: TaskProgress
}

/** Several tasks that were accepted together. */
export interface TaskBatch {
  readonly id: string
  readonly user: string
  readonly createdAt: number
  /** Over all of its tasks that are still kept, cancelled ones among them. */
  readonly counts: TaskCounts
  readonly tasks: readonly string[]
}

/** One run of a task: what a worker holds, and has to name with everything it says. */
export interface Claim {
  readonly id: string
  readonly attempt: number
}

/** No task anywhere. */
export const noTasks: TaskCounts = Object.freeze({
  pending: 0,
  delayed: 0,
  processing: 0,
  completed: 0,
  dead: 0,
  cancelled: 0,
})
