import { userRole } from '@reprise/api'
import { type Algorithm, createDecoder, createSigner, createVerifier } from 'fast-jwt'
import buildGetJwks from 'get-jwks'
import { z } from 'zod'
import type { UserRole } from './users.ts'

/** What the service trusts and how long its own tokens live. */
export interface TokenOptions {
  /** Signs and verifies HS256; at least 32 characters. */
  readonly secret: string
  /** Milliseconds. */
  readonly life: number
  /** Where another issuer publishes its keys. @default only the service's own tokens */
  readonly jwks?: { readonly url: string; readonly issuer: string }
}

/** Whom a valid token names: a user of this service, or somebody that another issuer vouches for. */
export type Claims =
  | { readonly issuer: 'own'; readonly sub: string; readonly version: number; readonly session?: string }
  | {
      readonly issuer: 'jwks'
      readonly sub: string
      readonly username: string
      readonly role: UserRole
      readonly tenant?: string
    }

/** Signs and verifies bearer tokens; the algorithm follows from the key, never from the token. */
export interface Tokens {
  /** A token of this service for a user, issuer `reprise`; it ends with the session where one is given. */
  issue(
    user: {
      readonly id: string
      readonly username: string
      readonly role: UserRole
      readonly token_version: number
    },
    session?: string,
  ): string
  /** Seconds. */
  readonly lifeSeconds: number
  /** The claims of a valid token; undefined for any other text. */
  verify(token: string): Promise<Claims | undefined>
}

const ownClaims = z.object({
  sub: z.string(),
  ver: z.number().int(),
  sid: z.string().optional(),
  exp: z.number(),
})
const foreignClaims = z.object({
  sub: z.string().min(1).max(200),
  username: z.string().min(1).max(200).optional(),
  role: userRole,
  tenant: z.string().min(1).max(100).optional(),
})
const asymmetric: Algorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
]
const requiredClaims = ['sub', 'exp', 'iss']

/** Tokens that are remembered: the own ones here, others by the verifier. */
const mostRemembered = 1_000

/** Makes the signer and the verifiers. */
export function createTokens(options: TokenOptions): Tokens {
  const sign = createSigner({
    key: options.secret,
    algorithm: 'HS256',
    iss: 'reprise',
    expiresIn: options.life,
  })
  const verifyOwn = createVerifier({
    key: options.secret,
    algorithms: ['HS256'],
    allowedIss: 'reprise',
    requiredClaims,
  })
  /** Own tokens whose signature was found right; the verifier's own memory would hash a token to look for it. */
  const verified = new Map<string, { readonly claims: Claims; readonly until: number }>()
  const verifyForeign = options.jwks === undefined ? undefined : createForeignVerifier(options.jwks)
  const decode = createDecoder({ complete: true })
  const isOwn = (token: string): boolean =>
    (decode(token) as { header: { alg?: unknown } }).header.alg === 'HS256'

  function remember(token: string, payload: unknown): Claims {
    const { sub, ver: version, sid, exp } = ownClaims.parse(payload)
    const claims: Claims = { issuer: 'own', sub, version, ...(sid === undefined ? {} : { session: sid }) }
    verified.delete(token)
    if (verified.size >= mostRemembered) verified.delete(verified.keys().next().value as string)
    verified.set(token, { claims, until: exp * 1_000 })
    return claims
  }

  return {
    lifeSeconds: Math.floor(options.life / 1000),
    issue: ({ id, username, role, token_version: ver }, session) =>
      sign({ sub: id, username, role, ver, ...(session === undefined ? {} : { sid: session }) }),
    async verify(token) {
      const before = verified.get(token)
      if (before !== undefined && before.until > Date.now()) return before.claims
      try {
        if (verifyForeign === undefined || isOwn(token)) return remember(token, verifyOwn(token))
        const claims = foreignClaims.parse(await verifyForeign(token))
        const { sub, username = sub, role, tenant } = claims
        return { issuer: 'jwks', sub, username, role, ...(tenant === undefined ? {} : { tenant }) }
      } catch {
        return undefined
      }
    },
  }
}

function createForeignVerifier(jwks: {
  readonly url: string
  readonly issuer: string
}): (token: string) => Promise<unknown> {
  const { origin, pathname, search } = new URL(jwks.url)
  const keys = buildGetJwks({ jwksPath: `${pathname}${search}`, max: 20, ttl: 300_000 })
  return createVerifier({
    key: ({ header }: { header: { kid?: unknown; alg?: unknown } }) =>
      typeof header.kid === 'string' && typeof header.alg === 'string'
        ? keys.getPublicKey({ domain: origin, kid: header.kid, alg: header.alg })
        : Promise.reject(new Error('The token names no key')),
    algorithms: asymmetric,
    allowedIss: jwks.issuer,
    requiredClaims,
    cache: mostRemembered,
    cacheTTL: 60_000,
  })
}
