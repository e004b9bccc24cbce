import { createHash, randomUUID } from 'node:crypto'
import type { Caller } from '../auth/authenticate.ts'
import { TaskError } from './errors.ts'
import type { Enqueued, UserQueue } from './gate.ts'
import { jsonText } from './json-text.ts'
import type { TaskKinds } from './kind.ts'
import type { OnTaskNews } from './news.ts'
import type { TaskRunner } from './runner.ts'
import type { TaskBatch, TaskCounts, TaskRecord, TaskStatus } from './task.ts'

/** Who asks: a caller of the API, or a program with a role of its own. */
export type TaskCaller = Pick<Caller, 'id' | 'username' | 'role'>

/** One thing to be done. */
export interface TaskRequest {
  readonly kind: string
  readonly input: unknown
}

/** The tasks of an application, as callers see them: everybody their own, administrators all. */
export interface Tasks {
  readonly kinds: TaskKinds
  /**
   * Takes a task; repeated with the same key it is the first one. `existing` says so.
   * @throws E_TASKS_KIND, E_TASKS_INPUT, E_TASKS_ROLE, E_TASKS_BACKLOG, E_TASKS_KEY_REUSED
   */
  submit(
    caller: TaskCaller,
    request: TaskRequest,
    key?: string,
  ): Promise<{ readonly task: TaskRecord; readonly existing: boolean }>
  /** Takes all of these or none. @throws as `submit` does, naming the place of the bad one */
  submitBatch(
    caller: TaskCaller,
    requests: readonly TaskRequest[],
    key?: string,
  ): Promise<{ readonly batch: TaskBatch; readonly existing: boolean }>
  /** @throws E_TASKS_UNKNOWN */
  find(caller: TaskCaller, id: string): Promise<TaskRecord>
  /** The newest first; another user's only for administrators, who get those of all without one. */
  list(
    caller: TaskCaller,
    page: {
      readonly user?: string | undefined
      readonly status?: TaskStatus | undefined
      /** Only those that came before this place. */
      readonly before?: number | undefined
      readonly limit: number
    },
  ): Promise<readonly TaskRecord[]>
  /** @throws E_TASKS_UNKNOWN */
  batch(caller: TaskCaller, id: string): Promise<TaskBatch>
  /** Cancels what waits; what runs is told to end and is cancelled then. @throws E_TASKS_UNKNOWN, E_TASKS_STATE */
  cancel(caller: TaskCaller, id: string): Promise<TaskRecord>
  /** Cancels what has not ended of a batch. @throws E_TASKS_UNKNOWN */
  cancelBatch(caller: TaskCaller, id: string): Promise<TaskBatch>
  /** Gives a dead task all its tries again. @throws E_TASKS_UNKNOWN, E_TASKS_STATE, E_TASKS_BACKLOG */
  retry(caller: TaskCaller, id: string): Promise<TaskRecord>
  /** How many tasks there are, of the caller and of all; users who have some waiting or running, for administrators. */
  queue(caller: TaskCaller): Promise<{
    readonly own: TaskCounts
    readonly all: TaskCounts
    readonly users: readonly UserQueue[]
  }>
}

const ended: readonly TaskStatus[] = ['completed', 'dead', 'cancelled']

