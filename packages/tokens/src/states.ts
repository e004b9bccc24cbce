import { createHash } from 'node:crypto'
import { TokenError } from './errors.ts'
import type { Holder, KeptToken } from './holder.ts'
import type { TokenRef } from './provider.ts'

/** How an application's token stands: never the token. Times are milliseconds since 1970. */
export interface TokenState extends TokenRef {
  /** `due`: to be renewed now; `failing`: the last fetch failed; `missing`: nothing is kept. */
  readonly state: 'fresh' | 'due' | 'failing' | 'missing'
  /** What is kept; undefined where nothing is. */
  readonly kept?: {
    readonly createdAt: number
    readonly expiresAt: number
    /** When this process would renew it. */
    readonly renewsAt: number
    readonly fingerprint: string
  }
  /** Tokens that this process fetched. */
  readonly fetches: number
  /** Fetches of this process that failed. */
  readonly failures: number
  /** Of the last fetch, while no later one has succeeded. */
  readonly lastError?: {
    readonly code: string
    readonly platformCode?: number | string
    readonly message: string
    readonly at: number
  }
}

/** Eight characters of a token's SHA-256, to tell two tokens apart without showing either. */
export function fingerprintOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8)
}

/** How the token of a holder stands. */
export async function stateOf(holder: Holder, now: number): Promise<TokenState> {
  const kept = await holder.find()
  const { fetches, failures, lastFailure } = holder.history
  return {
    ...holder.ref,
    state: nameOf(holder, kept, now),
    ...(kept === undefined
      ? {}
      : {
          kept: {
            createdAt: kept.createdAt,
            expiresAt: kept.freshUntil,
            renewsAt: holder.renewsAt(kept),
            fingerprint: fingerprintOf(kept.value),
          },
        }),
    fetches,
    failures,
    ...(lastFailure === undefined ? {} : { lastError: shown(lastFailure) }),
  }
}

function nameOf(holder: Holder, kept: KeptToken | undefined, now: number): TokenState['state'] {
  if (holder.history.lastFailure !== undefined) return 'failing'
  if (kept === undefined) return 'missing'
  return now >= holder.renewsAt(kept) ? 'due' : 'fresh'
}

/** A failure as it may be seen: a `TokenError` carries no secret; of anything else only its name is told. */
function shown({
  error,
  at,
}: {
  readonly error: unknown
  readonly at: number
}): TokenState['lastError'] & {} {
  if (!TokenError.is(error)) {
    const name = error instanceof Error ? error.name : typeof error
    return { code: name, message: 'the fetch failed; the log has the reason', at }
  }
  const { code, message, platformCode } = error
  return { code, message, at, ...(platformCode === undefined ? {} : { platformCode }) }
}
