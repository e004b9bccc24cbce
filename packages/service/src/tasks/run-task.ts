import type { Clock, Random, Timer } from '@reprise/cache'
import { TaskError } from './errors.ts'
import type { TaskEnding, TaskGate } from './gate.ts'
import { jsonText } from './json-text.ts'
import type { KindSettings, TaskKinds, TaskLog } from './kind.ts'
import { type ProgressRecord, recordProgress } from './progress.ts'
import type { OnTaskNews } from './news.ts'
import type { Claim, TaskRecord, TaskStatus } from './task.ts'
import { inSpan } from '../telemetry/spans.ts'

/** What a run works with. */
export interface RunOptions {
  readonly gate: TaskGate
  readonly kinds: TaskKinds
  /** Milliseconds. */
  readonly lease: number
  readonly clock: Clock
  readonly random: Random
  readonly log: TaskLog
  /** Ends the run, with the reason that its task hears. */
  readonly controller: AbortController
  /** Hears of a task that ended for good here. */
  readonly onEnded?: ((end: TaskEnd) => Promise<void>) | undefined
  /** Hears of its start, its progress as it is sent on, and the end of the run. */
  readonly onNews?: OnTaskNews | undefined
}

/** How a task came to its end in this process. */
export interface TaskEnd {
  readonly task: TaskRecord
  readonly status: 'completed' | 'dead' | 'cancelled'
  readonly error: string | undefined
  /** Milliseconds of the last run. */
  readonly took: number
}

/** How long progress is held back, so that a task that tells much costs little, in milliseconds. */
const hold = 250
/** The longest summary that a task may leave, in characters of JSON. */
const longestResult = 65_536

/**
 * Carries out one claim: begins it, keeps its lease, sends on its progress, ends it. Never rejects: what cannot be told
 * to the gate is found by its lease.
 */
export async function runTask(claim: Claim, options: RunOptions): Promise<void> {
  const { gate, log } = options
  const facts = { task: claim.id, attempt: claim.attempt }
  try {
    const sentAt = monotonic(options.clock)
    const task = await gate.start(claim)
    if (task === undefined) return
    options.onNews?.(task, { event: 'started', status: 'processing' })
    const keeper = keepLease(task, sentAt, options)
    const startedAt = options.clock.now()
    const ending = await outcome(task, keeper.record, options)
    keeper.stop()
    if (keeper.lost()) return log.warn(facts, `task ${task.kind} was lost: its lease could not be renewed`)
    const became = await tellEnd(claim, ending, { ...options, until: keeper.until })
    const took = options.clock.now() - startedAt
    if (became !== 'lost') options.onNews?.(task, { event: 'ended', status: became, took })
    const error = ending.how === 'failed' ? ending.error : undefined
    const line = { ...facts, kind: task.kind, user: task.user, milliseconds: took }
    if (became === 'completed' || became === 'cancelled') log.info(line, `task ${task.kind} ${became}`)
    else log.warn({ ...line, ...(error === undefined ? {} : { error }) }, `task ${task.kind} ${became}`)
    if (became === 'completed' || became === 'dead' || became === 'cancelled') {
      await options.onEnded?.({ task, status: became, error, took }).catch((cause: unknown) => {
        log.warn({ ...line, err: cause }, `the end of task ${task.kind} could not be told`)
      })
    }
  } catch (error) {
    log.warn({ ...facts, err: error }, 'a task could not be carried out: its lease will end')
  }
}