/** Puts a runner and kinds together. `onError` hears when workers could not be woken: they come by themselves then. */
export function createTasks(options: {
  readonly runner: TaskRunner
  readonly kinds: TaskKinds
  readonly onError?: (error: unknown) => void
  /** Hears of tasks that are accepted, and of those cancelled while they wait. */
  readonly onNews?: OnTaskNews | undefined
}): Tasks {
  const { runner, kinds, onError = () => {}, onNews } = options
  const { gate } = runner

  /** `index` is its place in a batch; undefined for one alone. */
  function check(caller: TaskCaller, { kind, input }: TaskRequest, index: number | undefined) {
    const place = index === undefined ? '' : ` (task ${index + 1} of the batch)`
    const within = index === undefined ? [] : ['tasks', index]
    const settings = kinds.find(kind)
    if (settings.role === 'admin' && caller.role !== 'admin')
      throw new TaskError(
        'E_TASKS_ROLE',
        `${kind}${place} needs the role admin; ${caller.username} is ${caller.role}`,
      )
    const checked = settings.kind.input.safeParse(input)
    if (!checked.success) {
      const details = checked.error.issues.slice(0, 5).map(({ path, message }) => ({
        field: [...within, 'input', ...path].map(String).join('.'),
        message,
      }))
      const why = details.map(({ field, message }) => `${field}: ${message}`).join('; ')
      const message = `The input of ${kind}${place} is not acceptable: ${why}`
      throw new TaskError('E_TASKS_INPUT', message, { details })
    }
    return { id: randomUUID(), kind, input, maxTries: settings.maxTries }
  }

  async function enqueue(
    caller: TaskCaller,
    requests: readonly TaskRequest[],
    more: { readonly key: string | undefined; readonly batch?: string },
  ) {
    const tasks = requests.map((request, index) =>
      check(caller, request, more.batch === undefined ? undefined : index),
    )
    const said = tasks.map(({ kind, input }) => ({ kind, input }))
    const fingerprint = createHash('sha256').update(jsonText(said)).digest('base64url')
    const told = await gate.enqueue({
      user: caller.id,
      username: caller.username,
      tasks,
      ...(more.batch === undefined ? {} : { batch: more.batch }),
      ...(more.key === undefined ? {} : { key: { value: more.key, fingerprint } }),
    })
    if (told.outcome === 'key-reused') {
      throw new TaskError(
        'E_TASKS_KEY_REUSED',
        `The idempotency key ${JSON.stringify(more.key)} belongs to another order: give each order a key of its own`,
      )
    }
    if (told.outcome === 'backlog') throw backlogError(told, tasks.length)
    if (told.outcome === 'accepted')
      for (const { id, kind } of tasks)
        onNews?.({ id, kind, username: caller.username }, { event: 'accepted', status: 'pending' })
    await wake()
    return told
  }

  /** Losing this costs a moment until the next sweep, and the order stands: so it is not an error of the order. */
  const wake = (): Promise<void> => runner.wake().catch(onError)

  async function own(caller: TaskCaller, id: string): Promise<TaskRecord> {
    const task = await gate.find(id)
    if (task !== undefined && (task.user === caller.id || caller.role === 'admin')) return task
    throw new TaskError('E_TASKS_UNKNOWN', `There is no task ${JSON.stringify(id)}`)
  }

  async function ownBatch(caller: TaskCaller, id: string): Promise<TaskBatch> {
    const batch = await gate.batch(id)
    if (batch !== undefined && (batch.user === caller.id || caller.role === 'admin')) return batch
    throw new TaskError('E_TASKS_UNKNOWN', `There is no batch ${JSON.stringify(id)}`)
  }

  async function end(id: string): Promise<TaskRecord | undefined> {
    const task = await gate.cancel(id)
    if (task?.status === 'cancelled') onNews?.(task, { event: 'ended', status: 'cancelled' })
    if (task?.cancelRequested === true) await runner.announceCancel(id).catch(onError)
    return task
  }

  const tasks: Tasks = {
    kinds,
    async submit(caller, request, key) {
      const told = await enqueue(caller, [request], { key })
      return { task: await own(caller, told.ids[0] ?? ''), existing: told.outcome === 'existing' }
    },
    async submitBatch(caller, requests, key) {
      const told = await enqueue(caller, requests, { key, batch: randomUUID() })
      return { batch: await ownBatch(caller, told.batch ?? ''), existing: told.outcome === 'existing' }
    },
    find: own,
    async list(caller, { user, status, before, limit }) {
      const whose = caller.role === 'admin' ? user : caller.id
      if (user !== undefined && user !== whose) return []
      return gate.list({
        limit,
        ...(whose === undefined ? {} : { user: whose }),
        ...(status === undefined ? {} : { status }),
        ...(before === undefined ? {} : { before }),
      })
    },
    batch: ownBatch,
    async cancel(caller, id) {
      const { status } = await own(caller, id)
      if (status !== 'cancelled' && ended.includes(status))
        throw new TaskError('E_TASKS_STATE', `Task ${id} is ${status}: it cannot be cancelled any more`)
      const task = await end(id)
      await wake()
      return task ?? own(caller, id)
    },
    async cancelBatch(caller, id) {
      const batch = await ownBatch(caller, id)
      for (const task of batch.tasks) await end(task)
      await wake()
      return ownBatch(caller, id)
    },
    async retry(caller, id) {
      const { status } = await own(caller, id)
      const told = await gate.retry(id)
      if (told === undefined)
        throw new TaskError('E_TASKS_STATE', `Task ${id} is ${status}: only a dead one can be retried`)
      if (told !== 'retried') throw backlogError(told, 1)
      await wake()
      return own(caller, id)
    },
    async queue(caller) {
      const [mine, all, users] = await Promise.all([
        gate.counts(caller.id),
        gate.counts(),
        caller.role === 'admin' ? gate.queues() : [],
      ])
      return { own: mine, all, users }
    },
  }
  return tasks
}

function backlogError(
  { scope, waiting, limit }: Extract<Enqueued, { outcome: 'backlog' }>,
  more: number,
): TaskError {
  const whose = scope === 'user' ? 'of yours' : 'in all'
  return new TaskError(
    'E_TASKS_BACKLOG',
    `${waiting} tasks ${whose} wait already and at most ${limit} may: none of these ${more} was accepted; try again when some are done`,
    { retryAfter: 5_000 },
  )
}
