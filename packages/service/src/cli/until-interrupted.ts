import { once } from 'node:events'

/** Resolves when the person wants the command to end. */
export async function untilInterrupted(interrupted: AbortSignal): Promise<void> {
  // A signal keeps no process alive; a worker without a connection would end at once.
  const awake = setInterval(() => undefined, 60_000)
  try {
    if (!interrupted.aborted) await once(interrupted, 'abort')
  } finally {
    clearInterval(awake)
  }
}
