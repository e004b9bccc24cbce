import { type DataOf, type Routes, routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { numberCursor, pageOf } from '../http/cursor.ts'
import { registerRoute } from '../http/register-route.ts'
import { exportsIn, openExport } from '../tasks/kinds/export.ts'
import type { TaskBatch, TaskRecord } from '../tasks/task.ts'
import type { Tasks } from '../tasks/tasks.ts'

/** Registers the routes of tasks (row B5). */
export function registerTaskRoutes(
  app: FastifyInstance,
  tasks: Tasks,
  { dataDir }: { readonly dataDir: string },
): void {
  registerRoute(app, routes.taskKinds, () => ({
    data: {
      kinds: tasks.kinds.names.map((name) => {
        const { kind, role, maxTries } = tasks.kinds.find(name)
        // As a caller gives it, before defaults are filled in.
        const input = z.toJSONSchema(kind.input, { io: 'input', unrepresentable: 'any' })
        return { kind: name, summary: kind.summary, role, max_tries: maxTries, input: plain(input) }
      }),
    },
  }))
  registerRoute(app, routes.taskQueue, async ({ caller }) => {
    const { own, all, users } = await tasks.queue(caller)
    return { data: { own, all, users: users.map(({ user, counts }) => ({ user_id: user, counts })) } }
  })
  registerRoute(app, routes.taskList, async ({ query: { user_id: user, status, cursor, limit }, caller }) => {
    const found = await tasks.list(caller, { user, status, before: numberCursor(cursor), limit: limit + 1 })
    return { data: pageOf(found, limit, { item: describeTask, cursor: ({ seq }) => seq }) }
  })
  registerRoute(app, routes.taskSubmit, async ({ body: { kind, input, idempotency_key }, caller, audit }) => {
    const { task, existing } = await tasks.submit(caller, { kind, input }, idempotency_key)
    audit.on(task.id)
    return { data: { task: describeTask(task), existing }, status: 202 }
  })
  registerRoute(app, routes.taskBatchSubmit, async ({ body, caller, audit }) => {
    const { batch, existing } = await tasks.submitBatch(caller, body.tasks, body.idempotency_key)
    audit.on(batch.id)
    return { data: { batch: describeBatch(batch), existing }, status: 202 }
  })
  registerRoute(app, routes.taskBatch, async ({ params: { batch_id }, caller }) => ({
    data: { batch: describeBatch(await tasks.batch(caller, batch_id)) },
  }))
  registerRoute(app, routes.taskBatchCancel, async ({ params: { batch_id }, caller }) => ({
    data: { batch: describeBatch(await tasks.cancelBatch(caller, batch_id)) },
  }))
  registerRoute(app, routes.task, async ({ params: { task_id }, caller }) => ({
    data: { task: describeTask(await tasks.find(caller, task_id)) },
  }))
  registerRoute(app, routes.taskCancel, async ({ params: { task_id }, caller }) => ({
    data: { task: describeTask(await tasks.cancel(caller, task_id)) },
  }))
  registerRoute(app, routes.taskFile, async ({ params: { task_id }, caller, audit }) => {
    const task = await tasks.find(caller, task_id)
    audit.on(task.id)
    return { data: await openExport(exportsIn(dataDir), task) }
  })
  registerRoute(app, routes.taskRetry, async ({ params: { task_id }, caller }) => ({
    data: { task: describeTask(await tasks.retry(caller, task_id)) },
  }))
}

type TaskData = DataOf<Routes['task']>['task']

function describeTask(task: TaskRecord): TaskData {
  const { progress } = task
  return {
    task_id: task.id,
    batch_id: task.batch ?? null,
    user_id: task.user,
    username: task.username,
    kind: task.kind,
    input: plain(task.input),
    status: task.status,
    cancel_requested: task.cancelRequested,
    tries: task.tries,
    max_tries: task.maxTries,
    created_at: instantOf(task.createdAt),
    started_at: task.startedAt === undefined ? null : instantOf(task.startedAt),
    ended_at: task.endedAt === undefined ? null : instantOf(task.endedAt),
    due_at: task.dueAt === undefined ? null : instantOf(task.dueAt),
    progress:
      progress === undefined
        ? null
        : {
            done: progress.done,
            total: progress.total ?? null,
            message: progress.message ?? null,
            steps: progress.steps.map(({ name, state, startedAt, took }) => ({
              name,
              state,
              started_at: instantOf(startedAt),
              ...(took === undefined ? {} : { seconds: Math.max(0, took) / 1_000 }),
            })),
          },
    result: plain(task.result ?? null),
    error: task.error ?? null,
  }
}

function describeBatch(batch: TaskBatch): DataOf<Routes['taskBatch']>['batch'] {
  const { id, user, createdAt, counts, tasks } = batch
  return {
    batch_id: id,
    user_id: user,
    created_at: instantOf(createdAt),
    total: tasks.length,
    counts,
    task_ids: [...tasks],
  }
}

const instantOf = (milliseconds: number): string => new Date(milliseconds).toISOString()

// What stores and schemas give is JSON; only its type is not known.
const plain = (value: unknown): TaskData['input'] => value as TaskData['input']
