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

/** What a set of running calls does on hearing an event. */
interface Hearer {
  /** Every call is cut off from those who come later. */
  cutAll(): void
  cut(keys: readonly string[]): void
  waits(key: string): void
  detached(key: string): void
}

/** Those that have calls under way, so that none need be closed. */
const hearers = new Set<Hearer>()
let listening = false

/** The events are heard once for all: to begin and to end listening would cost more than a hit. */
function listen(): void {
  if (listening) return
  listening = true
  // Marks are rare and calls long: to cut off one call too many costs one call, one too few an old answer.
  onEvent('invalidated', ({ keys, marks }) => {
    for (const one of hearers)
      if (marks.length > 0) one.cutAll()
      else one.cut(keys)
  })
  onEvent('log-rejoined', () => {
    for (const one of hearers) one.cutAll()
  })
  onEvent('lease-waited', ({ key }) => {
    for (const one of hearers) one.waits(key)
  })
  onEvent('load-detached', ({ key }) => {
    for (const one of hearers) one.detached(key)
  })
}

/** No calls. */
export function createRunningCalls<Call extends RunningCall>(): RunningCalls<Call> {
  const running = new Map<string, Call>()

  function cut(keys: Iterable<string>): void {
    for (const key of keys) running.delete(key)
    if (running.size === 0) hearers.delete(hearer)
  }

  const hearer: Hearer = {
    cutAll: () => cut([...running.keys()]),
    cut,
    waits: (key) => running.get(key)?.waits(),
    detached(key) {
      const call = running.get(key)
      if (call?.begun === true || call?.forced === false) cut([key])
    },
  }

  return {
    find(key, forced) {
      const call = running.get(key)
      return call === undefined || (forced && !call.forced) ? undefined : call
    },
    add(call) {
      running.set(call.key, call)
      hearers.add(hearer)
      listen()
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
