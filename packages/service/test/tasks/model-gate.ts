import type { Enqueued, TaskEnding, TaskOrder } from '../../src/tasks/gate.ts'
import type { TaskLimits } from '../../src/tasks/settings.ts'
import { type Claim, type TaskCounts, type TaskStatus, noTasks } from '../../src/tasks/task.ts'

/** A task of the model. */
interface ModelTask {
  readonly id: string
  readonly user: string
  readonly maxTries: number
  readonly batch: string | undefined
  status: TaskStatus
  attempt: number
  tries: number
  started: boolean
  cancelRequested: boolean
  leaseUntil: number
  dueAt: number
  endedAt: number
}

/** The gate in the plainest words there are: arrays, and no thought for speed. What stores do is held against it. */
export function modelGate(settings: {
  readonly limits: TaskLimits
  readonly lease: number
  readonly keepFinished: number
  readonly keepDead: number
  readonly now: () => number
}) {
  const { limits, lease, now } = settings
  let tasks: ModelTask[] = []
  /** Users, who was served longest ago first. */
  let line: string[] = []
  const keys = new Map<string, { fingerprint: string; ids: readonly string[]; batch?: string }>()

  const of = (status: TaskStatus, user?: string): ModelTask[] =>
    tasks.filter((task) => task.status === status && (user === undefined || task.user === user))
  const waiting = (user?: string): number => of('pending', user).length + of('delayed', user).length
  const running = ({ id, attempt }: Claim): ModelTask | undefined =>
    tasks.find((task) => task.id === id && task.attempt === attempt && task.status === 'processing')
  const become = (task: ModelTask, status: TaskStatus): TaskStatus => {
    task.status = status
    task.endedAt = now()
    if (status !== 'processing') task.cancelRequested = false
    return status
  }
  function backlog(user: string, more: number): Extract<Enqueued, { outcome: 'backlog' }> | undefined {
    if (waiting(user) + more > limits.backlogPerUser)
      return { outcome: 'backlog', scope: 'user', waiting: waiting(user), limit: limits.backlogPerUser }
    if (waiting() + more > limits.backlog)
      return { outcome: 'backlog', scope: 'global', waiting: waiting(), limit: limits.backlog }
    return undefined
  }

  return {
    enqueue({ user, tasks: given, batch, key }: TaskOrder): Enqueued {
      const named = key && `${user} ${key.value}`
      const known = named === undefined ? undefined : keys.get(named)
      if (known !== undefined) {
        if (known.fingerprint !== key?.fingerprint) return { outcome: 'key-reused' }
        const { ids, batch: made } = known
        return { outcome: 'existing', ids, ...(made === undefined ? {} : { batch: made }) }
      }
      const full = backlog(user, given.length)
      if (full !== undefined) return full
      if (!line.includes(user)) line.push(user)
      const ids = given.map(({ id }) => id)
      const fresh = {
        status: 'pending',
        attempt: 0,
        tries: 0,
        started: false,
        cancelRequested: false,
      } as const
      for (const { id, maxTries } of given)
        tasks.push({ id, user, maxTries, batch, ...fresh, leaseUntil: 0, dueAt: 0, endedAt: 0 })
      const made = { ids, ...(batch === undefined ? {} : { batch }) }
      if (named !== undefined) keys.set(named, { fingerprint: key?.fingerprint ?? '', ...made })
      return { outcome: 'accepted', ...made }
    },
    release(most: number): Claim[] {
      const claims: Claim[] = []
      while (claims.length < most && of('processing').length < limits.global) {
        const user = line.find(
          (name) => of('pending', name).length > 0 && of('processing', name).length < limits.perUser,
        )
        const task = of('pending', user)[0]
        if (user === undefined || task === undefined) break
        line = [...line.filter((name) => name !== user), user]
        Object.assign(task, { status: 'processing', started: false, leaseUntil: now() + lease })
        task.attempt += 1
        task.tries += 1
        claims.push({ id: task.id, attempt: task.attempt })
      }
      return claims
    },
    start(claim: Claim): boolean {
      const task = running(claim)
      if (task === undefined || task.started) return false
      Object.assign(task, { started: true, leaseUntil: now() + lease })
      return true
    },
    beat(claim: Claim): string {
      const task = running(claim)
      if (task === undefined || !task.started) return 'lost'
      task.leaseUntil = now() + lease
      return task.cancelRequested ? 'cancel' : 'go-on'
    },
    finish(claim: Claim, ending: TaskEnding): TaskStatus | 'lost' {
      const task = running(claim)
      if (task === undefined) return 'lost'
      if (task.cancelRequested) return become(task, 'cancelled')
      if (ending.how === 'completed') return become(task, 'completed')
      if (ending.how === 'returned') {
        task.tries -= 1
        return become(task, 'pending')
      }
      if (ending.retryIn === undefined || task.tries >= task.maxTries) return become(task, 'dead')
      task.dueAt = now() + ending.retryIn
      return become(task, 'delayed')
    },
    cancel(id: string): TaskStatus | undefined {
      const task = tasks.find((one) => one.id === id)
      if (task === undefined) return undefined
      if (task.status === 'processing' && task.started) task.cancelRequested = true
      else if (['pending', 'delayed', 'processing'].includes(task.status)) become(task, 'cancelled')
      return task.status
    },
    retry(id: string) {
      const task = of('dead').find((one) => one.id === id)
      if (task === undefined) return undefined
      const full = backlog(task.user, 1)
      if (full !== undefined) return full
      task.tries = 0
      become(task, 'pending')
      return 'retried' as const
    },
    sweep(): { undelivered: Claim[]; moved: number; forgotten: number } {
      const due = of('delayed').filter(({ dueAt }) => dueAt <= now())
      for (const task of due) become(task, 'pending')
      const over = of('processing').filter(({ leaseUntil }) => leaseUntil <= now())
      const lost = over.filter(({ started }) => started)
      for (const task of lost)
        become(task, task.cancelRequested ? 'cancelled' : task.tries < task.maxTries ? 'pending' : 'dead')
      const undelivered = over.filter(({ started }) => !started)
      for (const task of undelivered) task.leaseUntil = now() + lease
      const old = tasks.filter(({ status, endedAt }) => {
        if (status === 'dead') return endedAt + settings.keepDead <= now()
        return ['completed', 'cancelled'].includes(status) && endedAt + settings.keepFinished <= now()
      })
      tasks = tasks.filter((task) => !old.includes(task))
      line = line.filter((user) => tasks.some((task) => task.user === user))
      for (const [name, { ids }] of keys) if (!tasks.some(({ id }) => ids.includes(id))) keys.delete(name)
      return {
        undelivered: undelivered.map(({ id, attempt }) => ({ id, attempt })),
        moved: due.length + lost.length,
        forgotten: old.length,
      }
    },
    counts(user?: string): TaskCounts {
      const counts = { ...noTasks }
      for (const task of tasks) if (user === undefined || task.user === user) counts[task.status] += 1
      return counts
    },
    batch(id: string): TaskCounts | undefined {
      const mine = tasks.filter((task) => task.batch === id)
      if (mine.length === 0) return undefined
      const counts = { ...noTasks }
      for (const { status } of mine) counts[status] += 1
      return counts
    },
    tasks: (): readonly Readonly<ModelTask>[] => tasks,
  }
}
