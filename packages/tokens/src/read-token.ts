import { TokenError, type TokenErrorCode } from './errors.ts'
import type { AskContext, IssuedToken, TokenRef } from './provider.ts'
import type { Reply } from './ask-platform.ts'

/** What a code of a platform means: `busy` may be asked again at once. */
export type Meaning = 'credentials' | 'limited' | 'busy' | 'platform'

/** How an answer names what it carries. */
export interface AnswerShape {
  readonly token: string
  readonly life: string
  /** The platform's code; undefined where the answer is no failure. */
  code(reply: Reply): number | string | undefined
  /** The platform's text beside the code. */
  readonly text: string
  meaning(code: number | string, reply: Reply): Meaning
}

/** Who asks, and with what: secrets never leave it. */
export interface Asking extends TokenRef {
  readonly shape: AnswerShape
  readonly secret: string
}

const codes: Readonly<Record<Meaning, TokenErrorCode>> = {
  credentials: 'E_TOKEN_CREDENTIALS',
  limited: 'E_TOKEN_LIMITED',
  busy: 'E_TOKEN_PLATFORM',
  platform: 'E_TOKEN_PLATFORM',
}

/** Milliseconds to leave a platform alone that says nothing about it: wrong credentials do not mend themselves. */
const waits: Readonly<Record<Meaning, number | undefined>> = {
  credentials: 60_000,
  limited: 60_000,
  busy: undefined,
  platform: undefined,
}

/** The token of an answer. @throws E_TOKEN_CREDENTIALS, E_TOKEN_LIMITED, E_TOKEN_PLATFORM */
export function readToken(reply: Reply, asking: Asking, now: number): IssuedToken {
  const { shape, channel, appId } = asking
  const code = shape.code(reply)
  if (code !== undefined) throw failureOf(reply, asking, { code, now })
  const value = reply.body[shape.token]
  if (typeof value !== 'string' || value === '' || reply.status >= 300) {
    throw new TokenError(
      'E_TOKEN_PLATFORM',
      `the platform of the channel "${channel}" answered status ${reply.status} without "${shape.token}" for the application "${appId}"`,
      { platformCode: reply.status },
    )
  }
  return { value, expiresIn: readLife(reply.body[shape.life]) }
}

/** Seconds; some platforms send them as text. What is no number is as good as not said. */
function readLife(said: unknown): number | undefined {
  if (typeof said !== 'number' && (typeof said !== 'string' || said.trim() === '')) return undefined
  const seconds = Number(said)
  return Number.isFinite(seconds) ? seconds : undefined
}

function failureOf(
  reply: Reply,
  { shape, channel, appId, secret }: Asking,
  { code, now }: { readonly code: number | string; readonly now: number },
): TokenError {
  const meaning = shape.meaning(code, reply)
  const said = reply.body[shape.text]
  const text = typeof said === 'string' ? hide(said, secret) : ''
  const advice =
    meaning === 'credentials' ? '; check its id, its secret and the addresses it may be used from' : ''
  return new TokenError(
    codes[meaning],
    `the platform of the channel "${channel}" gave no token for the application "${appId}": ${code}${text === '' ? '' : ` ${text}`}${advice}`,
    { platformCode: code, retryAfterMs: waitOf(reply.retryAfter, now) ?? waits[meaning] },
  )
}

/** `Retry-After`: seconds, or a date (RFC 9110 10.2.3). */
function waitOf(said: string | null, now: number): number | undefined {
  if (said === null) return undefined
  const seconds = Number(said)
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(said) - now
  return wait > 0 ? wait : undefined
}

/** A platform's text without the secret, should it quote it, nor anything else that is long enough to be a token. */
function hide(text: string, secret: string): string {
  const open = secret === '' ? text : text.replaceAll(secret, '[hidden]')
  return open.replaceAll(/[\w+/=~-]{24,}/g, '[hidden]').slice(0, 200)
}

/** Pause before a platform that was busy is asked again, in milliseconds. */
const pause = 300

/** Runs a request, and once more where the platform was busy (its code -1 says: try again) or `again` allows it. */
export async function askTwice(
  { clock, signal }: AskContext,
  again: (error: TokenError) => boolean,
  run: () => Promise<IssuedToken>,
): Promise<IssuedToken> {
  try {
    return await run()
  } catch (error) {
    if (!TokenError.is(error) || signal.aborted || !again(error)) throw error
    await new Promise<void>((resolve) => void clock.setTimeout(resolve, pause))
    return run()
  }
}
