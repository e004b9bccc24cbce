import { useSyncExternalStore } from 'react'

/** One choice of the person at this browser, kept there. */
export interface Stored<Value extends string> {
  readonly now: () => Value
  readonly choose: (value: Value) => void
  /** The value; the component is drawn anew when it changes. */
  readonly use: () => Value
}

/** Makes a choice among `values`, kept under `place`. */
export function createStored<Value extends string>(
  place: string,
  values: readonly Value[],
  initial: Value,
): Stored<Value> {
  const listeners = new Set<() => void>()
  const kept = localStorage.getItem(place)
  let value = values.find((one) => one === kept) ?? initial
  const now = (): Value => value
  const watch = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    now,
    choose(next) {
      value = next
      localStorage.setItem(place, next)
      for (const listener of listeners) listener()
    },
    use: () => useSyncExternalStore(watch, now),
  }
}
