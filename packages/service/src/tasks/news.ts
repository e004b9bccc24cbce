import type { TaskProgress, TaskRecord, TaskStatus } from './task.ts'

/** What happened to a task in this process. `ended`: a run did, or the task was cancelled; the status says what it is now. */
export interface TaskNews {
  readonly event: 'accepted' | 'started' | 'progress' | 'ended'
  readonly status: TaskStatus
  readonly progress?: TaskProgress
  /** Milliseconds of the run that ended. */
  readonly took?: number
}

/** Hears of the tasks of this process as it takes and runs them. */
export type OnTaskNews = (task: Pick<TaskRecord, 'id' | 'kind' | 'username'>, news: TaskNews) => void
