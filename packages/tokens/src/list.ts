import type { SpaceHandle } from '@reprise/cache'
import type { AccessTokenSpace } from './catalog.ts'
import type { Holder } from './holder.ts'
import type { TokenRef } from './provider.ts'
import { fingerprintOf } from './states.ts'

/** What is shown of a token: never the token. Times are milliseconds since 1970. */
export interface TokenItem extends TokenRef {
  readonly createdAt: number
  readonly expiresAt: number
  /** When this process would renew it. */
  readonly renewsAt: number
  /** Eight characters of its SHA-256, to tell two tokens apart without showing either. */
  readonly fingerprint: string
}

/** Every token that is kept, of this process and of others. */
export async function listTokens(
  space: SpaceHandle<AccessTokenSpace>,
  holderOf: (ref: TokenRef) => Holder,
): Promise<readonly TokenItem[]> {
  const items: TokenItem[] = []
  let cursor: string | undefined
  do {
    const page = await space.keys({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) })
    for (const { params } of page.keys) {
      const ref = { channel: params['channel'] ?? '', appId: params['app_id'] ?? '' }
      const holder = holderOf(ref)
      const kept = await holder.find()
      if (kept === undefined) continue
      const { createdAt, freshUntil: expiresAt } = kept
      items.push({
        ...ref,
        createdAt,
        expiresAt,
        renewsAt: holder.renewsAt(kept),
        fingerprint: fingerprintOf(kept.value),
      })
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return items
}
