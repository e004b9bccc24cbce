/** How many failed tries are allowed within a window; both bounds hold for each key on its own. */
export interface LoginLimitOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Failed tries of one user name from one address. @default 5 */
  readonly perUser?: number
  /** Failed tries from one address, whatever the names. @default 50 */
  readonly perAddress?: number
  /** Milliseconds from the first failed try. @default 60 000 */
  readonly window?: number
  /** Most keys remembered; the longest unused go first. @default 10 000 */
  readonly maxKeys?: number
}

/** Counts failed logins in this process, in bounded memory. */
export interface LoginLimit {
  /** Counts a try before its password is looked at, so that many at once do not slip through; seconds to wait when there were too many. */
  begin(username: string, address: string): number | undefined
  /** Takes a try back that succeeded, and forgets the failures of this user from this address. */
  succeed(username: string, address: string): void
}

interface Tries {
  count: number
  readonly endsAt: number
}

/** Makes an empty limit. */
export function createLoginLimit(options: LoginLimitOptions): LoginLimit {
  const { now, perUser = 5, perAddress = 50, window = 60_000, maxKeys = 10_000 } = options
  const tries = new Map<string, Tries>()

  function current(key: string): Tries {
    const known = tries.get(key)
    tries.delete(key)
    const entry = known !== undefined && known.endsAt > now() ? known : { count: 0, endsAt: now() + window }
    tries.set(key, entry)
    const oldest = tries.keys().next()
    if (tries.size > maxKeys && oldest.done !== true) tries.delete(oldest.value)
    return entry
  }

  return {
    begin(username, address) {
      const user = current(JSON.stringify([address, username]))
      const everybody = current(address)
      const over = [user.count >= perUser ? user : [], everybody.count >= perAddress ? everybody : []].flat()
      if (over.length > 0) {
        return Math.max(1, Math.ceil((Math.max(...over.map(({ endsAt }) => endsAt)) - now()) / 1000))
      }
      user.count += 1
      everybody.count += 1
      return undefined
    },
    succeed(username, address) {
      tries.delete(JSON.stringify([address, username]))
      const everybody = current(address)
      everybody.count = Math.max(0, everybody.count - 1)
    },
  }
}
