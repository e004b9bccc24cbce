/**
 * Work that goes on after the request that began it: named, counted, bounded in number and time, and drained at the
 * end. One belongs to an application and is made once; a request never makes one. A task ends with its promise: one
 * that does not listen to its signal keeps its place, and is told as lost when the application ends before it.
 */
import { type Clock, systemClock } from './clock.ts'
import { type Duration, milliseconds } from './duration.ts'
import { RepriseError, quote } from './errors.ts'
import { publish } from './events.ts'

/** Where a registry writes its lines: the part of a pino logger that it needs. */
export interface BackgroundLogger {
  debug(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** What a registry is made with. */
export interface BackgroundOptions {
  /** Tasks at a time, at least 1; what comes beyond is refused. @default 100 */
  readonly limit?: number
  /** @default the machine's clock */
  readonly clock?: Clock
  /** Hears of each task's beginning and end, failures as warnings. @default nobody; events are published either way */
  readonly logger?: BackgroundLogger
}

/** One task to run. */
export interface TaskOptions {
  /** After this its signal fires with E_TASK_TIMEOUT; 0 and less at once. @default no limit */
  readonly timeout?: Duration
}

/** Names of tasks by what became of them in a shutdown. */
export interface ShutdownReport {
  /** Ended by themselves in time, well or with an error. */
  readonly finished: readonly string[]
  /** Ended when their signal fired. */
  readonly cancelled: readonly string[]
  /** Had not ended a second after their signal: nobody waits for them any more. */
  readonly lost: readonly string[]
}

/** A task that has not ended. */
export interface RunningTask {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

/** How many tasks have ended how, and how many were not begun. */
export interface EndedCounts {
  readonly finished: number
  readonly failed: number
  readonly timedOut: number
  readonly cancelled: number
  readonly refused: number
}

/** The background work of one application (rows E4, E5). */
export interface Background {
  /** Starts a task; false where there are too many already or the registry is shut down. Its failure is told, never thrown. */
  run(name: string, work: (signal: AbortSignal) => Promise<unknown>, options?: TaskOptions): boolean
  /** Tasks that have not ended. */
  readonly count: number
  /** Their names, oldest first; two tasks may share one. */
  readonly names: readonly string[]
  /** The same with when each began. */
  readonly tasks: readonly RunningTask[]
  /** Since the registry was made. */
  readonly ended: EndedCounts
  /** Tasks at a time. */
  readonly limit: number
  /**
   * Takes no more tasks, waits for those there are at most so many milliseconds, then fires their signals with
   * E_TASK_CANCELLED and waits a second longer. Later calls get the first one's report. @default 30 000
   */
  shutdown(timeoutMs?: number): Promise<ShutdownReport>
}

interface Task extends RunningTask {
  readonly controller: AbortController
  readonly ended: Promise<void>
}

/** How long a task that was cancelled may take to end, in milliseconds. */
const grace = 1_000

/** Makes the registry of an application. @throws E_OPTION_INVALID */
export function createBackground(options: BackgroundOptions = {}): Background {
  const { limit = 100, clock = systemClock, logger } = options
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RepriseError('E_OPTION_INVALID', `limit is ${quote(limit)}: give a whole number of 1 or more`)
  const tasks = new Set<Task>()
  const outcomes = { finished: 0, failed: 0, timedOut: 0, cancelled: 0, refused: 0 }
  let report: Promise<ShutdownReport> | undefined

  const told = (name: string, startedAt: number, timeout: number, error?: unknown): void => {
    const took = clock.now() - startedAt
    const outcome = error === undefined ? 'finished' : outcomeOf(error)
    const facts = { task: name, outcome, milliseconds: took }
    outcomes[outcome === 'timed-out' ? 'timedOut' : outcome] += 1
    if (error === undefined) logger?.debug(facts, `background: ${name} finished`)
    else if (outcome === 'timed-out')
      logger?.warn(facts, `background: ${name} took longer than ${timeout} ms`)
    else logger?.warn({ ...facts, err: error }, `background: ${name} ${outcome}`)
    publish('background-ended', {
      task: name,
      outcome,
      milliseconds: took,
      ...(error === undefined ? {} : { error }),
    })
  }

  function start(name: string, work: (signal: AbortSignal) => Promise<unknown>, timeout: number): void {
    const controller = new AbortController()
    const startedAt = clock.now()
    const late = (): void =>
      controller.abort(new RepriseError('E_TASK_TIMEOUT', `"${name}" took longer than its ${timeout} ms`))
    const timer = timeout === Infinity ? undefined : clock.setTimeout(late, timeout, { background: true })
    logger?.debug({ task: name }, `background: ${name} started`)
    publish('background-started', { task: name })
    const run = async (): Promise<void> => {
      try {
        await work(controller.signal)
        told(name, startedAt, timeout)
      } catch (error) {
        // A task that was told to end may say so in words of its own.
        told(name, startedAt, timeout, controller.signal.aborted ? controller.signal.reason : error)
      } finally {
        timer?.cancel()
        tasks.delete(task)
      }
    }
    const task: Task = { name, startedAt, controller, ended: Promise.resolve().then(run) }
    tasks.add(task)
  }

  async function drain(timeoutMs: number): Promise<ShutdownReport> {
    const all = [...tasks]
    const open = (): Task[] => all.filter((task) => tasks.has(task))
    await endOf(all, timeoutMs)
    const late = open()
    for (const { name, controller } of late) {
      const reason = `"${name}" was cancelled: the application ended, and it was not done within ${timeoutMs} ms`
      controller.abort(new RepriseError('E_TASK_CANCELLED', reason))
    }
    await endOf(late, grace)
    const lost = open()
    for (const { name } of lost) logger?.warn({ task: name, outcome: 'lost' }, `background: ${name} was lost`)
    const names = (some: readonly Task[]): string[] => some.map(({ name }) => name)
    return {
      finished: names(all.filter((task) => !late.includes(task))),
      cancelled: names(late.filter((task) => !lost.includes(task))),
      lost: names(lost),
    }
  }

  /** Resolves when these tasks have ended, or after so many milliseconds. */
  async function endOf(some: readonly Task[], wait: number): Promise<void> {
    if (some.length === 0) return
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, wait)
      void Promise.all(some.map(async ({ ended }) => ended)).then(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  return {
    run(name, work, { timeout = Infinity } = {}) {
      const longest = timeout === Infinity ? Infinity : milliseconds(timeout, 'timeout')
      const reason = report !== undefined ? 'shut-down' : tasks.size >= limit ? 'full' : undefined
      if (reason === undefined) {
        start(name, work, longest)
        return true
      }
      outcomes.refused += 1
      logger?.warn({ task: name, reason, limit }, `background: ${name} refused, the registry is ${reason}`)
      publish('background-refused', { task: name, reason })
      return false
    },
    get count() {
      return tasks.size
    },
    get names() {
      return [...tasks].map(({ name }) => name)
    },
    get tasks() {
      return [...tasks].map(({ name, startedAt }) => ({ name, startedAt }))
    },
    get ended() {
      return { ...outcomes }
    },
    limit,
    shutdown: (timeoutMs = 30_000) => (report ??= drain(timeoutMs)),
  }
}

function outcomeOf(error: unknown): 'failed' | 'timed-out' | 'cancelled' {
  if (RepriseError.is(error, 'E_TASK_TIMEOUT')) return 'timed-out'
  return RepriseError.is(error, 'E_TASK_CANCELLED') ? 'cancelled' : 'failed'
}
