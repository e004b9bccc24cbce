import type { Database } from '@reprise/database'
import type { Operations } from '../operations/operations.ts'
import { type TaskKind, type TaskLog, defineTaskKinds } from './kind.ts'
import { type BuiltInOptions, builtInKinds } from './kinds/built-in-kinds.ts'
import type { OnTaskNews } from './news.ts'
import type { TaskRunner } from './runner.ts'
import { type Schedules, scheduleTasks } from './schedule.ts'
import type { GateOptions } from './settings.ts'
import { databaseRunner } from './sql/database-runner.ts'
import { type Tasks, createTasks } from './tasks.ts'
import { documentKinds } from './workflows/document-kinds.ts'
import type { ManagedDocument } from './workflows/managed-document.ts'
import { type TaskWorker, createWorker } from './worker.ts'

/** How a service keeps and does tasks. */
export interface TaskOptions extends Pick<BuiltInOptions, 'warmers'> {
  /** Where they are kept; the service does not close it. @default in the service's database */
  readonly runner?: TaskRunner
  /** Limits of the default runner. */
  readonly limits?: GateOptions['limits']
  /** The application's own kinds; one that has the name of a built-in one takes its place. @default none */
  readonly kinds?: readonly TaskKind[]
  /** Documents that the kinds `sync` and `config-apply` work on (rows B6, B7). @default none, and no such kinds */
  readonly documents?: readonly ManagedDocument[]
  /** Tasks that this process runs at a time; 0 for none, when workers are processes of their own. @default 4 */
  readonly concurrency?: number
  /** What is done again and again, once in the whole cluster. @default none */
  readonly schedules?: Schedules
}

/** The tasks of a service, and its share of the work. */
export interface OpenTasks {
  readonly tasks: Tasks
  readonly runner: TaskRunner
  /** Begins to work them off. */
  start(): Promise<void>
  /** Takes no more, waits at most so many milliseconds, and gives back what still runs. */
  stop(timeout: number): Promise<void>
}

/** Puts together the kinds, the runner and the worker of a service; every end of a task is recorded (row B9). */
export function openTasks(
  options: TaskOptions,
  service: BuiltInOptions & {
    readonly database: Database
    readonly operations: Operations
    readonly log: TaskLog
    readonly onNews?: OnTaskNews
  },
): OpenTasks {
  const { database, operations, log, now, onNews } = service
  const { warmers, limits, concurrency = 4, schedules = [] } = options
  const kinds = defineTaskKinds([
    ...builtInKinds({ ...service, warmers }),
    ...documentKinds(options.documents ?? [], service),
    ...(options.kinds ?? []),
  ])
  const runner = options.runner ?? databaseRunner({ database, ...(limits === undefined ? {} : { limits }) })
  const onError = (error: unknown): void => log.warn({ err: error }, 'tasks: workers could not be woken')
  const tasks = createTasks({ runner, kinds, onError, onNews })
  const submitDue = scheduleTasks({ tasks, schedules, now })
  let worker: TaskWorker | undefined

  return {
    tasks,
    runner,
    async start() {
      if (concurrency === 0) return
      worker = await createWorker({
        runner,
        kinds,
        concurrency,
        log,
        onNews,
        onSweep: submitDue,
        async onEnded({ task, status, error, took }) {
          await operations.record({
            action: `task.${task.kind}`,
            user: { id: task.user, username: task.username },
            target: task.id,
            details: { input: task.input, status, tries: task.tries },
            result: status === 'completed' ? 'done' : 'failed',
            error: status === 'cancelled' ? 'cancelled' : error,
            duration: took,
          })
        },
      })
    },
    async stop(timeout) {
      await worker?.stop(timeout)
    },
  }
}
