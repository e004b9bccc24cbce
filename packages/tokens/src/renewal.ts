/**
 * Renewal ahead of time. Every process watches the tokens it uses and wakes when one of them is due by its own draw;
 * the first to wake gets the lease and fetches, the others find the new token. Where a fetch fails, the cache's backoff
 * says when the next one may be; this only asks again every few seconds until there is a new token.
 */
import type { Clock, Timer } from '@reprise/cache'
import type { Holder } from './holder.ts'

/** How renewal works. */
export interface RenewalSettings {
  readonly clock: Clock
  /** Milliseconds until a token whose renewal has failed, or that is missing, is looked at again. */
  readonly retryEvery: number
  /** Milliseconds after which a token that nobody asked this process for is left to end. */
  readonly idleAfter: number
}

/** Renewal of the tokens in use. */
export interface Renewal {
  /** Watches a token from now on; does nothing where it is watched, or renewal is not running. */
  watch(holder: Holder): void
  start(): void
  stop(): void
}

/** Renewal that is not running yet. */
export function createRenewal({ clock, retryEvery, idleAfter }: RenewalSettings): Renewal {
  const timers = new Map<Holder, Timer | undefined>()
  let running = false

  async function look(holder: Holder): Promise<void> {
    if (clock.now() - holder.usedAt >= idleAfter) return void timers.delete(holder)
    const kept = await holder.find()
    if (kept === undefined) await holder.get()
    else if (clock.now() >= holder.renewsAt(kept)) await holder.renew(kept)
    const next = await holder.find()
    const due = next === undefined ? -Infinity : holder.renewsAt(next)
    plan(holder, due > clock.now() ? due : clock.now() + retryEvery)
  }

  function plan(holder: Holder, at: number): void {
    if (!running) return
    const wake = (): void =>
      // A platform or store that is away: looked at again, since the token may still be good.
      void look(holder).catch(() => plan(holder, clock.now() + retryEvery))
    timers.set(holder, clock.setTimeout(wake, at - clock.now(), { background: true }))
  }

  return {
    watch(holder) {
      if (!running || timers.has(holder)) return
      plan(holder, clock.now())
    },
    start: () => void (running = true),
    stop() {
      running = false
      for (const timer of timers.values()) timer?.cancel()
      timers.clear()
    },
  }
}
