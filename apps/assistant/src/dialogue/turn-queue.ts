/** Runs work one after another for each key, and at once for different keys. */
export interface TurnQueue {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** Makes the queue that keeps turns of one session in order within a process. */
export function createTurnQueue(): TurnQueue {
  const tails = new Map<string, Promise<unknown>>()
  return {
    async run(key, work) {
      const before = tails.get(key) ?? Promise.resolve()
      const mine = before.then(work, work)
      const tail = mine.catch(() => undefined)
      tails.set(key, tail)
      try {
        return await mine
      } finally {
        if (tails.get(key) === tail) tails.delete(key)
      }
    },
  }
}
