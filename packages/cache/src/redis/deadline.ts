import type { Clock } from '../clock.ts'

/** Something that runs when its time is up, unless it was called off. */
export interface Deadline {
  cancel(): void
}

interface Waiting {
  readonly due: number
  readonly expire: () => void
  over: boolean
  before: Waiting | undefined
  after: Waiting | undefined
}

/**
 * Deadlines of one length behind a single timer: tens of thousands begin and are called off each second, and a
 * timer for each would cost as much as the command it guards. They stand in a list and not in a Set, whose outgrown
 * tables would keep what was called off, and the answers with it, until the next full collection.
 */
export function makeDeadlines(clock: Clock, length: number): (expire: () => void) => Deadline {
  /** Those that wait, the oldest first. */
  let first: Waiting | undefined
  let last: Waiting | undefined
  let armed = false

  const unlink = (one: Waiting): void => {
    if (one.over) return
    one.over = true
    if (one.before === undefined) first = one.after
    else one.before.after = one.after
    if (one.after === undefined) last = one.before
    else one.after.before = one.before
    one.before = undefined
    one.after = undefined
  }

  const sweep = (): void => {
    const now = clock.now()
    // A clock that was turned back must not make anything wait longer than its length.
    while (first !== undefined && (first.due <= now || first.due > now + length)) {
      const { expire } = first
      unlink(first)
      expire()
    }
    armed = first !== undefined
    if (first !== undefined) arm(Math.max(1, first.due - now))
  }
  // After a pause of this process timers run before the answers that came meanwhile are read: those go first.
  const arm = (delay: number): void => {
    clock.setTimeout(() => setImmediate(sweep), delay, { background: true })
  }

  return (expire) => {
    const own: Waiting = { due: clock.now() + length, expire, over: false, before: last, after: undefined }
    if (last === undefined) first = own
    else last.after = own
    last = own
    if (!armed) {
      armed = true
      arm(length)
    }
    return { cancel: () => unlink(own) }
  }
}
