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

/** What is done again and again: a list, or where it is configured what is read each time that something may be due. */
export type Schedules = readonly Schedule[] | (() => Promise<readonly Schedule[]>)

/** Whose tasks scheduled ones are; no user has this name. */
export const scheduler: TaskCaller = { id: '@schedule', username: '@schedule', role: 'admin' }

/**
 * Submits what is due each time it is called. Every process may do so: the instant is part of the idempotency key, so the
 * cluster does it once. What was due while no process ran is left out but for the last.
 * @throws E_TASKS_OPTION; E_TASKS_KIND; for schedules that are read, when they are
 */
export function scheduleTasks(options: {
  readonly tasks: Tasks
  readonly schedules: Schedules
  readonly now: () => number
}): () => Promise<void> {
  const { tasks, schedules, now } = options
  function plan({ name, kind, input, every, at = 0 }: Schedule) {
    const length = milliseconds(every, `every of ${name}`)
    if (!(length >= 1_000 && Number.isFinite(length)))
      throw new TaskError(
        'E_TASKS_OPTION',
        `every of the schedule ${name} is ${String(every)}: give 1s or more`,
      )
    tasks.kinds.find(kind)
    return { name, kind, input, length, offset: milliseconds(at, `at of ${name}`) }
  }
  const fixed = typeof schedules === 'function' ? [] : schedules.map(plan)
  const read = typeof schedules === 'function' ? schedules : async () => []
  /** The key of the last task of each schedule. */
  const submitted = new Map<string, string>()
  return async () => {
    for (const one of [...fixed, ...(await read()).map(plan)]) {
      const key = `${one.name} ${Math.floor((now() - one.offset) / one.length)}`
      if (submitted.get(one.name) === key) continue
      await tasks.submit(scheduler, one, key)
      submitted.set(one.name, key)
    }
  }
}
