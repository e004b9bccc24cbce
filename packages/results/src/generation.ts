import type { Clock, Timer } from '@reprise/cache'
import { beat, fail } from './begin.ts'
import type { Content } from './content.ts'
import { ResultsError } from './errors.ts'
import { finalize } from './finalize.ts'
import { observe } from './read.ts'
import { type ResultRecord, type ResultRow, type StoredResult, toResult } from './result.ts'
import { shown } from './place.ts'
import { type Store, assertOpen } from './store.ts'

/** A generation of this process. Its lease is kept by heartbeats until it is finalized, failed or let go. */
export interface Generation<Value = unknown, Input = unknown> {
  readonly role: 'generator'
  readonly id: number
  readonly type: string
  readonly target: string
  /** Fires when the generation is lost: taken over, invalidated, or the results are closed. */
  readonly signal: AbortSignal
  /** Makes the result valid. @throws E_RESULT_FENCED, E_RESULT_INVALIDATED, E_RESULT_VALUE, E_RESULT_OPTION */
  finalize(value: Input, content?: Content): Promise<StoredResult<Value>>
  /** Ends it without a value. @throws E_RESULT_FENCED */
  fail(reason: unknown): Promise<void>
  /** Stops the heartbeats and leaves the row as it is, for another process that has its id. */
  letGo(): void
}

/** A generation of `getOrGenerate`, which may find that another result still holds. */
export interface OwnGeneration extends Generation {
  finalize(value: unknown, content?: Content, renews?: number): Promise<StoredResult>
  /** `abandoned` lets whoever waits try again. */
  fail(reason: unknown, abandoned?: boolean): Promise<void>
}

/** Somebody else's generation of the same target. */
export interface JoinedGeneration<Value = unknown> {
  readonly role: 'joined'
  readonly id: number
  readonly type: string
  readonly target: string
  readonly holder: string
  /** The result it comes to. @throws E_RESULT_FAILED, E_RESULT_INVALIDATED, E_RESULT_FENCED when its generator died; the signal's reason */
  result(options?: { readonly signal?: AbortSignal }): Promise<StoredResult<Value>>
}

/** What no repetition can mend: the generation is over. */
const final = ['E_RESULT_FENCED', 'E_RESULT_INVALIDATED', 'E_RESULT_UNKNOWN'] as const
const isFinal = (error: unknown): boolean => final.some((code) => ResultsError.is(error, code))

/** Keeps the lease of a generation that this process began. */
export function keep(store: Store, { id, site, type, target }: ResultRecord): OwnGeneration {
  const controller = new AbortController()
  let timer: Timer | undefined
  let tellOver = (_error: unknown): void => {}
  const over = new Promise<unknown>((resolve) => (tellOver = resolve))

  function stop(error?: unknown): void {
    timer?.cancel()
    if (!store.generations.delete(id)) return
    tellOver(error)
  }

  function end(error: ResultsError): void {
    stop(error)
    controller.abort(error)
  }

  async function beatOnce(): Promise<void> {
    try {
      if (await beat(store, site, id)) return schedule()
    } catch (error) {
      store.warn(`the lease of result ${id} was not renewed`, error)
      return schedule()
    }
    const lost = `result ${id}, ${shown({ site, type, target })}, was taken over or is finished: it takes no value any more`
    if (store.generations.has(id)) end(new ResultsError('E_RESULT_FENCED', lost))
  }

  function schedule(): void {
    if (!store.generations.has(id)) return
    timer = store.clock.setTimeout(() => void beatOnce(), store.settings.lease / 3, { background: true })
  }

  store.generations.set(id, { site, end, over })
  schedule()
  return {
    role: 'generator',
    id,
    type,
    target,
    signal: controller.signal,
    async finalize(value, content = {}, renews) {
      try {
        const result = await finalize(store, id, { site, type, value, content, renews })
        stop()
        return result
      } catch (error) {
        if (isFinal(error)) end(error as ResultsError)
        throw error
      }
    },
    async fail(reason, abandoned = false) {
      try {
        await fail(store, id, { site, reason, abandoned })
        stop(reason)
      } catch (error) {
        if (isFinal(error)) end(error as ResultsError)
        throw error
      }
    },
    letGo: () => stop(),
  }
}

/** How somebody's generation ended, as who waits for it sees it. */
export type Ending =
  | { readonly kind: 'valid'; readonly result: StoredResult }
  | {
      readonly kind: 'lost' | 'failed' | 'invalidated'
      readonly row: ResultRow | undefined
      readonly cause?: unknown
    }

const shortestPoll = 20
const longestPoll = 500

/** Waits for the end of a generation: at once when it is of this process, else by looking, 20 ms to 500 ms apart. */
export async function follow(
  store: Store,
  { id, site }: ResultRecord,
  signal?: AbortSignal,
): Promise<Ending> {
  let cause: unknown
  for (let poll = shortestPoll; ; poll = Math.min(longestPoll, poll * 1.5)) {
    signal?.throwIfAborted()
    assertOpen(store)
    const local = store.generations.get(id)?.over
    void local?.then((error) => (cause = error))
    const seen = await observe(store, site, id)
    if (seen === undefined) return { kind: 'lost', row: undefined }
    const { row, alive } = seen
    if (row.status === 'valid' || row.status === 'expired') return { kind: 'valid', result: toResult(row) }
    if (row.status === 'invalidated') return { kind: 'invalidated', row }
    if (!alive && (row.status === 'generating' || row.abandoned)) return { kind: 'lost', row }
    if (row.status === 'failed') {
      if (local !== undefined) await pause(store.clock, { milliseconds: shortestPoll, until: local, signal })
      return { kind: 'failed', row, cause }
    }
    await pause(store.clock, { milliseconds: poll, until: local, signal })
  }
}

/** Waits until a promise or a signal, no longer than some milliseconds. */
export function pause(
  clock: Clock,
  {
    milliseconds,
    until,
    signal,
  }: {
    readonly milliseconds: number
    readonly until?: Promise<unknown> | undefined
    readonly signal?: AbortSignal | undefined
  },
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
    if (until !== undefined) void after(until, done)
  })
}

async function after(promise: Promise<unknown>, call: () => void): Promise<void> {
  await promise
  call()
}

/** What who waits for a generation is told when it came to nothing. */
export function endingError(record: ResultRecord, ending: Exclude<Ending, { kind: 'valid' }>): ResultsError {
  const { id, holder } = record
  const which = `result ${id}, ${shown(record)}, generated by ${holder},`
  const cause = ending.cause === undefined ? {} : { cause: ending.cause }
  if (ending.kind === 'failed') {
    return new ResultsError(
      'E_RESULT_FAILED',
      `${which} failed: ${ending.row?.failure ?? 'it is gone'}`,
      cause,
    )
  }
  if (ending.kind === 'invalidated') {
    return new ResultsError(
      'E_RESULT_INVALIDATED',
      `${which} was invalidated while it was generated: begin again`,
    )
  }
  return new ResultsError('E_RESULT_FENCED', `${which} lost its generator: begin again to take over`)
}
