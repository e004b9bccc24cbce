import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { bytes, span } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { type Task, runTask } from '../follow-task.ts'
import { collect, pages } from '../pages.ts'
import { facts, table } from '../table.ts'

const actions = ['list', 'queue', 'kinds', 'show', 'run', 'cancel', 'retry', 'download'] as const

/** `reprise tasks`: large operations and how far they are (row B5). */
export const tasksCommand = defineCommand({
  usage: 'tasks [action] [what]',
  summary: 'Tasks: list, queue, kinds, show ID, run KIND, cancel ID, retry ID, download ID',
  options: (parser) =>
    parser
      .positional('action', { choices: actions, default: 'list' as const })
      .positional('what', { type: 'string', describe: 'The id of a task, or a kind' })
      .option('status', {
        choices: ['pending', 'delayed', 'processing', 'completed', 'dead', 'cancelled'] as const,
        describe: 'List those alone',
      })
      .option('input', {
        type: 'string',
        default: '{}',
        describe: 'JSON that the kind takes',
        requiresArg: true,
      })
      .option('out', {
        type: 'string',
        describe: 'download: the file to write, which must not be there yet [standard output]',
        requiresArg: true,
      })
      .option('limit', { type: 'number', default: 20, describe: 'How many' })
      .check(({ action, what }) => {
        if (what !== undefined || action === 'list' || action === 'queue' || action === 'kinds') return true
        throw new CommandError(
          `Say which: tasks ${action} ${action === 'run' ? 'KIND' : 'ID'}`,
          exitCodes.usage,
        )
      }),
  run: async ({ action, what = '', status, input, limit, out }, { withApi, io, progress, confirm, print }) =>
    withApi(async ({ client }) => {
      const params = { task_id: what }
      if (action === 'list') {
        const filter = status === undefined ? {} : { status }
        const tasks = await collect(
          pages((page) => client.call('taskList', { query: { ...filter, ...page } }), limit),
        )
        print(tasks, () => (tasks.length === 0 ? 'There are none.\n' : listed(tasks)))
      } else if (action === 'queue') {
        const queue = await client.call('taskQueue')
        const rows = [{ user_id: '(all)', counts: queue.all }, ...queue.users]
        print(queue, () =>
          table(
            [
              { title: 'USER', show: (row) => row.user_id },
              { title: 'WAITING', show: ({ counts }) => counts.pending, align: 'right' },
              { title: 'RUNNING', show: ({ counts }) => counts.processing, align: 'right' },
              { title: 'TO BE RETRIED', show: ({ counts }) => counts.delayed, align: 'right' },
              { title: 'DONE', show: ({ counts }) => counts.completed, align: 'right' },
              { title: 'DEAD', show: ({ counts }) => counts.dead, align: 'right' },
              { title: 'CANCELLED', show: ({ counts }) => counts.cancelled, align: 'right' },
            ],
            rows,
          ),
        )
      } else if (action === 'kinds') {
        const { kinds } = await client.call('taskKinds')
        print(kinds, () =>
          table(
            [
              { title: 'KIND', show: ({ kind }) => kind },
              { title: 'ROLE', show: ({ role }) => role },
              { title: 'WHAT', show: ({ summary }) => summary },
            ],
            kinds,
          ),
        )
      } else if (action === 'download') {
        const text = await client.call('taskFile', { params })
        if (out === undefined) return io.out(text)
        await writeFile(resolve(io.cwd, out), text, { flag: 'wx', mode: 0o600 })
        io.err(`${bytes(Buffer.byteLength(text))} written to ${out}\n`)
      } else if (action === 'run') {
        const task = await runTask(client, { io, progress }, { kind: what, input: readInput(input) })
        print(task, () => described(task))
      } else {
        if (action === 'cancel') await confirm(`Cancel task ${what}?`)
        const id = action === 'show' ? 'task' : action === 'cancel' ? 'taskCancel' : 'taskRetry'
        const { task } = await client.call(id, { params })
        print(task, () => described(task))
      }
    }),
})

function readInput(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, string>
  } catch {
    // Told below, with what to do.
  }
  throw new CommandError(`--input ${text} is no JSON object: write --input '{"days":7}'`, exitCodes.usage)
}

function listed(tasks: readonly Task[]): string {
  return table(
    [
      { title: 'ID', show: (task) => task.task_id },
      { title: 'KIND', show: ({ kind }) => kind },
      { title: 'USER', show: ({ username }) => username },
      {
        title: 'STATUS',
        show: (task) => (task.cancel_requested && task.status === 'processing' ? 'ending' : task.status),
      },
      { title: 'DONE', show: ({ progress }) => share(progress), align: 'right' },
      { title: 'CREATED', show: (task) => task.created_at },
      { title: 'TOOK', show: took, align: 'right' },
      { title: 'ERROR', show: ({ error }) => error },
    ],
    tasks,
  )
}

function described(task: Task): string {
  const head = facts([
    ['task', task.task_id],
    ['kind', task.kind],
    ['user', task.username],
    ['status', task.status],
    ['done', share(task.progress)],
    ['tries', `${task.tries} of ${task.max_tries}`],
    ['took', took(task)],
    ['result', task.result === null ? null : JSON.stringify(task.result)],
    ['error', task.error],
  ])
  const steps = task.progress?.steps ?? []
  return steps.length === 0
    ? head
    : `${head}\n${table(
        [
          { title: 'STEP', show: ({ name }) => name },
          { title: 'STATE', show: ({ state }) => state },
          {
            title: 'TOOK',
            show: ({ seconds }) => (seconds === undefined ? null : span(seconds * 1_000)),
            align: 'right',
          },
        ],
        steps,
      )}`
}

function share(progress: Task['progress']): string | null {
  if (progress === null) return null
  const { done, total } = progress
  return total === null ? String(done) : `${done}/${total}`
}

function took({ started_at: start, ended_at: end }: Task): string | null {
  return start === null || end === null ? null : span(Date.parse(end) - Date.parse(start))
}
