import { type PlatformOptions, type Reply, platformAt } from '../ask-platform.ts'
import { type Credentials, type TokenProvider, credentialsOf, idsOf } from '../provider.ts'
import { type AnswerShape, type Meaning, askTwice, readToken } from '../read-token.ts'
import { hasCode, tells } from '../refusal.ts'
import { errcodeShape, wasBusy } from './wechat.ts'

/** Options of `dingtalk`. */
export interface DingtalkOptions extends PlatformOptions {
  /** Secrets by AppKey (Client ID). */
  readonly apps: Credentials<{ readonly secret: string }>
  /**
   * `v1`: `POST api.dingtalk.com/v1.0/oauth2/accessToken`; `old`: `GET oapi.dingtalk.com/gettoken`. Both give tokens
   * for both APIs. @default 'v1'
   */
  readonly api?: 'v1' | 'old'
  /** @default 'dingtalk' */
  readonly channel?: string
}

const credentials = new Set([40089, 40096, 40013, 40035, 41002, 60020])
const limited = new Set([88006, 90002, 90005, 90018])
/** 40014 and 42001 also stand in `sub_code` beside the errcode 88; the newer API answers with a word. */
const refused: ReadonlySet<string> = new Set([
  '40001',
  '40014',
  '42001',
  'InvalidAuthentication',
  'InvalidAccessToken',
])

const old = errcodeShape({ credentials, limited })

const v1: AnswerShape = {
  token: 'accessToken',
  life: 'expireIn',
  code({ status, body }: Reply) {
    const { code } = body as { code?: unknown }
    if (typeof code === 'string' && code !== '') return code
    return status >= 300 ? status : undefined
  },
  text: 'message',
  meaning(code, { status }): Meaning {
    if (status === 429 || /qps|throttl|limit/i.test(String(code))) return 'limited'
    if (status >= 500) return 'platform'
    return /invalid|illegal|auth|forbidden/i.test(String(code)) ? 'credentials' : 'platform'
  },
}

/**
 * DingTalk, the newer API or the older. Asking again while a token is good gives the same token with a new life, so a
 * fetch that failed on the way may be repeated.
 */
export function dingtalk(options: DingtalkOptions): TokenProvider {
  const { apps, api = 'v1', channel = 'dingtalk' } = options
  const home = api === 'v1' ? 'https://api.dingtalk.com' : 'https://oapi.dingtalk.com'
  const platform = platformAt(channel, home, options)
  return {
    channel,
    appIds: idsOf(apps),
    extendsLife: true,
    async ask(appId, context) {
      const { secret } = await credentialsOf(apps, { channel, appId })
      const request =
        api === 'v1'
          ? { path: '/v1.0/oauth2/accessToken', json: { appKey: appId, appSecret: secret } }
          : { path: '/gettoken', query: { appkey: appId, appsecret: secret } }
      const shape = api === 'v1' ? v1 : old
      return askTwice(
        context,
        (error) => wasBusy(error) || error.code === 'E_TOKEN_UNREACHABLE',
        async () => {
          const reply = await platform.ask(request, context)
          return readToken(reply, { channel, appId, secret, shape }, context.clock.now())
        },
      )
    },
    refuses: (answer) => tells(answer, (told) => hasCode(told, refused)),
  }
}
