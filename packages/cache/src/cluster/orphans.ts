import type { Clock, Timer } from '../clock.ts'
import { RepriseError } from '../errors.ts'
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

/** Whether a question may have reached the store: one that was never sent says when to ask again. */
const maybeAsked = (error: unknown): boolean => !RepriseError.is(error) || error.retryAfter === undefined

/**
 * The shared store, with leases that nobody holds given back: where asking for a lease, storing under it or ending it
 * failed with an unknown outcome, the store may still have it, and everybody would wait for its end. It is ended as
 * soon as the store answers again, and at once where this process wants the key. A store that is carried out after
 * that is refused, as is any whose lease was broken.
 */
export function withoutOrphans(
  shared: Shared,
  { clock, lease }: { readonly clock: Clock; readonly lease: number },
): Shared & { stop(): void } {
  const byKey = new Map<string, Orphan[]>()
  let kept = 0
  let timer: Timer | undefined
  let stopped = false

  const arm = (): void => {
    if (stopped) return
    timer ??= clock.setTimeout(
      () => {
        timer = undefined
        for (const key of byKey.keys()) giveBack(key)
      },
      retryAfter,
      { background: true },
    )
  }
  const take = (key: string): readonly Orphan[] => {
    const orphans = byKey.get(key) ?? []
    byKey.delete(key)
    kept -= orphans.length
    return orphans
  }
  const keep = (orphan: Orphan): void => {
    const { key } = orphan.key
    const others = byKey.get(key)
    if (others === undefined) byKey.set(key, [orphan])
    else others.push(orphan)
    kept += 1
    if (kept > mostKept) take(byKey.keys().next().value as string)
    arm()
  }
  const giveBack = (key: string): void => {
    for (const orphan of take(key)) {
      shared.release(orphan.key, orphan.token).catch(() => {
        if (clock.now() < orphan.until) keep(orphan)
      })
    }
  }
  /** What a call gives, with its lease remembered where the store may still have it after a failure. */
  const guard = <T>(
    { key, token }: Pick<Orphan, 'key' | 'token'>,
    result: Promise<T>,
    mayHold: (error: unknown) => boolean,
  ): Promise<T> => {
    result.catch((error: unknown) => {
      if (mayHold(error)) keep({ key, token, until: clock.now() + lease })
    })
    return result
  }

  return {
    ...shared,
    acquire(key, options) {
      // On one connection commands arrive in their order; else the end of the lease wakes who waits for it.
      if (kept > 0) giveBack(key.key)
      return guard({ key, token: options.token }, shared.acquire(key, options), maybeAsked)
    },
    steal: (key, token, length) => guard({ key, token }, shared.steal(key, token, length), maybeAsked),
    store: (record, { token, version, format }) =>
      guard(
        { key: { key: record.key, format }, token },
        shared.store(record, { token, version, format }),
        () => true,
      ),
    release: (key, token, failure) => guard({ key, token }, shared.release(key, token, failure), () => true),
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}
