import type { Clock } from '@reprise/cache'
import { TokenError } from './errors.ts'

/** Whose token: a channel, such as `wechat`, and an application of it. */
export interface TokenRef {
  readonly channel: string
  readonly appId: string
}

/** A token with its end. */
export interface Token {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** A token as a platform gives it. */
export interface IssuedToken {
  readonly value: string
  /** Seconds it is good for from when it was asked for; undefined where the platform does not say. */
  readonly expiresIn: number | undefined
}

/** What a provider may use while it asks. */
export interface AskContext {
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Whether this value was refused lately: a platform that gives it again has to be told to make a new one. */
  refused(value: string): boolean
}

/** Knows how one platform gives tokens, and how it says that it refuses one. */
export interface TokenProvider {
  readonly channel: string
  /** The applications that configuration names; empty where they are looked up. */
  readonly appIds: readonly string[]
  /** Whether asking again for a token that is still good lengthens its life. Where it does not, its first end holds. */
  readonly extendsLife: boolean
  /** @throws TokenError without a secret in it */
  ask(appId: string, context: AskContext): Promise<IssuedToken>
  /** Whether an answer of the platform's API, or an error that was thrown, says that it refuses the token. */
  refuses(answer: unknown): boolean
}

/** Credentials of applications: all of them by id, or what finds those of one. */
export type Credentials<T> =
  | Readonly<Record<string, T>>
  | ((appId: string) => T | undefined | Promise<T | undefined>)

/** The ids that configuration names. */
export function idsOf<T>(apps: Credentials<T>): readonly string[] {
  return typeof apps === 'function' ? [] : Object.keys(apps)
}

/** The credentials of one application. @throws E_TOKEN_UNKNOWN */
export async function credentialsOf<T>(apps: Credentials<T>, { channel, appId }: TokenRef): Promise<T> {
  const found =
    typeof apps === 'function' ? await apps(appId) : Object.hasOwn(apps, appId) ? apps[appId] : undefined
  if (found !== undefined) return found
  throw new TokenError(
    'E_TOKEN_UNKNOWN',
    `there are no credentials for the application "${appId}" of the channel "${channel}"; add them to the provider's apps`,
  )
}
