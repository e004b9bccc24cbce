import type { Follower } from '../log/follower.ts'
import type { Shared, SharedKey } from './shared.ts'
import type { TierRecord } from '../tier.ts'

/** A read, and what becomes of it: called in the moment in which its answer is there. */
export interface Taker<T> extends SharedKey {
  found(record: TierRecord | undefined): T | Promise<T>
  failed(error: unknown): T
}

/**
 * Reads of the shared store: those of one tick are sent together, each key once, with one look at the head of the log
 * for all. A record is given once everything in the log up to that head has been applied.
 */
export type SharedCollector = <T>(taker: Taker<T>) => Promise<T>

interface Waiting {
  readonly taker: Taker<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** The next reader of the same key in this tick. */
  next: Waiting | undefined
}

/** Keys of one command: the server works on the next ones while the answer to these is read. */
const most = 64

/** A collector for the shared store, which keeps its own deadlines. */
export function createSharedCollector(shared: Shared, follower: Pick<Follower, 'reach'>): SharedCollector {
  let waiting = new Map<string, Waiting>()

  async function read(batch: readonly Waiting[]): Promise<void> {
    let records: readonly (TierRecord | undefined)[]
    try {
      const answer = await shared.read(batch.map(({ taker }) => taker))
      const behind = follower.reach(answer.head)
      if (behind !== undefined) await behind
      records = answer.records
    } catch (error) {
      for (const first of batch) settle(first, ({ taker }) => taker.failed(error))
      return
    }
    for (let index = 0; index < batch.length; index += 1)
      settle(batch[index] as Waiting, ({ taker }) => taker.found(records[index]))
  }

  /** Answers all who read a key. */
  function settle(first: Waiting, work: (one: Waiting) => unknown): void {
    for (let one: Waiting | undefined = first; one !== undefined; one = one.next) {
      try {
        one.resolve(work(one))
      } catch (error) {
        one.reject(error)
      }
    }
  }

  function send(): void {
    const all = [...waiting.values()]
    waiting = new Map()
    if (all.length <= most) return void read(all)
    for (let at = 0; at < all.length; at += most) void read(all.slice(at, at + most))
  }
  const later = (): void => process.nextTick(send)

  return <T>(taker: Taker<T>) => {
    if (waiting.size === 0) queueMicrotask(later)
    return new Promise<T>((resolve, reject) => {
      const one: Waiting = { taker, resolve: resolve as (value: unknown) => void, reject, next: undefined }
      const first = waiting.get(taker.key)
      if (first === undefined) waiting.set(taker.key, one)
      else {
        one.next = first.next
        first.next = one
      }
    })
  }
}
