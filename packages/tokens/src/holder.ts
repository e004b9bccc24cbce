import type { Found, Loader, SpaceHandle } from '@reprise/cache'
import type { AccessTokenSpace } from './catalog.ts'
import { TokenError } from './errors.ts'
import { type LifeSettings, renewsAt } from './life.ts'
import type { TokenRef } from './provider.ts'

/** Shortest time between two tries of one process to renew one token, in milliseconds: the cache keeps its own backoff, this keeps its answers from being asked for on every read. */
const between = 1_000

/** A token as it is kept. */
export type KeptToken = Found<string>

/** What a holder works with. */
export interface HolderParts {
  readonly space: SpaceHandle<AccessTokenSpace>
  readonly load: Loader<string>
  readonly life: LifeSettings
  readonly draw: number
  readonly now: () => number
}

/** How the fetches of one application's token went in this process. */
export interface FetchHistory {
  fetches: number
  failures: number
  /** Of the newest fetch, while none after it has succeeded. */
  lastFailure: { readonly error: unknown; readonly at: number } | undefined
}

/** A loader that writes down how it went. */
function watched(load: Loader<string>, history: FetchHistory, now: () => number): Loader<string> {
  return async (context) => {
    try {
      const value = await load(context)
      history.fetches += 1
      history.lastFailure = undefined
      return value
    } catch (error) {
      history.failures += 1
      history.lastFailure = { error, at: now() }
      throw error
    }
  }
}

/** One application's token as this process sees it: reads it, and renews it while the old one is served. */
export interface Holder {
  readonly ref: TokenRef
  /** When somebody asked last, milliseconds since 1970. */
  usedAt: number
  /** What was handed out last. */
  last: string | undefined
  /** What is kept and good, or undefined. */
  find(): Promise<KeptToken | undefined>
  /** The token, fetched where there is none. */
  get(): Promise<string>
  /** How this process's fetches went. */
  readonly history: FetchHistory
  /** When a kept token is to be renewed. */
  renewsAt(kept: KeptToken): number
  /** Fetches what comes after a kept token, unless another process has; resolves when that is done, or has failed. */
  renew(kept: KeptToken): Promise<void>
  /** The same now, whatever the time is; where none is kept, as `get`. @throws what the fetch throws */
  renewNow(): Promise<void>
  /** Removes this very version. */
  remove(kept: KeptToken): Promise<boolean>
}

/** A holder for one application. */
export function createHolder(ref: TokenRef, parts: HolderParts): Holder {
  const { space, life, draw, now } = parts
  const history: FetchHistory = { fetches: 0, failures: 0, lastFailure: undefined }
  const load = watched(parts.load, history, now)
  const params = Object.freeze({ channel: ref.channel, app_id: ref.appId })
  let triedAt = -Infinity
  const holder: Holder = {
    ref,
    usedAt: -Infinity,
    last: undefined,
    history,
    find: () => space.find(params),
    async get() {
      const kept = await space.find(params)
      if (kept === undefined) return space.getOrLoad(params, load)
      if (now() >= holder.renewsAt(kept)) void holder.renew(kept)
      return kept.value
    },
    renewsAt: (kept) => renewsAt(kept, life, draw),
    async renew({ version }) {
      if (now() - triedAt < between) return
      triedAt = now()
      // Its failure is told by the cache's events; the old token is still good.
      await space.getOrLoad(params, load, { replacing: version }).catch(() => {})
    },
    async renewNow() {
      const kept = await space.find(params)
      triedAt = now()
      await space.getOrLoad(params, load, kept === undefined ? {} : { replacing: kept.version })
      // A fetch that failed, or is not tried again yet, is answered with the token that there is.
      const after = await space.find(params)
      if (history.lastFailure !== undefined && after?.version === kept?.version)
        throw history.lastFailure.error
    },
    remove: ({ version }) => space.delete(params, { version }),
  }
  return holder
}

/** Refuses what cannot be a channel or an application. @throws E_TOKEN_OPTION */
export function checkRef({ channel, appId }: TokenRef): void {
  for (const [name, value] of Object.entries({ channel, appId })) {
    if (typeof value === 'string' && value !== '') continue
    throw new TokenError(
      'E_TOKEN_OPTION',
      `${name} is ${value === '' ? 'empty' : `of type ${typeof value}`}: give { channel, appId } as text`,
    )
  }
}
