import type { Clock } from '../clock.ts'

/** A clock that only moves when told to. */
export interface FakeClock extends Clock {
  /** Moves time on by so many milliseconds, running what falls due in its order, with promises settled after each. */
  advance(milliseconds: number): Promise<void>
  /** Lets every promise that can settle do so, without moving time. */
  settle(): Promise<void>
  /** Timers that wait. */
  readonly pending: number
}

interface Waiting {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** A fake clock at an instant, 2026-01-01T00:00:00Z unless told. */
export function createFakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start
  let order = 0
  const timers = new Set<Waiting>()
  // Real I/O of a tier under test needs turns of the event loop, not only promise jobs.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const next = (until: number): Waiting | undefined => {
    let first: Waiting | undefined
    for (const timer of timers) {
      if (timer.at > until) continue
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer
    }
    return first
  }
  return {
    now: () => now,
    setTimeout(callback, delay) {
      const timer = { at: now + Math.max(0, delay), order: (order += 1), callback }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
    async advance(milliseconds) {
      const until = now + milliseconds
      await settle()
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.callback()
        await settle()
      }
      now = until
    },
    settle,
    get pending() {
      return timers.size
    },
  }
}