/** Runs the task itself, to how it ended. */
async function outcome(
  task: TaskRecord,
  record: ProgressRecord,
  { kinds, clock, random, log, controller }: RunOptions,
): Promise<TaskEnding> {
  const { signal } = controller
  let settings: KindSettings | undefined
  let timer: Timer | undefined
  try {
    settings = kinds.find(task.kind)
    const { kind, timeout } = settings
    const late = (): void =>
      controller.abort(new TaskError('E_TASKS_TIMEOUT', `${task.kind} took longer than its ${timeout} ms`))
    if (timeout !== Infinity) timer = clock.setTimeout(late, timeout, { background: true })
    const checked = kind.input.safeParse(task.input)
    if (!checked.success) throw new TaskError('E_TASKS_INPUT', `${task.kind} no longer takes its input`)
    const context = {
      signal,
      id: task.id,
      user: { id: task.user, username: task.username },
      tries: task.tries,
      log,
      progress: record.progress,
      step: record.step,
    }
    const attributes = { 'reprise.task': task.kind, 'reprise.tries': task.tries }
    const result = await inSpan('reprise.task', attributes, () => kind.run(checked.data, context))
    const { length } = jsonText(result)
    if (length > longestResult) {
      throw new TaskError(
        'E_TASKS_OPTION',
        `${task.kind} left a summary of ${length} characters: leave a small one`,
      )
    }
    return { how: 'completed', result, progress: record.current() }
  } catch (thrown) {
    const progress = record.current()
    if (TaskError.is(signal.reason, 'E_TASKS_STOPPED')) return { how: 'returned', progress }
    // A task that was told to end may say so in words of its own.
    const error: unknown = signal.aborted ? signal.reason : thrown
    const message = error instanceof Error ? error.message : String(error)
    const first = isRetryable(error) ? settings?.backoff : undefined
    const wait = first === undefined ? undefined : first * 2 ** (task.tries - 1) * (0.5 + random() / 2)
    return {
      how: 'failed',
      error: message.slice(0, 2_000),
      progress,
      ...(wait === undefined ? {} : { retryIn: Math.round(Math.min(wait, 3_600_000)) }),
    }
  } finally {
    timer?.cancel()
  }
}

function isRetryable(error: unknown): boolean {
  return !(error instanceof Error && 'retryable' in error && error.retryable === false)
}

const monotonic = (clock: Clock): number => clock.monotonic?.() ?? clock.now()

/**
 * Renews the lease of a run at a third of its length, and sends progress on. When the gate was not heard for a lease, or
 * says that the run is lost, the task is told to end: somebody else may have it.
 */
function keepLease(task: TaskRecord, sentAt: number, { gate, lease, clock, controller, onNews }: RunOptions) {
  let heardAt = sentAt
  let stopped = false
  let timer: Timer | undefined
  let soon: Timer | undefined
  const end = (code: 'E_TASKS_CANCELLED' | 'E_TASKS_LOST', why: string): void =>
    controller.abort(new TaskError(code, why))
  const record = recordProgress(
    () => clock.now(),
    () => {
      if (!stopped) soon ??= clock.setTimeout(() => void beat(), hold, { background: true })
    },
  )

  async function beat(): Promise<void> {
    soon?.cancel()
    soon = undefined
    timer?.cancel()
    const asked = monotonic(clock)
    try {
      const progress = record.take()
      if (progress !== undefined) onNews?.(task, { event: 'progress', status: 'processing', progress })
      const heard = await gate.beat(task, progress)
      heardAt = asked
      if (heard === 'cancel') end('E_TASKS_CANCELLED', 'the task was cancelled')
      if (heard === 'lost') end('E_TASKS_LOST', 'somebody else has the task')
    } catch {
      if (monotonic(clock) - heardAt >= lease)
        end('E_TASKS_LOST', `the lease could not be renewed for ${lease} ms`)
    }
    arm()
  }
  function arm(): void {
    timer?.cancel()
    if (!stopped) timer = clock.setTimeout(() => void beat(), lease / 3, { background: true })
  }
  arm()

  return {
    record,
    stop() {
      stopped = true
      timer?.cancel()
      soon?.cancel()
    },
    lost: () => TaskError.is(controller.signal.reason, 'E_TASKS_LOST'),
    /** The instant on the monotonic clock until which the run is ours. */
    get until() {
      return heardAt + lease
    },
  }
}

/** Tells the gate how a run ended; while it cannot be reached, again and again until the lease is over. */
async function tellEnd(
  claim: Claim,
  ending: TaskEnding,
  { gate, clock, until }: RunOptions & { readonly until: number },
): Promise<TaskStatus | 'lost'> {
  for (let pause = 50; ; pause *= 2) {
    try {
      return await gate.finish(claim, ending)
    } catch (error) {
      if (monotonic(clock) + pause >= until) throw error
      await new Promise<void>((resolve) => clock.setTimeout(resolve, pause))
    }
  }
}
