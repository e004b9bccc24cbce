import { type Clock, systemClock } from '../clock.ts'

/** Reads within a millisecond of each other that make a burst. */
const few = 8
/** Reads that one look at the clock serves then. */
const many = 64

/**
 * The time for reads that do not wait. Looking at the clock of the machine takes longer than all the rest of a hit in
 * memory, so in a burst of reads one look serves up to 64 of them, but only within one synchronous run: as soon as
 * anything has been waited for, the clock is looked at anew. Of another clock than the machine's every read asks.
 */
export function createBurstClock(clock: Clock): () => number {
  if (clock !== systemClock) return () => clock.now()
  let time = 0
  let left = 0
  let dense = 0
  let ending = false
  const end = (): void => {
    left = 0
    ending = false
  }
  return () => {
    if (left > 0) {
      left -= 1
      return time
    }
    const now = Date.now()
    const passed = now - time
    dense = passed === 0 || passed === 1 ? dense + 1 : 0
    time = now
    if (dense >= few) {
      left = many
      if (!ending) queueMicrotask(end)
      ending = true
    }
    return now
  }
}
