import { type Clock, systemClock } from '@reprise/cache'

/** The clock of the machine, which tells how many callbacks are pending. */
export function countingClock(): Clock & { readonly pending: number } {
  let pending = 0
  return {
    now: () => systemClock.now(),
    monotonic: () => performance.now(),
    setTimeout(callback, delay, options) {
      let over = false
      const end = (): void => {
        if (!over) pending -= 1
        over = true
      }
      pending += 1
      const timer = systemClock.setTimeout(
        () => {
          end()
          callback()
        },
        delay,
        options,
      )
      return {
        cancel() {
          end()
          timer.cancel()
        },
      }
    },
    get pending() {
      return pending
    },
  }
}
