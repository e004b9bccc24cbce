/**
 * One lane per key for writes to the tiers below memory: they run one after another in the order in which
 * they were called, whatever connections a tier uses, so that a deletion is never overtaken by an older store.
 */
export interface Lanes {
  /** Runs work once everything called before for any of these keys has ended. */
  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>
  /** Resolves when what is under way now has ended. */
  settled(): Promise<void>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

/** Lanes with nothing under way. */
export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(keys, work) {
      const before = keys.flatMap((key) => tails.get(key) ?? [])
      const result = before.length === 0 ? work() : Promise.all(before).then(work)
      const tail = result.then(
        () => {},
        () => {},
      )
      for (const key of keys) tails.set(key, tail)
      void tail.then(() => {
        for (const key of keys) if (tails.get(key) === tail) tails.delete(key)
      })
      return result
    },
    async settled() {
      await Promise.all(tails.values())
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}
