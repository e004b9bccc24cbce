/**
 * The life of a token. It ends when the platform said, counted from when it was asked, since a clock on the way only
 * shortens a life. It is renewed five minutes before that, or a tenth of its life where that is less; up to a minute
 * earlier still, so that tokens that were made together are not renewed together. Until its end it is good and served,
 * whatever becomes of its renewal.
 */
import { type Duration, milliseconds } from '@reprise/cache'
import { TokenError } from './errors.ts'

/** When tokens are renewed. */
export interface LifeOptions {
  /** Before the end of a token. @default '5m' */
  readonly renewAhead?: Duration
  /** Up to so much earlier, drawn for each token by each process. @default '1m' */
  readonly jitter?: Duration
}

/** Options read once, in milliseconds. */
export interface LifeSettings {
  readonly ahead: number
  readonly jitter: number
}

/** @throws E_TOKEN_OPTION */
export function readLifeOptions(options: LifeOptions): LifeSettings {
  const ahead = milliseconds(options.renewAhead ?? '5m', 'renewAhead')
  const jitter = milliseconds(options.jitter ?? '1m', 'jitter')
  if (ahead >= 0 && jitter >= 0) return Object.freeze({ ahead, jitter })
  throw new TokenError(
    'E_TOKEN_OPTION',
    'renewAhead and jitter cannot be negative; give durations such as "5m"',
  )
}

/** What is left of a life in milliseconds, 0 where nothing is; undefined where the platform told none. */
export function lifeLeft(
  expiresIn: number | undefined,
  { askedAt, now }: { readonly askedAt: number; readonly now: number },
): number | undefined {
  return expiresIn === undefined ? undefined : Math.max(0, askedAt + expiresIn * 1_000 - now)
}

/** When a token is to be renewed, milliseconds since 1970; `draw` is this process's draw for it, 0 to 1. */
export function renewsAt(
  { createdAt, freshUntil }: { readonly createdAt: number; readonly freshUntil: number },
  { ahead, jitter }: LifeSettings,
  draw: number,
): number {
  const most = (freshUntil - createdAt) / 10
  const early = Math.min(ahead, most)
  return freshUntil - early - draw * Math.min(jitter, early / 5)
}
