import type { Timer } from '@reprise/cache'
import type { TimelineSettings } from './settings.ts'
import type { Store } from './store.ts'

/** Sessions that one transaction removes. */
const slice = 200

/** Removes expired sessions now and then. */
export interface Sweeper {
  /** Removes those there are now; gives their number. */
  sweep(): Promise<number>
  /** Stops, after the slice that is under way. */
  stop(): Promise<void>
}

/** Starts a sweeper; what fails on its timer goes to `onError` and is tried again the next time. */
export function startSweeper(store: Store, { clock, sweepEvery, onError }: TimelineSettings): Sweeper {
  let stopped = false
  let timer: Timer | undefined
  let running: Promise<void> | undefined

  async function sweep(): Promise<number> {
    let total = 0
    for (;;) {
      const removed = await store.sweep(slice)
      total += removed
      if (removed < slice || stopped) return total
    }
  }
  const tick = (): void => {
    running = sweep()
      .then(
        () => undefined,
        (error: unknown) => onError(error instanceof Error ? error : new Error(String(error))),
      )
      .finally(arm)
  }
  function arm(): void {
    running = undefined
    if (!stopped && sweepEvery !== Infinity) timer = clock.setTimeout(tick, sweepEvery, { background: true })
  }
  arm()
  return {
    sweep,
    async stop() {
      stopped = true
      timer?.cancel()
      await running
    },
  }
}
