import { type PlatformOptions, type Reply, platformAt } from '../ask-platform.ts'
import type { TokenError } from '../errors.ts'
import { type Credentials, type TokenProvider, credentialsOf, idsOf } from '../provider.ts'
import { type AnswerShape, askTwice, readToken } from '../read-token.ts'
import { hasCode, tells } from '../refusal.ts'

/** Options of `wechat`. */
export interface WechatOptions extends PlatformOptions {
  /** Secrets of Official Accounts or Mini Programs by AppID. */
  readonly apps: Credentials<{ readonly secret: string }>
  /**
   * `token`: `/cgi-bin/token`, each fetch ends the token before it, after five minutes in which both are good.
   * `stable`: `/cgi-bin/stable_token`, which gives the same token until five minutes before its end, apart from the
   * tokens of the other. @default 'token'
   */
  readonly mode?: 'token' | 'stable'
  /** @default 'wechat' */
  readonly channel?: string
}

/** Codes of WeChat's global table that a fetch of a token can meet. */
const credentials = new Set([
  40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 50004, 50007, 61024, 89503, 89506, 89507,
])
const limited = new Set([45009, 45011])
/** What its API answers to a token that is refused. */
const refused: ReadonlySet<string> = new Set(['40001', '40014', '42001'])

/** An `errcode`; 0 or none at all is a success. */
function errcodeOf({ body }: Reply): number | undefined {
  const { errcode } = body as { errcode?: unknown }
  return typeof errcode === 'number' && errcode !== 0 ? errcode : undefined
}

/** Answers with an `errcode`, of which each platform has a table of its own; -1 is "busy" on all three. */
export function errcodeShape(table: {
  readonly credentials: ReadonlySet<number>
  readonly limited: ReadonlySet<number>
}): AnswerShape {
  return {
    token: 'access_token',
    life: 'expires_in',
    code: errcodeOf,
    text: 'errmsg',
    meaning(code) {
      if (code === -1) return 'busy'
      if (table.limited.has(Number(code))) return 'limited'
      return table.credentials.has(Number(code)) ? 'credentials' : 'platform'
    },
  }
}

const shape = errcodeShape({ credentials, limited })

/** Whether the platform said that it was busy: its table says to try again. */
export const wasBusy = (error: TokenError): boolean => error.platformCode === -1

/**
 * WeChat Official Accounts and Mini Programs. A fetch that failed on the way is not repeated at once: each one counts
 * against the day's 2,000 and ends the token before it. A stable token that was refused is fetched with
 * `force_refresh`, which the platform allows 20 times a day.
 */
export function wechat(options: WechatOptions): TokenProvider {
  const { apps, mode = 'token', channel = 'wechat' } = options
  const platform = platformAt(channel, 'https://api.weixin.qq.com', options)
  return {
    channel,
    appIds: idsOf(apps),
    extendsLife: false,
    async ask(appId, context) {
      const { secret } = await credentialsOf(apps, { channel, appId })
      const asking = { channel, appId, secret, shape }
      const named = { grant_type: 'client_credential', appid: appId, secret }
      const once = async (force: boolean) => {
        const reply = await platform.ask(
          mode === 'stable'
            ? { path: '/cgi-bin/stable_token', json: { ...named, force_refresh: force } }
            : { path: '/cgi-bin/token', query: named },
          context,
        )
        return readToken(reply, asking, context.clock.now())
      }
      const token = await askTwice(context, wasBusy, async () => once(false))
      return mode === 'stable' && context.refused(token.value) ? once(true) : token
    },
    refuses: (answer) => tells(answer, (told) => hasCode(told, refused)),
  }
}
