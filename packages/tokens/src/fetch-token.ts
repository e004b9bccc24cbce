import { type Clock, type Loader, RepriseError } from '@reprise/cache'
import { TokenError } from './errors.ts'
import type { HandedOut } from './handed-out.ts'
import type { KeptToken } from './holder.ts'
import { lifeLeft } from './life.ts'
import type { TokenProvider, TokenRef } from './provider.ts'

/** What a fetch needs beside its provider. */
export interface FetchParts {
  readonly clock: Clock
  readonly handedOut: HandedOut
  /** The token that is kept while the next one is fetched. */
  find(): Promise<KeptToken | undefined>
}

/** The loader of one application's token: asks the platform, and says how long the answer is good. */
export function tokenLoader(provider: TokenProvider, ref: TokenRef, parts: FetchParts): Loader<string> {
  const { clock, handedOut } = parts
  return async ({ signal, ttl }) => {
    const before = await parts.find()
    const askedAt = clock.now()
    const issued = await provider.ask(ref.appId, { signal, clock, refused: handedOut.refused })
    const left = lifeLeft(issued.expiresIn, { askedAt, now: clock.now() })
    // The same token again: where the platform does not lengthen lives, its first end holds, whatever is said now.
    const same = before?.value === issued.value && !provider.extendsLife
    const most = same ? before.freshUntil - clock.now() : Infinity
    if (left !== undefined || same) ttl(Math.max(0, Math.min(left ?? Infinity, most)))
    return issued.value
  }
}

/** What a caller gets to see of a failed read: the platform's failure itself, or that it is left alone for a while. */
export function plainFailure(error: unknown, { channel, appId }: TokenRef): unknown {
  if (RepriseError.is(error, 'E_LOADER_FAILED') && TokenError.is(error.cause)) return error.cause
  if (!RepriseError.is(error, 'E_LOADER_BACKOFF')) return error
  const seconds = Math.ceil((error.retryAfter ?? 0) / 1_000)
  return new TokenError(
    'E_TOKEN_BACKOFF',
    `the platform of the channel "${channel}" gave no token for the application "${appId}" lately; it is asked again in ${seconds} s`,
    { cause: error, retryAfterMs: error.retryAfter },
  )
}
