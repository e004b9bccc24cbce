/**
 * What the simulation knows to be true, and what it holds the cache to. Every write of the source gives a key the
 * next number; an invalidation or a set that has resolved puts a floor under the key, and the promises say which
 * later reads must not fall below it.
 */
import { bound } from './process.ts'

/** A floor under a key: from an instant on, some readers must see at least this number. */
interface Floor {
  readonly process: string
  readonly value: number
  readonly calledAt: number
  readonly at: number
}

/** A value that was set, from the call to its end; Infinity while that is open or unknown. */
interface SetValue {
  readonly calledAt: number
  endedAt: number
}

/** A read, from its call to its answer. */
export interface Read {
  readonly space: string
  readonly id: number
  readonly process: string
  /** When the reading process was started. */
  readonly processStartedAt: number
  readonly calledAt: number
  readonly value: number
  /** The instant from which nothing was wrong with the world. */
  readonly calmSince: number
}

/** Truth and floors. */
export interface Ledger {
  /** The number that the source has now. */
  truth(space: string, id: number): number
  /** The source is written: the key gets its next number. */
  write(space: string, id: number): number
  /** An invalidation or a set resolved: whoever made it must not see less any more. */
  settle(floor: Floor & { readonly space: string; readonly id: number }): void
  /** A value is being set; the returned function tells that it is done. A set that crosses an invalidation may win or lose. */
  set(space: string, id: number, value: number, calledAt: number): (endedAt: number) => void
  /** What is wrong with a read, or undefined. */
  judge(read: Read): string | undefined
}

/** In fair weather a record must have arrived everywhere within this many milliseconds. */
export const arrival = 150
/** After trouble a follower needs its deadline and its pause to come back. */
export const recovery = 450

/** An empty ledger. */
export function createLedger(): Ledger {
  const numbers = new Map<string, number>()
  const floors = new Map<string, Floor[]>()
  const sets = new Map<string, SetValue>()
  const nameOf = (space: string, id: number): string => `${space}:${id}`

  /** Which floors hold for a read, by which promise. */
  function promiseFor(floor: Floor, read: Read): string | undefined {
    const { calledAt, space } = read
    if (floor.at > calledAt) return undefined
    if (floor.process === read.process) return 'promise 1 (own process)'
    if (floor.at <= read.processStartedAt) return 'promise 1 (shared store, a process started later)'
    if (space === 'strict') return 'promise 4 (strict)'
    if (space === 'limited' && calledAt - floor.at > bound + 1) return `bounded by ${bound} ms`
    if (Math.max(floor.at + arrival, read.calmSince + recovery) <= calledAt)
      return 'promise 2 (the record has arrived)'
    return undefined
  }

  return {
    truth: (space, id) => numbers.get(nameOf(space, id)) ?? 0,
    write(space, id) {
      const next = (numbers.get(nameOf(space, id)) ?? 0) + 1
      numbers.set(nameOf(space, id), next)
      return next
    },
    settle({ space, id, ...floor }) {
      const own = floors.get(nameOf(space, id)) ?? []
      floors.set(nameOf(space, id), [...own, floor])
    },
    set(space, id, value, calledAt) {
      const one: SetValue = { calledAt, endedAt: Infinity }
      sets.set(`${nameOf(space, id)}=${value}`, one)
      return (endedAt) => void (one.endedAt = endedAt)
    },
    judge(read) {
      for (const floor of floors.get(nameOf(read.space, read.id)) ?? []) {
        if (read.value >= floor.value) continue
        const set = sets.get(`${nameOf(read.space, read.id)}=${read.value}`)
        if (set !== undefined && set.calledAt <= floor.at && set.endedAt >= floor.calledAt) continue
        const promise = promiseFor(floor, read)
        if (promise === undefined) continue
        return `${read.process} read ${read.value} of ${nameOf(read.space, read.id)} at ${read.calledAt.toFixed(1)}, but ${floor.process} had invalidated everything below ${floor.value} at ${floor.at.toFixed(1)}: ${promise}`
      }
      return undefined
    },
  }
}
