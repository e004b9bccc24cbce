import { type Cache, onEvent } from '@reprise/cache'

/** A call that others may attach to. */
export interface RunningCall {
  readonly key: string
  /** Whether it was told to overwrite: only calls that want the same attach to it before it has begun. */
  readonly forced: boolean
  /** Whether it has begun to make an answer itself. */
  readonly begun: boolean
  /** Hears that another process makes the answer. */
  waits(): void
}

/** The calls under way of one cache in this process, by key. Who comes after an invalidation never finds one from before it. */
export interface RunningCalls<Call extends RunningCall> {
  find(key: string, forced: boolean): Call | undefined
  add(call: Call): void
  remove(call: Call): void
}

/** No calls. It listens to the cache's events only while there are some, so it need not be closed. */
export function createRunningCalls<Call extends RunningCall>(): RunningCalls<Call> {
  const running = new Map<string, Call>()
  let stops: (() => void)[] = []

  function listen(): void {
    stops = [
      // Marks are rare and calls long: to cut off one call too many costs one call, one too few an old answer.
      onEvent('invalidated', ({ keys, marks }) => cut(marks.length > 0 ? [...running.keys()] : keys)),
      onEvent('log-rejoined', () => cut([...running.keys()])),
      onEvent('lease-waited', ({ key }) => running.get(key)?.waits()),
      onEvent('load-detached', ({ key }) => {
        const call = running.get(key)
        if (call?.begun === true || call?.forced === false) cut([key])
      }),
    ]
  }

  function cut(keys: readonly string[]): void {
    for (const key of keys) running.delete(key)
    if (running.size > 0) return
    for (const stop of stops) stop()
    stops = []
  }

  return {
    find(key, forced) {
      const call = running.get(key)
      return call === undefined || (forced && !call.forced) ? undefined : call
    },
    add(call) {
      running.set(call.key, call)
      if (stops.length === 0) listen()
    },
    remove(call) {
      if (running.get(call.key) === call) cut([call.key])
    },
  }
}

const byCache = new WeakMap<Cache, RunningCalls<RunningCall>>()

/** The calls under way of a cache, whichever middleware began them. */
export function runningCallsOf<Call extends RunningCall>(cache: Cache): RunningCalls<Call> {
  let calls = byCache.get(cache)
  if (calls === undefined) byCache.set(cache, (calls = createRunningCalls()))
  return calls as RunningCalls<Call>
}
