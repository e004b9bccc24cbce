import { type PlatformOptions, platformAt } from '../ask-platform.ts'
import { type Credentials, type TokenProvider, credentialsOf, idsOf } from '../provider.ts'
import { askTwice, readToken } from '../read-token.ts'
import { hasCode, tells } from '../refusal.ts'
import { errcodeShape, wasBusy } from './wechat.ts'

/** Options of `wecom`. */
export interface WecomOptions extends PlatformOptions {
  /**
   * Credentials by application, not by corporation: each application of a corporation has a secret and a token of its
   * own. Name them as you like, such as `corpid:agentid`.
   */
  readonly apps: Credentials<{ readonly corpId: string; readonly secret: string }>
  /** @default 'wecom' */
  readonly channel?: string
}

const credentials = new Set([40001, 40013, 40056, 41002, 41004, 60020, 301002])
const limited = new Set([45009, 45033])
const refused: ReadonlySet<string> = new Set(['40001', '40014', '42001'])

const shape = errcodeShape({ credentials, limited })

/**
 * WeCom: `/cgi-bin/gettoken`. Asking again while a token is good gives the same token and does not lengthen its life,
 * so a fetch that failed on the way may be repeated.
 */
export function wecom(options: WecomOptions): TokenProvider {
  const { apps, channel = 'wecom' } = options
  const platform = platformAt(channel, 'https://qyapi.weixin.qq.com', options)
  return {
    channel,
    appIds: idsOf(apps),
    extendsLife: false,
    async ask(appId, context) {
      const { corpId, secret } = await credentialsOf(apps, { channel, appId })
      return askTwice(
        context,
        (error) => wasBusy(error) || error.code === 'E_TOKEN_UNREACHABLE',
        async () => {
          const query = { corpid: corpId, corpsecret: secret }
          const reply = await platform.ask({ path: '/cgi-bin/gettoken', query }, context)
          return readToken(reply, { channel, appId, secret, shape }, context.clock.now())
        },
      )
    },
    refuses: (answer) => tells(answer, (told) => hasCode(told, refused)),
  }
}
