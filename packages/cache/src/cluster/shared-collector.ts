import type { Shared, SharedHead, SharedKey } from './shared.ts'
import type { TierRecord } from '../tier.ts'

/** What a gathered read of the shared store gives for one key. */
export interface SharedReply {
  readonly record: TierRecord | undefined
  readonly head: SharedHead
}

/** Reads of the shared store: those of one tick are sent together, with one look at the head of the log for all. */
export type SharedCollector = (key: SharedKey) => Promise<SharedReply>

interface Waiting {
  readonly key: SharedKey
  readonly promise: Promise<SharedReply>
  readonly resolve: (reply: SharedReply) => void
  readonly reject: (error: unknown) => void
}

/** A collector for the shared store, which keeps its own deadlines. */
export function createSharedCollector(shared: Shared): SharedCollector {
  let waiting = new Map<string, Waiting>()

  function send(): void {
    const batch = [...waiting.values()]
    waiting = new Map()
    shared.read(batch.map(({ key }) => key)).then(
      ({ records, head }) => {
        for (const [index, one] of batch.entries()) one.resolve({ record: records[index], head })
      },
      (error: unknown) => {
        for (const one of batch) one.reject(error)
      },
    )
  }

  return (key) => {
    const already = waiting.get(key.key)
    if (already !== undefined) return already.promise
    if (waiting.size === 0) void Promise.resolve().then(() => process.nextTick(send))
    let resolve!: Waiting['resolve']
    let reject!: Waiting['reject']
    const promise = new Promise<SharedReply>((yes, no) => {
      resolve = yes
      reject = no
    })
    waiting.set(key.key, { key, promise, resolve, reject })
    return promise
  }
}
