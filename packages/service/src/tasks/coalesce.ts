/** Runs work one at a time: who asks while it runs gets one more run after it, shared by all who asked. */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    try {
      await work()
    } finally {
      running = undefined
    }
  }
  const ask = (): Promise<void> => {
    if (running === undefined) return (running = begin())
    const after = (): Promise<void> => {
      next = undefined
      return ask()
    }
    return (next ??= running.then(after, after))
  }
  return ask
}
