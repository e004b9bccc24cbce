import { type Clock, type Duration, type Random, type Timer, milliseconds, systemClock } from '@reprise/cache'
import { TaskError } from './errors.ts'
import type { TaskKinds, TaskLog } from './kind.ts'
import { type RunOptions, runTask } from './run-task.ts'
import type { TaskRunner } from './runner.ts'
import { wholeNumber } from './settings.ts'

/** What a worker is made with. */
export interface WorkerOptions extends Pick<RunOptions, 'onEnded' | 'onNews'> {
  readonly runner: TaskRunner
  readonly kinds: TaskKinds
  /** Tasks that this process runs at a time. @default 4 */
  readonly concurrency?: number
  /** How often what is stuck is looked for, and what is due. @default '1s' */
  readonly sweepEvery?: Duration
  /** @default the machine's clock */
  readonly clock?: Clock
  /** Randomness of the pauses between tries. @default Math.random */
  readonly random?: Random
  /** @default nobody hears */
  readonly log?: TaskLog
  /** Called at every sweep, for what is to be done now and then. */
  readonly onSweep?: () => Promise<void>
}

/** What became of the tasks of a worker that stopped. */
export interface WorkerReport {
  /** Ended by themselves in time. */
  readonly finished: number
  /** Told to end: given back, unless they finished nevertheless. */
  readonly returned: number
  /** Did not end a second after they were told to: others take them over when their leases are over. */
  readonly lost: number
}

/** A process' share of the work. */
export interface TaskWorker {
  /** Tasks that it runs now. */
  readonly running: number
  /** Takes nothing more, waits at most so many milliseconds, tells what still runs to end, and gives it back. @default 10_000 */
  stop(timeout?: number): Promise<WorkerReport>
}

/** How long a task that was told to end may take, in milliseconds. */
const grace = 1_000

/** Starts to take tasks. Rejects when the runner cannot be reached. @throws E_TASKS_OPTION */
export async function createWorker(options: WorkerOptions): Promise<TaskWorker> {
  const { runner, kinds, clock = systemClock, random = Math.random, log = silent } = options
  const { onSweep, onEnded, onNews } = options
  const concurrency = wholeNumber('concurrency', options.concurrency ?? 4)
  const every = milliseconds(options.sweepEvery ?? '1s', 'sweepEvery')
  const running = new Map<string, AbortController>()
  let timer: Timer | undefined
  let stopped: Promise<WorkerReport> | undefined
  let sweeping: Promise<void> | undefined

  const delivery = await runner.deliver({
    concurrency,
    async run(claim) {
      const controller = new AbortController()
      const name = `${claim.id}.${claim.attempt}`
      running.set(name, controller)
      await runTask(claim, {
        gate: runner.gate,
        kinds,
        lease: runner.lease,
        clock,
        random,
        log,
        controller,
        onEnded,
        onNews,
      })
      running.delete(name)
    },
    onCancel(id) {
      for (const [name, controller] of running)
        if (name.startsWith(`${id}.`))
          controller.abort(new TaskError('E_TASKS_CANCELLED', 'the task was cancelled'))
    },
    onError: (error) => log.warn({ err: error }, 'tasks: the store did not answer; it is tried again'),
  })

  async function sweep(): Promise<void> {
    try {
      await delivery.sweep()
      await onSweep?.()
    } catch (error) {
      log.warn({ err: error }, 'tasks: a sweep went wrong; it is repeated')
    }
  }
  function arm(): void {
    if (stopped !== undefined) return
    const tick = (): void => {
      sweeping = sweep().finally(arm)
    }
    timer = clock.setTimeout(tick, every, { background: true })
  }
  sweeping = sweep().finally(arm)

  async function stop(timeout: number): Promise<WorkerReport> {
    timer?.cancel()
    const begun = running.size
    const ended = delivery.stop()
    await within(clock, ended, timeout)
    const late = [...running.values()]
    const reason = new TaskError('E_TASKS_STOPPED', 'the worker stops: the task is given back')
    for (const controller of late) controller.abort(reason)
    if (late.length > 0) await within(clock, ended, grace)
    const lost = running.size
    if (lost === 0) await ended
    await sweeping
    return { finished: begun - late.length, returned: late.length - lost, lost }
  }
  return {
    get running() {
      return running.size
    },
    stop: (timeout = 10_000) => (stopped ??= stop(timeout)),
  }
}

const silent: TaskLog = { info: () => {}, warn: () => {} }

/** Resolves when the promise has settled, or after so many milliseconds. */
async function within(clock: Clock, promise: Promise<unknown>, timeout: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = clock.setTimeout(resolve, timeout)
    const settled = (): void => {
      timer.cancel()
      resolve()
    }
    promise.then(settled, settled)
  })
}
