import type { Cluster } from '../cluster/cluster.ts'
import type { Engine } from '../engine.ts'
import type { SharedKey } from '../cluster/shared.ts'
import { newToken } from '../cluster/token.ts'

/** How long somebody else's lease is waited for when its end is not told, in milliseconds. */
const pollEvery = 200

/**
 * A lease of a key and its line of values, whatever is stored there, once nobody else has it; undefined when it took
 * too long or the signal fired. @throws E_TIER_READ
 */
export async function waitForLease(
  engine: Engine,
  { shared, wakes, follower, lease, process }: Cluster,
  asked: { readonly key: SharedKey; readonly until: number; readonly signal?: AbortSignal },
): Promise<{ readonly token: string; readonly line: string } | undefined> {
  const { key, until, signal = new AbortController().signal } = asked
  while (engine.clock.now() < until && !signal.aborted) {
    const token = newToken(process)
    const { acquired, head } = await shared.acquire(key, { token, lease, force: true })
    try {
      await follower.reach(head)
    } catch (error) {
      // Nobody will store under this lease; others must not wait for its end.
      if (acquired.kind === 'granted') void shared.release(key, token).catch(() => {})
      throw error
    }
    if (acquired.kind === 'granted') {
      // A set of this process that has not reached the store yet: what the store has is older than what memory shows.
      if (!engine.tickets.busy(key.key)) return { token, line: acquired.gen }
      await shared.release(key, token)
    }
    const left = acquired.kind === 'wait' ? acquired.left : 0
    await wakes.wait(key.key, Math.min(left + 1, pollEvery), signal)
  }
  return undefined
}
