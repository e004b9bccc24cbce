/**
 * co-wechat-api through its hooks. It asks `getToken` before each call and is given a token that is good, so it never
 * fetches one itself, until one is refused: then it says `saveToken(null)`, without the value, and fetches by itself,
 * once for each call that was refused. So of many refusals at once only the first is taken for news, and of the tokens
 * that it brings only one that ends later is kept. `adopt` mends the rest: an adopted client asks for the next token
 * here, and tells the value that was refused.
 */
import type { Token } from './provider.ts'

/** A token as co-wechat-api keeps it. */
export interface CoWechatToken {
  readonly accessToken: string
  /** Milliseconds since 1970. */
  readonly expireTime: number
}

/** What `adopt` needs of a co-wechat-api client. */
export interface CoWechatClient {
  request(url: string, options?: object, retry?: number): Promise<unknown>
  getAccessToken(): Promise<unknown>
}

/** Arguments for co-wechat-api: `new API(appId, secret, store.getToken, store.saveToken)`. */
export interface CoWechatStore {
  readonly getToken: () => Promise<CoWechatToken>
  readonly saveToken: (token: CoWechatToken | null) => Promise<void>
  /** Makes a client fetch no token itself and retry a refused call once with the next one; gives the same client. */
  adopt<T extends CoWechatClient>(client: T): T
}

/** What the hooks do their work with. */
export interface CoWechatParts {
  readonly now: () => number
  readonly read: () => Promise<Token>
  /** What is kept, without a fetch. */
  readonly find: () => Promise<Token | undefined>
  readonly reject: (value: string) => Promise<unknown>
  readonly set: (token: Token) => Promise<void>
}

/** How long refusals may be late news about the token before, in milliseconds: longer than a call takes. */
const lateFor = 15_000
const refusals: ReadonlySet<unknown> = new Set([40001, 40014, 42001])

/** The hooks for one application. */
export function coWechatStore({ now, read, find, reject, set }: CoWechatParts): CoWechatStore {
  let handed: string | undefined
  let refused: { readonly value: string; readonly at: number } | undefined

  async function getToken(): Promise<CoWechatToken> {
    const { value, expiresAt } = await read()
    handed = value
    return { accessToken: value, expireTime: expiresAt }
  }

  return {
    getToken,
    async saveToken(token) {
      if (token === null) {
        if (handed === undefined || (refused !== undefined && now() - refused.at < lateFor)) return
        refused = { value: handed, at: now() }
        await reject(handed)
        return
      }
      const { accessToken: value, expireTime: expiresAt } = token
      if (value === handed || value === refused?.value || expiresAt <= now()) return
      const kept = await find()
      if (kept === undefined || kept.expiresAt < expiresAt) await set({ value, expiresAt })
    },
    adopt(client) {
      const request = client.request.bind(client)
      client.getAccessToken = getToken
      client.request = async (url, options) => {
        const value = URL.canParse(url) ? new URL(url).searchParams.get('access_token') : null
        try {
          // No retry of its own, and so no fetch.
          return await request(url, options, 0)
        } catch (error) {
          if (value === null || !refusals.has((error as { code?: unknown }).code)) throw error
          await reject(value)
          const next = new URL(url)
          next.searchParams.set('access_token', (await getToken()).accessToken)
          return request(next.href, options, 0)
        }
      }
      return client
    },
  }
}
