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
  /** When a kept token is to be renewed. */
  renewsAt(kept: KeptToken): number
  /** Fetches what comes after a kept token, unless another process has; resolves when that is done, or has failed. */
  renew(kept: KeptToken): Promise<void>
  /** Removes this very version. */
  remove(kept: KeptToken): Promise<boolean>
}

/** A holder for one application. */
export function createHolder(ref: TokenRef, { space, load, life, draw, now }: HolderParts): Holder {
  const params = Object.freeze({ channel: ref.channel, app_id: ref.appId })
  let triedAt = -Infinity
  const holder: Holder = {
    ref,
    usedAt: -Infinity,
    last: undefined,
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
