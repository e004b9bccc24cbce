// The fair gate. Every change of a task's state is one atomic step of the store, judged by the store's clock:
//
//   enqueue ─> pending ─release─> processing ─finish─> completed | dead | cancelled
//                 ^                   │
//                 ├──── returned, ────┤
//                 └─ due ── delayed <─┘ failed, and may be tried again
//
// It promises: no more than `perUser` and `global` tasks are processing, however many workers ask; the user who was
// served longest ago is next, and each user's tasks go in the order they came, those that come back before the others;
// an order is accepted whole or not at all; an end is final, and a run that is not the latest cannot change anything.
// A task may run more than once (its worker died before it said that it was done), so what it does must be repeatable.
import type { Claim, TaskBatch, TaskCounts, TaskProgress, TaskRecord, TaskStatus } from './task.ts'

/** Tasks that are accepted together, or not. */
export interface TaskOrder {
  readonly user: string
  readonly username: string
  readonly tasks: readonly {
    readonly id: string
    readonly kind: string
    readonly input: unknown
    readonly maxTries: number
  }[]
  /** Id of the batch that they make. */
  readonly batch?: string
  /** A repeated order of the same user and key is the first one; `fingerprint` tells whether it says the same. */
  readonly key?: { readonly value: string; readonly fingerprint: string }
}

/** What became of an order. */
export type Enqueued =
  | {
      readonly outcome: 'accepted' | 'existing'
      readonly ids: readonly string[]
      readonly batch?: string
    }
  | { readonly outcome: 'key-reused' }
  | {
      readonly outcome: 'backlog'
      readonly scope: 'user' | 'global'
      readonly waiting: number
      readonly limit: number
    }

/** How a run ended. `returned` gives the task back untried; a failure without `retryIn` is for good. */
export type TaskEnding =
  | { readonly how: 'completed'; readonly result: unknown; readonly progress?: TaskProgress }
  | {
      readonly how: 'failed'
      readonly error: string
      /** Milliseconds until it may be tried again. */
      readonly retryIn?: number
      readonly progress?: TaskProgress
    }
  | { readonly how: 'returned'; readonly progress?: TaskProgress }

/** What a worker hears when it says that it is alive: the task is no longer its own when it is `lost`. */
export type Heard = 'go-on' | 'cancel' | 'lost'

/** What a sweep repaired. */
export interface Swept {
  /** Let through, and started by nobody for the length of a lease: hand them out again. */
  readonly undelivered: readonly Claim[]
  /** Tasks whose turn may come now: they were due, or taken from workers that were not heard of. */
  readonly moved: number
  /** Ended tasks that were kept long enough. */
  readonly forgotten: number
}

/** Which tasks to list, the newest first. */
export interface TaskPage {
  readonly user?: string
  readonly status?: TaskStatus
  /** Only those that came before this place. */
  readonly before?: number
  readonly limit: number
}

/** Tasks of one user by status. */
export interface UserQueue {
  readonly user: string
  readonly counts: TaskCounts
}

/** The one place where the states of tasks change; every call throws what its store throws. */
export interface TaskGate {
  enqueue(order: TaskOrder): Promise<Enqueued>
  /** Lets through what limits and turns allow, at most so many. */
  release(most: number): Promise<readonly Claim[]>
  /** Begins a run that was let through; undefined when it is not the latest, was begun already, or is not wanted any more. */
  start(claim: Claim): Promise<TaskRecord | undefined>
  /** Renews the lease of a run, and tells how far it is. */
  beat(claim: Claim, progress?: TaskProgress): Promise<Heard>
  /** Ends a run; resolves to what the task is now, or `lost` when the run was not the latest any more. */
  finish(claim: Claim, ending: TaskEnding): Promise<TaskStatus | 'lost'>
  /** Cancels what waits; tells what runs. Undefined for an unknown id. */
  cancel(id: string): Promise<TaskRecord | undefined>
  /** Gives a dead task all of its tries again; `backlog` when too many wait, undefined when there is no dead task of that id. */
  retry(id: string): Promise<Extract<Enqueued, { outcome: 'backlog' }> | 'retried' | undefined>
  /** Repairs and tidies up; repeat it now and then. */
  sweep(): Promise<Swept>
  find(id: string): Promise<TaskRecord | undefined>
  list(page: TaskPage): Promise<readonly TaskRecord[]>
  batch(id: string): Promise<TaskBatch | undefined>
  /** All tasks by status, or those of one user. */
  counts(user?: string): Promise<TaskCounts>
  /**
   * Milliseconds that the first pending task by arrival has waited, since its arrival or the start of its last run;
   * undefined when none is pending.
   */
  oldestWait(): Promise<number | undefined>
  /** Users who have tasks that wait or run, at most 1,000. */
  queues(): Promise<readonly UserQueue[]>
}

/** The error of a task whose worker was not heard of once too often. */
export const lostWorker = 'its worker was not heard of any more, and it has no tries left'
