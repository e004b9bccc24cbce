import { type Duration, milliseconds } from '@reprise/cache'
import { TaskError } from './errors.ts'
import type { TaskCaller, TaskRequest, Tasks } from './tasks.ts'

/** Something that is to be done again and again. */
export interface Schedule extends TaskRequest {
  /** Names it in the whole cluster. */
  readonly name: string
  /** From one to the next, such as `1d`; a multiple of it after 1970 in UTC is when one is due. */
  readonly every: Duration
  /** After the multiple, such as `3h` for three o'clock UTC each day. @default 0 */
  readonly at?: Duration
}

/** Whose tasks scheduled ones are; no user has this name. */
export const scheduler: TaskCaller = { id: '@schedule', username: '@schedule', role: 'admin' }

/**
 * Submits what is due each time it is called. Every process may do so: the instant is part of the idempotency key, so the
 * cluster does it once. What was due while no process ran is left out but for the last.
 * @throws E_TASKS_OPTION; E_TASKS_KIND
 */
export function scheduleTasks(options: {
  readonly tasks: Tasks
  readonly schedules: readonly Schedule[]
  readonly now: () => number
}): () => Promise<void> {
  const { tasks, schedules, now } = options
  const plan = schedules.map(({ name, kind, input, every, at = 0 }) => {
    const length = milliseconds(every, `every of ${name}`)
    if (!(length >= 1_000 && Number.isFinite(length)))
      throw new TaskError(
        'E_TASKS_OPTION',
        `every of the schedule ${name} is ${String(every)}: give 1s or more`,
      )
    tasks.kinds.find(kind)
    return { name, kind, input, length, offset: milliseconds(at, `at of ${name}`), last: Number.NaN }
  })
  return async () => {
    for (const one of plan) {
      const due = Math.floor((now() - one.offset) / one.length)
      if (due === one.last) continue
      await tasks.submit(scheduler, one, `${one.name} ${due}`)
      one.last = due
    }
  }
}
