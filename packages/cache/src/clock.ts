/** Time as the engine sees it; `@reprise/cache/testing` has one that only moves when told to. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Milliseconds of a clock that never jumps, from any start. @default now() */
  monotonic?(): number
  /** Runs a callback once after a delay in milliseconds. A `background` one does not keep the process alive. */
  setTimeout(callback: () => void, delay: number, options?: { readonly background?: boolean }): Timer
}

/** A pending callback of a clock. */
export interface Timer {
  cancel(): void
}

/** Longest delay that a platform timer can take; longer ones are waited for in steps. */
const longestDelay = 2 ** 31 - 1

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(callback, delay, { background = false } = {}) {
    let handle: NodeJS.Timeout
    const wait = (left: number): void => {
      const step = Math.min(left, longestDelay)
      handle = setTimeout(() => (left > step ? wait(left - step) : callback()), step)
      if (background) handle.unref()
    }
    wait(Math.max(0, delay))
    return { cancel: () => clearTimeout(handle) }
  },
}

/** Randomness as the engine sees it: a number in [0, 1). */
export type Random = () => number
