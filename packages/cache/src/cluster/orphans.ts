import type { Clock } from '../clock.ts'
import type { Shared, SharedKey } from './shared.ts'

/** How long after a failure the leases that may be left over are given back, in milliseconds, and again while that fails. */
const retryAfter = 250
/** Leases remembered at most. */
const mostKept = 1_000

interface Orphan {
  readonly key: SharedKey
  readonly token: string
  /** When it ends by itself. */
  readonly until: number
}

/**
 * The shared store, with leases that nobody holds given back: where asking for a lease, storing under it or ending it
 * failed with an unknown outcome, the store may still have it, and everybody would wait for its end. It is ended as
 * soon as the store answers again, and at once where this process wants the key. A store that is carried out after
 * that is refused, as is any whose lease was broken.
 */
export function withoutOrphans(
  shared: Shared,
  { clock, lease }: { readonly clock: Clock; readonly lease: number },
): Shared {
  const orphans = new Map<string, Orphan>()
  let armed = false

  const arm = (): void => {
    if (armed) return
    armed = true
    clock.setTimeout(
      () => {
        armed = false
        for (const orphan of orphans.values()) giveBack(orphan)
      },
      retryAfter,
      { background: true },
    )
  }
  const add = (key: SharedKey, token: string): void => {
    orphans.set(token, { key, token, until: clock.now() + lease })
    if (orphans.size > mostKept) orphans.delete(orphans.keys().next().value as string)
    arm()
  }
  const giveBack = (orphan: Orphan): void => {
    orphans.delete(orphan.token)
    shared.release(orphan.key, orphan.token).catch(() => {
      if (clock.now() >= orphan.until) return
      orphans.set(orphan.token, orphan)
      arm()
    })
  }
  /** What a call gives, with its lease remembered where it fails. */
  const guard = <T>(key: SharedKey, token: string, result: Promise<T>): Promise<T> => {
    result.catch(() => add(key, token))
    return result
  }

  return {
    ...shared,
    acquire(key, options) {
      // On one connection commands arrive in their order; else the end of the lease wakes who waits for it.
      if (orphans.size > 0)
        for (const orphan of orphans.values()) if (orphan.key.key === key.key) giveBack(orphan)
      return guard(key, options.token, shared.acquire(key, options))
    },
    store: (record, options) =>
      guard({ key: record.key, format: options.format }, options.token, shared.store(record, options)),
    steal: (key, token, length) => guard(key, token, shared.steal(key, token, length)),
    release: (key, token, failure) => guard(key, token, shared.release(key, token, failure)),
  }
}
