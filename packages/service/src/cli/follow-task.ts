import { setTimeout } from 'node:timers/promises'
import type { Client, DataOf, Routes } from '@reprise/api'
import type { Tools } from './command.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

/** A task as the API tells of it. */
export type Task = DataOf<Routes['task']>['task']

const ended = new Set(['completed', 'dead', 'cancelled'])
const lookEvery = 200

/**
 * Has something done as a task, showing how far it is until it has ended. Ctrl-C cancels it: what was done stays done,
 * and running it again goes on. @throws CommandError when it failed or was cancelled
 */
export async function runTask(
  client: Client,
  { io, progress }: Pick<Tools, 'io' | 'progress'>,
  order: {
    readonly kind: string
    readonly input: Readonly<Record<string, string | number | readonly string[]>>
  },
): Promise<Task> {
  const { task } = await client.call('taskSubmit', { body: order as never })
  const bar = progress(order.kind)
  let cancelled = false
  try {
    let seen: Task = task
    while (!ended.has(seen.status)) {
      if (io.interrupted.aborted && !cancelled) {
        cancelled = true
        await client.call('taskCancel', { params: { task_id: task.task_id } })
      }
      show(bar, seen)
      await setTimeout(lookEvery)
      ;({ task: seen } = await client.call('task', { params: { task_id: task.task_id } }))
    }
    show(bar, seen)
    return judged(seen, order.kind)
  } finally {
    bar.end()
  }
}

function show(bar: ReturnType<Tools['progress']>, { progress }: Task): void {
  if (progress !== null) bar.at(progress.done, progress.total ?? undefined, progress.message ?? undefined)
}

function judged(task: Task, kind: string): Task {
  if (task.status === 'completed') return task
  const done = task.progress?.message ?? `${task.progress?.done ?? 0} done`
  if (task.status === 'cancelled')
    throw new CommandError(`${kind} was interrupted (${done}); run it again to go on`, exitCodes.interrupted)
  throw new CommandError(
    `${kind} failed: ${task.error ?? 'no reason told'} (task ${task.task_id})`,
    exitCodes.failed,
  )
}
