import type { Clock } from '../clock.ts'

/** Something that runs when its time is up, unless it was called off. */
export interface Deadline {
  cancel(): void
}

/**
 * Deadlines of one length behind a single timer: tens of thousands begin and are called off each second, and a
 * timer for each would cost as much as the command it guards.
 */
export function makeDeadlines(clock: Clock, length: number): (expire: () => void) => Deadline {
  /** Those that wait, the oldest first. */
  const waiting = new Set<Waiting>()
  let armed = false

  class Waiting implements Deadline {
    readonly due = clock.now() + length
    readonly expire: () => void
    constructor(expire: () => void) {
      this.expire = expire
    }
    cancel(): void {
      waiting.delete(this)
    }
  }

  const sweep = (): void => {
    const now = clock.now()
    for (const one of waiting) {
      // A clock that was turned back must not make anything wait longer than its length.
      if (one.due > now && one.due <= now + length) break
      waiting.delete(one)
      one.expire()
    }
    const [first] = waiting
    armed = first !== undefined
    if (first !== undefined) arm(Math.max(1, first.due - now))
  }
  // After a pause of this process timers run before the answers that came meanwhile are read: those go first.
  const arm = (delay: number): void => {
    clock.setTimeout(() => setImmediate(sweep), delay, { background: true })
  }

  return (expire) => {
    const own = new Waiting(expire)
    waiting.add(own)
    if (!armed) {
      armed = true
      arm(length)
    }
    return own
  }
}
