import type { Clock } from '../clock.ts'

/** Those who wait for a lease of another process to end: woken by message, or by time where the message is lost. */
export interface Wakes {
  /** Resolves when the key is woken, `wait` milliseconds have passed or the signal fires, whichever is first. */
  wait(key: string, wait: number, signal: AbortSignal): Promise<void>
  wake(key: string): void
}

/** Nobody waiting. */
export function createWakes(clock: Clock): Wakes {
  const waiting = new Map<string, Set<() => void>>()
  return {
    wait: (key, wait, signal) =>
      new Promise((resolve) => {
        const own = waiting.get(key) ?? new Set()
        waiting.set(key, own)
        const end = (): void => {
          timer.cancel()
          signal.removeEventListener('abort', end)
          own.delete(end)
          if (own.size === 0 && waiting.get(key) === own) waiting.delete(key)
          resolve()
        }
        const timer = clock.setTimeout(end, wait)
        own.add(end)
        if (signal.aborted) end()
        else signal.addEventListener('abort', end, { once: true })
      }),
    wake(key) {
      for (const end of waiting.get(key) ?? []) end()
    },
  }
}
