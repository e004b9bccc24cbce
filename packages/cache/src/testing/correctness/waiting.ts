import { setTimeout as delay } from 'node:timers/promises'

/** A door that stays shut until somebody opens it. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

/** A shut gate. */
export function createGate(): Gate {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}

/** Asks until the answer is true, at most so many milliseconds; whether it came to that. */
export async function until(condition: () => boolean | Promise<boolean>, limit: number): Promise<boolean> {
  const end = performance.now() + limit
  for (;;) {
    if (await condition()) return true
    if (performance.now() >= end) return false
    await delay(5)
  }
}

/** Lets time pass, where time itself is what a row is about: a life, an outage, a loader that takes long. */
export async function elapse(milliseconds: number): Promise<void> {
  await delay(milliseconds)
}

/** What a promise came to, or `late` after so many milliseconds. */
export async function settled<T>(
  promise: Promise<T>,
  limit: number,
): Promise<{ readonly value: T } | { readonly error: unknown } | 'late'> {
  const stop = new AbortController()
  try {
    return await Promise.race([
      promise.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
      delay(limit, 'late' as const, { signal: stop.signal }),
    ])
  } finally {
    stop.abort()
  }
}

/** The worst lateness of a timer while it is watched: what the machine and this process add to any measurement. */
export interface LoopLag {
  /** Milliseconds, as of now. */
  worst(): number
  stop(): void
}

/** Watches the event loop with a timer every 5 ms. */
export function watchLoop(): LoopLag {
  const every = 5
  let worst = 0
  let last = performance.now()
  const measure = (): void => {
    const now = performance.now()
    worst = Math.max(worst, now - last - every)
    last = now
  }
  const timer = setInterval(measure, every)
  return {
    worst() {
      measure()
      return worst
    },
    stop: () => clearInterval(timer),
  }
}
