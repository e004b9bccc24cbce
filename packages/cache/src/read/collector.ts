import type { Clock } from '../clock.ts'
import { RepriseError } from '../errors.ts'
import { type Latencies, timed } from '../operate/latency.ts'
import type { Tier, TierRecord } from '../tier.ts'

/** Reads of one tier: those of one tick are sent together, one key is asked for once, and none takes longer than the tier's deadline. */
export type Collector = (key: string) => Promise<TierRecord | undefined>

interface Waiting {
  readonly promise: Promise<TierRecord | undefined>
  readonly resolve: (record: TierRecord | undefined) => void
  readonly reject: (error: unknown) => void
}

/** A collector for one tier. Its promises reject with E_TIER_READ when the tier fails or is too slow. */
export function createCollector(
  tier: Tier,
  { clock, latencies }: { readonly clock: Clock; readonly latencies: Latencies },
): Collector {
  let waiting = new Map<string, Waiting>()

  function send(): void {
    const batch = waiting
    waiting = new Map()
    const fail = (why: string, cause?: unknown): void => {
      const error = new RepriseError('E_TIER_READ', `tier "${tier.name}" ${why}`, { cause })
      for (const one of batch.values()) one.reject(error)
    }
    const deadline = clock.setTimeout(
      () => fail(`did not answer a read of ${batch.size} keys within ${tier.readDeadline} ms`),
      tier.readDeadline,
    )
    const read = async (): ReturnType<Tier['read']> => tier.read([...batch.keys()])
    timed(latencies, { tier: tier.name, kind: 'reads' }, read).then(
      (records) => {
        deadline.cancel()
        let index = 0
        for (const one of batch.values()) one.resolve(records[index++])
      },
      (cause: unknown) => {
        deadline.cancel()
        fail('could not be read', cause)
      },
    )
  }

  return (key) => {
    const already = waiting.get(key)
    if (already !== undefined) return already.promise
    // After the promise jobs of this tick, so that callers that are a few awaits apart still share one command.
    if (waiting.size === 0) void Promise.resolve().then(() => process.nextTick(send))
    let resolve!: Waiting['resolve']
    let reject!: Waiting['reject']
    const promise = new Promise<TierRecord | undefined>((yes, no) => {
      resolve = yes
      reject = no
    })
    waiting.set(key, { promise, resolve, reject })
    return promise
  }
}
