import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

/** Where a task is: `delayed` waits to be tried again, `dead` failed for good. */
export const taskStatus = z.enum(['pending', 'delayed', 'processing', 'completed', 'dead', 'cancelled'])

/** One step of a task. */
export const taskStep = z.strictObject({
  name: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  started_at: instant,
  seconds: z.number().nonnegative().optional(),
})

/** A task of the queue (row B5). */
export const task = z.strictObject({
  task_id: z.string(),
  batch_id: z.string().nullable(),
  user_id: z.string(),
  username: z.string(),
  kind: z.string(),
  input: z.json(),
  status: taskStatus,
  cancel_requested: z.boolean().describe('It was told to end and runs until it hears of it'),
  tries: count,
  max_tries: count,
  created_at: instant,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  due_at: instant.nullable().describe('When it is tried again'),
  progress: z
    .strictObject({
      done: z.number(),
      total: z.number().nullable(),
      message: z.string().nullable(),
      steps: z.array(taskStep),
    })
    .nullable(),
  result: z.json().nullable(),
  error: z.string().nullable(),
})

/** How many tasks have each status. */
export const taskCounts = z.strictObject({
  pending: count,
  delayed: count,
  processing: count,
  completed: count,
  dead: count,
  cancelled: count,
})

/** Tasks that were accepted together; `counts` are of all of them, cancelled ones too. */
export const taskBatch = z.strictObject({
  batch_id: z.string(),
  user_id: z.string(),
  created_at: instant,
  total: count,
  counts: taskCounts,
  task_ids: z.array(z.string()),
})

const request = { kind: lineOf(60), input: z.record(z.string(), z.json()).default({}) }
const idempotency_key = lineOf(200)
  .optional()
  .describe('A repeated order with the same key is the first one, and is not done twice')
const existing = z.boolean().describe('Whether an earlier order of the same key is answered')
const taskId = z.strictObject({ task_id: lineOf(100) })
const batchId = z.strictObject({ batch_id: lineOf(100) })
const one = z.strictObject({ task })
const batch = z.strictObject({ batch: taskBatch })

/** Large operations as tasks (row B5): everybody sees his own, administrators all; those of others are not found. */
export const taskRoutes = {
  taskKinds: {
    id: 'taskKinds',
    method: 'GET',
    path: '/api/v1/tasks/kinds',
    summary: 'What can be done as a task, and what each takes',
    role: 'viewer',
    tag: 'tasks',
    data: z.strictObject({
      kinds: z.array(
        z.strictObject({
          kind: z.string(),
          summary: z.string(),
          role: z.enum(['operator', 'admin']),
          max_tries: count,
          input: z.json().describe('JSON Schema'),
        }),
      ),
    }),
  },
  taskQueue: {
    id: 'taskQueue',
    method: 'GET',
    path: '/api/v1/tasks/queue',
    summary: 'How many tasks wait, run and have ended: your own, all, and for administrators by user',
    role: 'viewer',
    tag: 'tasks',
    data: z.strictObject({
      own: taskCounts,
      all: taskCounts,
      users: z.array(z.strictObject({ user_id: z.string(), counts: taskCounts })),
    }),
  },
  taskList: {
    id: 'taskList',
    method: 'GET',
    path: '/api/v1/tasks',
    summary: 'Tasks, the newest first; those that failed for good with status=dead',
    role: 'viewer',
    tag: 'tasks',
    query: z.strictObject({
      ...pageQuery,
      status: taskStatus.optional(),
      user_id: lineOf(200).optional().describe('For administrators; your own otherwise'),
    }),
    data: pageOf(task),
  },
  taskSubmit: {
    id: 'taskSubmit',
    method: 'POST',
    path: '/api/v1/tasks',
    summary: 'Have something done as a task: accepted at once, done by a worker',
    role: 'operator',
    tag: 'tasks',
    audit: 'tasks.submit',
    body: z.strictObject({ ...request, idempotency_key }),
    data: z.strictObject({ task, existing }),
    dataStatuses: [202],
  },
  taskBatchSubmit: {
    id: 'taskBatchSubmit',
    method: 'POST',
    path: '/api/v1/tasks/batches',
    summary: 'Have several things done, all of them accepted or none',
    role: 'operator',
    tag: 'tasks',
    audit: 'tasks.submit-batch',
    body: z.strictObject({ tasks: z.array(z.strictObject(request)).min(1).max(1_000), idempotency_key }),
    data: z.strictObject({ batch: taskBatch, existing }),
    dataStatuses: [202],
  },
  taskBatch: {
    id: 'taskBatch',
    method: 'GET',
    path: '/api/v1/tasks/batches/:batch_id',
    summary: 'A batch and how far it is',
    role: 'viewer',
    tag: 'tasks',
    params: batchId,
    data: batch,
  },
  taskBatchCancel: {
    id: 'taskBatchCancel',
    method: 'POST',
    path: '/api/v1/tasks/batches/:batch_id/cancel',
    summary: 'Cancel what has not ended of a batch',
    role: 'operator',
    tag: 'tasks',
    audit: 'tasks.cancel-batch',
    params: batchId,
    data: batch,
  },
  task: {
    id: 'task',
    method: 'GET',
    path: '/api/v1/tasks/:task_id',
    summary: 'A task with its progress and its steps',
    role: 'viewer',
    tag: 'tasks',
    params: taskId,
    data: one,
  },
  taskCancel: {
    id: 'taskCancel',
    method: 'POST',
    path: '/api/v1/tasks/:task_id/cancel',
    summary: 'Cancel a task: at once while it waits, as soon as it hears of it while it runs',
    role: 'operator',
    tag: 'tasks',
    audit: 'tasks.cancel',
    params: taskId,
    data: one,
  },
  taskFile: {
    id: 'taskFile',
    method: 'GET',
    path: '/api/v1/tasks/:task_id/file',
    summary:
      'The file that a finished export has written, as JSON lines; 404 where this server does not have it',
    role: 'admin',
    tag: 'tasks',
    audit: 'tasks.download',
    params: taskId,
    text: 'application/x-ndjson',
  },
  taskRetry: {
    id: 'taskRetry',
    method: 'POST',
    path: '/api/v1/tasks/:task_id/retry',
    summary: 'Try a dead task again',
    role: 'operator',
    tag: 'tasks',
    audit: 'tasks.retry',
    params: taskId,
    data: one,
  },
} as const satisfies Record<string, Route>
