import { type PlatformOptions, type Reply, platformAt } from '../ask-platform.ts'
import { TokenError } from '../errors.ts'
import { type Credentials, type TokenProvider, credentialsOf, idsOf } from '../provider.ts'
import { type AnswerShape, type Meaning, readToken } from '../read-token.ts'
import { tells } from '../refusal.ts'

/** One application at an authorization server. */
export interface ClientCredentials {
  readonly clientId: string
  readonly secret: string
  /** @default those of the provider */
  readonly scopes?: readonly string[]
}

/** Options of `clientCredentials`. */
export interface ClientCredentialsOptions extends Omit<PlatformOptions, 'baseUrl'> {
  /** A name of your own for this server, such as `graph`. */
  readonly channel: string
  /** The token endpoint; http only on loopback. */
  readonly tokenUrl: string
  readonly apps: Credentials<ClientCredentials>
  /** How the client shows who it is (RFC 6749 2.3.1): in the Authorization header, or in the form. @default 'basic' */
  readonly authentication?: 'basic' | 'post'
  /** @default none */
  readonly scopes?: readonly string[]
  /** More fields of the form, such as `audience` or `resource`. */
  readonly form?: Readonly<Record<string, string>>
}

const credentials = new Set([
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'unauthorized_client',
  'unsupported_grant_type',
])

const shape: AnswerShape = {
  token: 'access_token',
  life: 'expires_in',
  code({ status, body }: Reply) {
    const { error } = body as { error?: unknown }
    if (typeof error === 'string' && error !== '') return error
    return status >= 300 ? status : undefined
  },
  text: 'error_description',
  meaning(code, { status }): Meaning {
    if (status === 429 || code === 'slow_down') return 'limited'
    if (credentials.has(String(code)) || status === 401) return 'credentials'
    return 'platform'
  },
}

/** As a form encodes it (RFC 6749 appendix B), so that a colon or a letter beyond ASCII cannot be mistaken. */
const encoded = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2)

/** OAuth 2.0 client credentials (RFC 6749 4.4). A fetch that failed is not repeated at once: servers may count it. */
export function clientCredentials(options: ClientCredentialsOptions): TokenProvider {
  const { channel, apps, authentication = 'basic', scopes = [], form = {} } = options
  const { tokenUrl, ...reached } = options
  if (!URL.canParse(tokenUrl))
    throw new TokenError(
      'E_TOKEN_OPTION',
      `tokenUrl of the channel "${channel}" is no address; give https://host/path`,
    )
  const { origin, pathname, search } = new URL(tokenUrl)
  const platform = platformAt(channel, origin, reached)
  return {
    channel,
    appIds: idsOf(apps),
    extendsLife: false,
    async ask(appId, context) {
      const client = await credentialsOf(apps, { channel, appId })
      const { clientId, secret } = client
      const wanted = client.scopes ?? scopes
      const named = authentication === 'post' ? { client_id: clientId, client_secret: secret } : undefined
      const basic = Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64')
      const reply = await platform.ask(
        {
          path: pathname,
          query: Object.fromEntries(new URLSearchParams(search)),
          form: {
            grant_type: 'client_credentials',
            ...(wanted.length > 0 && { scope: wanted.join(' ') }),
            ...form,
            ...named,
          },
          headers: named === undefined ? { authorization: `Basic ${basic}` } : {},
        },
        context,
      )
      return readToken(reply, { channel, appId, secret, shape }, context.clock.now())
    },
    // RFC 6750 3.1: 401, or the error `invalid_token`.
    refuses: (answer) =>
      tells(answer, ({ status, error, code }) => status === 401 || [error, code].includes('invalid_token')),
  }
}
