/** What a call gives, or the reason of its signal, even of a call that does not listen to signals. */
export async function untilAborted<T>(called: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([called, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
