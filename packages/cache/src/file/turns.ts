/** At most so many works at once, and one after another for the same name. */
export interface Turns {
  /** Runs work when one of the places is free. */
  limit<T>(work: () => Promise<T>): Promise<T>
  /** Runs work once all that was called before for this name has ended. */
  inTurn<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** Turns with so many places. */
export function createTurns(places: number): Turns {
  let free = places
  const waiting: (() => void)[] = []
  const tails = new Map<string, Promise<unknown>>()
  return {
    async limit(work) {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
    async inTurn(name, work) {
      const before = tails.get(name)
      const result = before === undefined ? work() : before.then(work)
      const tail = result.then(
        () => {},
        () => {},
      )
      tails.set(name, tail)
      try {
        return await result
      } finally {
        if (tails.get(name) === tail) tails.delete(name)
      }
    },
  }
}
