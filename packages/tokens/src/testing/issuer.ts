import { randomBytes } from 'node:crypto'

/**
 * What a fetch does to the token before it. `rolls`: a new one, and the one before ends after the overlap (WeChat).
 * `keeps`: the same one with what is left of its life (WeCom). `extends`: the same one with a whole new life
 * (DingTalk). `stable`: the same one until five minutes before its end; forced, a new one at once (WeChat's stable
 * token). `apart`: a new one, and the one before stays good (most authorization servers).
 */
export type IssueRule = 'rolls' | 'keeps' | 'extends' | 'stable' | 'apart'

/** What has become of a token. */
export type TokenState = 'good' | 'expired' | 'revoked' | 'unknown'

/** The tokens of one application at a platform. */
export interface Issuer {
  /** Gives a token and the seconds it says it is good for. */
  issue(options?: { readonly force?: boolean }): { readonly value: string; readonly expiresIn: number }
  state(value: string): TokenState
  /** Ends every token at once, before its time. */
  revoke(): void
  /** The token that was given last. */
  readonly last: string | undefined
  /** Every token that was ever given. */
  readonly issued: readonly string[]
}

/** Settings of an issuer, in seconds. */
export interface IssuerOptions {
  readonly rule: IssueRule
  readonly life: number
  readonly overlap: number
  readonly now: () => number
}

/** Before the end of a stable token, in milliseconds. */
const stableAhead = 300_000

/** An application that has no token yet. */
export function createIssuer({ rule, life, overlap, now }: IssuerOptions): Issuer {
  const ends = new Map<string, number>()
  const revoked = new Set<string>()
  const issued: string[] = []
  let last: string | undefined

  const good = (value: string | undefined): value is string =>
    value !== undefined && !revoked.has(value) && now() < (ends.get(value) ?? 0)
  const answer = (value: string): { value: string; expiresIn: number } => ({
    value,
    expiresIn: Math.floor(((ends.get(value) ?? 0) - now()) / 1_000),
  })

  /** The token that is given again, where the rule has one. */
  function same(force: boolean): string | undefined {
    if (!good(last) || force) return undefined
    if (rule === 'keeps' || rule === 'extends') return last
    if (rule === 'stable' && (ends.get(last) ?? 0) - now() > stableAhead) return last
    return undefined
  }

  return {
    issue({ force = false } = {}) {
      const again = same(force)
      if (again !== undefined) {
        if (rule === 'extends') ends.set(again, now() + life * 1_000)
        return answer(again)
      }
      if (good(last)) {
        if (rule === 'stable' && force) revoked.add(last)
        else if (rule === 'rolls' || rule === 'stable')
          ends.set(last, Math.min(ends.get(last) ?? 0, now() + overlap * 1_000))
      }
      last = `${issued.length + 10}_${randomBytes(72).toString('base64url')}`
      issued.push(last)
      ends.set(last, now() + life * 1_000)
      return answer(last)
    },
    state(value) {
      if (!ends.has(value)) return 'unknown'
      if (revoked.has(value)) return 'revoked'
      return good(value) ? 'good' : 'expired'
    },
    revoke() {
      for (const value of issued) if (good(value)) revoked.add(value)
    },
    get last() {
      return last
    },
    issued,
  }
}
