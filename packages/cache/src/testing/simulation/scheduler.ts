import type { Clock } from '../../clock.ts'

/** A random number generator that a seed repeats (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Due {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Simulated time that every process and the network share: what is due runs one by one, in an order that a seed repeats. */
export interface Scheduler {
  /** Milliseconds since the simulation began. */
  now(): number
  /** Runs something after a delay; returns what cancels it. */
  after(delay: number, run: () => void): () => void
  /** Runs everything due up to an instant. */
  runUntil(instant: number): Promise<void>
  /** A clock of a process: ahead of the scheduler by `skew`, and dead once `alive` says no. */
  clock(skew: number, alive: () => boolean): Clock
  /** How much was run. */
  readonly steps: number
}

/** Lets promises and ticks settle: one turn of the event loop. */
const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** An idle scheduler at 0. */
export function createScheduler(): Scheduler {
  const epoch = Date.UTC(2026, 0, 1)
  let now = 0
  let order = 0
  let steps = 0
  let due: Due[] = []

  const after = (delay: number, run: () => void): (() => void) => {
    const item = { at: now + Math.max(0, delay), order: (order += 1), run }
    // Kept sorted; lists are short.
    let place = due.length
    while (place > 0 && (due[place - 1] as Due).at > item.at) place -= 1
    due.splice(place, 0, item)
    return () => {
      const at = due.indexOf(item)
      if (at >= 0) due.splice(at, 1)
    }
  }

  return {
    now: () => now,
    after,
    async runUntil(instant) {
      await turn()
      for (let first = due[0]; first !== undefined && first.at <= instant; first = due[0]) {
        due = due.slice(1)
        now = Math.max(now, first.at)
        steps += 1
        first.run()
        await turn()
      }
      now = Math.max(now, instant)
    },
    clock: (skew, alive) => ({
      now: () => epoch + now + skew,
      monotonic: () => now,
      setTimeout(callback, delay) {
        const cancel = after(delay, () => {
          if (alive()) callback()
        })
        return { cancel }
      },
    }),
    get steps() {
      return steps
    },
  }
}
